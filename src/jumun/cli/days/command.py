"""`jumun bench --days N`: days of a throw-away Jumun, each in one line; status 1 and a hint when one breaks a promise."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from jumun.cli.days.day import Place, live
from jumun.cli.days.plan import MIXED, NAVER_ONLY, make_plan
from jumun.core.database import APP_ROLE
from jumun.core.embedded_postgres import EmbeddedPostgres

DATABASE_VARIABLES = ("DATABASE_URL", "DATABASE_APP_URL", "DATABASE_DIRECT_URL", "JUMUN_DATABASE_NAME")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many days, from which seed on, how full."""
    parser.add_argument("--days", type=int, default=0, help="live so many days under faults and kills instead")
    parser.add_argument("--seed", type=int, default=1, help="the first day's seed; the next day has the next")
    parser.add_argument("--orders", type=int, default=2000, help="orders a day")
    parser.add_argument("--naver-only", action="store_true", help="three Smartstore accounts, no Coupang")


def run_days(options: argparse.Namespace) -> int:
    """Live the days one after another; answers 1 if any broke an invariant."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    accounts = NAVER_ONLY if options.naver_only else MIXED
    broken = []
    with ExitStack() as stack:
        place = _open_place(stack, options.data)
        print(f"logs: {place.logs}", flush=True)
        for seed in range(options.seed, options.seed + options.days):
            report = live(make_plan(seed, options.orders, accounts), place)
            print(report.row(), flush=True)
            for violation in report.violations:
                print(f"  {violation}", flush=True)
            if report.violations:
                broken.append(seed)
                more = " --naver-only" if options.naver_only else ""
                again = f"jumun bench --days 1 --seed {seed} --orders {options.orders}{more}"
                print(f"  again: {again}; its plan and logs: {place.logs / f'seed-{seed}'}", flush=True)
    return 1 if broken else 0


def _open_place(stack: ExitStack, data: Path | None) -> Place:
    """A migrated throw-away database in a folder of its own, running for as long as the stack is open."""
    if data is None:
        folder = Path(tempfile.mkdtemp(prefix="jumun-days-"))
    else:
        folder = data.absolute() / "days"
        folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # the server's own account must reach its folder
    for name in DATABASE_VARIABLES:  # never on a database that somebody uses
        os.environ.pop(name, None)
    env = {"JUMUN_DATA": str(folder)}
    address = stack.enter_context(EmbeddedPostgres(folder / "postgres", durable=False).session())
    subprocess.run(
        [sys.executable, "-m", "jumun.cli.main", "migrate"], env={**os.environ, **env}, check=True, timeout=300
    )
    return Place(address.url(user=APP_ROLE, dbname="jumun"), env, folder / "logs")
