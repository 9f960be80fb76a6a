"""`jumun simulator`: fake malls on the real wire, in memory only."""

import argparse

from jumun.jobs.supervisor import die_with_supervisor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen and which world to make."""
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same people and orders")


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM."""
    from jumun.simulator.serve import serve

    die_with_supervisor()
    serve(port=options.port, host=options.host, seed=options.seed)
    return 0
