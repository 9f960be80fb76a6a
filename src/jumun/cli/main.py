"""The one executable, `jumun`."""

import argparse
import importlib
import os
import sys
from pathlib import Path

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
    "token": "print a new API token",
    "doctor": "check this installation and say what to do",
    "bench": "measure against bare statements",
    "api": "call the REST interface from the shell",
}


def main(arguments: list[str] | None = None) -> int:
    """Parse, hand over to the command's file, and turn known failures into one sentence and status 1."""
    parser = argparse.ArgumentParser(prog="jumun", description="Jumun 주문: a self-hosted order desk.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, help_text in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.add_argument("--data", type=Path, help="data folder (default: $JUMUN_DATA or ./data)")
        importlib.import_module(f"jumun.cli.{name}").add_arguments(command)
    options = parser.parse_args(arguments)
    if options.data is not None:
        os.environ["JUMUN_DATA"] = str(options.data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumun.config.settings")
    try:
        return int(importlib.import_module(f"jumun.cli.{options.command}").run(options) or 0)
    except (EmbeddedPostgresError, JumunError) as failure:
        print(f"jumun: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
