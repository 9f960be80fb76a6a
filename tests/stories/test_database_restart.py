"""R28: PostgreSQL is stopped at once and started again while two workers transmit: nothing half, nothing twice."""

import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from jumun.core.database import APP_ROLE
from jumun.core.embedded_postgres import EmbeddedPostgres
from tests.conftest import short_folder
from tests.stories.days import open_house
from tests.stories.running import wait_for


@pytest.mark.slow
def test_the_database_restarts_in_mid_transmission(tmp_path):
    """A cluster of its own, as durable as a seller's."""
    with ExitStack() as stack:
        data = short_folder(stack)
        cluster = EmbeddedPostgres(data / "postgres")
        address = stack.enter_context(cluster.session())
        env = {"JUMUN_DATA": str(data)}
        for name in ("DATABASE_URL", "DATABASE_APP_URL", "DATABASE_DIRECT_URL", "JUMUN_DATABASE_NAME"):
            env[name] = ""
        env["JUMUN_DATABASE_NAME"] = "jumun"
        subprocess.run(
            [sys.executable, "-m", "jumun.cli.main", "migrate"], env={**os.environ, **env}, check=True, timeout=300
        )
        house = stack.enter_context(open_house(address.url(user=APP_ROLE, dbname="jumun"), env, tmp_path))
        house.make_shipped(400, lines=[1, 2])
        shipped = house.clerk.counts()["shipped"]
        assert shipped >= 800
        house.mall.post("faults", channel="naver", call="dispatch", fault="slow", times=None, seconds=0.1)
        assert house.act("transmit", "shipped") == shipped
        for share in (0.1, 0.4):
            told = int(shipped * share)
            wait_for(lambda told=told: len(house.mall.state(["naver"])["effects"]) > told, 60)
            cluster.stop(mode="immediate")
            cluster.ensure()
        house.mall.clear_faults()
        house.clerk.wait()
        wait_for(lambda: not house.clerk.next_waits(), 60)
        assert house.clerk.ended[-1]["status"] == "done"
        assert house.clerk.counts()["in_transit"] == shipped
        effects = [each for each in house.mall.state(["naver"])["effects"] if each["call"] == "dispatch"]
        assert len(effects) == shipped
        assert house.violations() == []
