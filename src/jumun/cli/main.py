"""The one executable, `jumun`."""

import argparse
import importlib
import keyword
import os
import sys
from pathlib import Path
from typing import Any

from jumun.core.embedded_postgres import EmbeddedPostgresError
from jumun.core.errors import JumunError

COMMANDS: dict[str, str] = {
    "up": "start everything: database, migrations, web, worker, schedule",
    "demo": "up, plus the simulator and a sample company",
    "web": "serve pages and REST",
    "worker": "run queue tasks",
    "migrate": "make or update the database and the application's role",
    "company": "found a company with its owner and print the owner's password",
    "unlock": "let a person in again who lost their authenticator app or was locked out",
    "simulator": "serve fake malls on the real wire",
    "export": "write any view as a sheet",
    "token": "print a new API token",
    "doctor": "check this installation and say what to do",
    "bench": "measure against bare statements",
    "import": "read a sheet of orders and store what is good",
    "products": "read a sheet of products into the catalogue",
    "stock": "set stock by a sheet",
    "api": "call the REST interface from the shell",
}


def main(arguments: list[str] | None = None) -> int:
    """Parse, hand over to the command's file, and turn known failures into one sentence and status 1."""
    parser = argparse.ArgumentParser(prog="jumun", description="Jumun 주문: a self-hosted order desk.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, help_text in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.add_argument("--data", type=Path, help="data folder (default: $JUMUN_DATA or ./data)")
        file_of(name).add_arguments(command)
    options = parser.parse_args(arguments)
    if options.data is not None:
        os.environ["JUMUN_DATA"] = str(options.data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumun.config.settings")
    try:
        return int(file_of(options.command).run(options) or 0)
    except (EmbeddedPostgresError, JumunError) as failure:
        print(f"jumun: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def file_of(command: str) -> Any:
    """A command's file: its name, with an underscore where Python keeps the name for itself."""
    return importlib.import_module(f"jumun.cli.{command}{'_' if keyword.iskeyword(command) else ''}")


if __name__ == "__main__":
    sys.exit(main())
