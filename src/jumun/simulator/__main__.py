"""`python -m jumun.simulator --port N`: run the simulator until it is stopped."""

from __future__ import annotations

import argparse

from jumun.simulator.serve import serve


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="jumun.simulator", description="Fake malls with faults on request.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clock-rate", type=float, default=1.0, help="how many seconds the malls live in one of ours")
    chosen = parser.parse_args()
    serve(port=chosen.port, host=chosen.host, seed=chosen.seed, clock_rate=chosen.clock_rate)


if __name__ == "__main__":
    main()
