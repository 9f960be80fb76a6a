"""`jumun demo`: up, with the simulator on the next port and a sample company. Repeatable on the same data folder."""

import argparse
import os
import subprocess

from jumun.cli import up
from jumun.cli.starting import application
from jumun.core import environment
from jumun.jobs.supervisor import Child


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """As `up`; the simulator listens on the next port."""
    up.add_arguments(parser)
    parser.add_argument("--seed-only", action="store_true", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C; prints `ready: http://127.0.0.1:N` and the login once it answers."""
    os.environ["JUMUN_DEMO"] = "1"
    beside = options.port + 1
    simulator_url = f"http://127.0.0.1:{beside}"
    if options.seed_only:
        from jumun.cli.sample import make_sample

        with application():
            make_sample(simulator_url=simulator_url)
        return 0

    def seed() -> list[str]:
        from jumun.cli.sample import read_login

        subprocess.run(up.command("demo", "--seed-only", "--port", str(options.port)), check=True, stdout=2)
        login = read_login(environment.load().data)
        return [f"simulator: {simulator_url}", f"login: {login.email}", f"password: {login.password}"]

    simulator = Child("simulator", up.command("simulator", "--port", str(beside)))
    return up.run_everything(options, up.Extra(children=[simulator], ports=[beside], last_step=seed))
