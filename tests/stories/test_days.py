"""A day of orders on three accounts under a seeded mix of faults, kills and late events: every invariant holds.

`jumun bench --days N --seed S` lives more of them. A seed that fails is lived again with
`jumun bench --days 1 --seed S --orders N`; its plan, both sides' words and the logs are in the folder it names.
"""

import os
from pathlib import Path

import pytest

from jumun.cli.days.day import Place, live
from jumun.cli.days.plan import MIXED, make_plan
from tests.conftest import Committed

FULL = 2000
SEEDS = range(100, 120)


def lived(committed: Committed, tmp_path: Path, seed: int, orders: int):
    logs = Path(os.environ.get("JUMUN_DAY_LOGS", tmp_path))
    report = live(make_plan(seed, orders, MIXED), Place(committed.database.app, committed.database_env, logs))
    print(report.row())
    return report


@pytest.mark.slow
def test_a_small_day(committed, tmp_path):
    report = lived(committed, tmp_path, seed=1, orders=150)
    assert report.violations == [], report.row()
    assert report.orders == 150
    assert report.kills


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_of_2000_orders(committed, tmp_path, seed):
    """I1, I3–I9 with faults, kills and late events as the seed has them."""
    report = lived(committed, tmp_path, seed, FULL)
    assert report.violations == [], report.row()
    assert report.orders == FULL


def test_the_same_seed_is_the_same_day():
    assert make_plan(7, 500, MIXED) == make_plan(7, 500, MIXED)
    assert make_plan(7, 500, MIXED) != make_plan(8, 500, MIXED)
