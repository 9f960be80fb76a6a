"""R25: 5,000 items are transmitted, some may not be, the workers are killed half-way: every item has its answer."""

from collections import Counter

import pytest

from tests.conftest import Committed
from tests.stories.days import open_house
from tests.stories.running import wait_for

HALF = 2500


@pytest.mark.slow
def test_5000_items_some_refused_killed_in_the_middle(committed: Committed, tmp_path):
    with open_house(committed.database.app, committed.database_env, tmp_path) as house:
        clerk, rest = house.clerk, house.clerk.rest
        house.make_shipped(HALF, lines=1, quantity=1)
        everything = [item["id"] for item in clerk.items()]
        assert len(everything) == 2 * HALF
        claimed = [item["line_no"] for item in clerk.items(channel_account=clerk.accounts["store-a"])][:60]
        house.mall.event(channel="naver", account="store-a", event="cancel_request", lines=claimed)
        clerk.sync()
        clerk.wait()
        refused_there = [item["line_no"] for item in clerk.items(channel_account=clerk.accounts["store-b"])][:25]
        for line_no in refused_there:
            fault = {"call": "dispatch", "fault": "refuse_line", "line_no": line_no, "times": None}
            house.mall.post("faults", channel="naver", account="store-b", code="104119", message="안 됩니다", **fault)

        unknown = 10**12
        answer = rest.post("/items/actions/transmit", {"ids": [*everything, unknown]}, twice=True)
        assert (answer["done"], answer["refused_total"]) == (2 * HALF - 60, 61)
        for told in (500, 2000):
            wait_for(lambda told=told: len(house.mall.state(["naver"])["effects"]) > told, 60)
            house.processes.kill("worker-0", "KILL")
            house.processes.kill("worker-1", "KILL")
        clerk.jobs.append(answer["job"])
        clerk.wait()

        job = clerk.ended[-1]
        assert (job["status"], job["done"], job["total"]) == ("partly", 2 * HALF - 60, 2 * HALF - 60)
        entries, cursor = [], None
        while True:
            page = rest.get(f"/jobs/{job['id']}", limit=200, **({"cursor": cursor} if cursor else {}))
            entries += page["entries"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len({entry["target"] for entry in entries}) == len(entries) == 2 * HALF - 60
        assert Counter(entry["outcome"] for entry in entries) == {"done": 2 * HALF - 85, "failed": 25}
        assert {entry["code"] for entry in entries if entry["outcome"] == "failed"} == {"104119"}
        assert all(entry["message"] for entry in entries if entry["outcome"] == "failed")
        named = rest.walk(f"/batches/{answer['batch']}/refused")
        assert Counter(row["code"] for row in named) == {"claim_open": 60, "not_found": 1}

        items = {item["id"]: item for item in clerk.items()}
        assert Counter((item["status"], item["push"]) for item in items.values()) == {
            ("in_transit", "confirmed"): 2 * HALF - 85,
            ("shipped", "rejected"): 25,
            ("shipped", None): 60,
        }
        dispatched = Counter(each["line_no"] for each in house.mall.state(["naver"])["effects"])
        assert set(dispatched.values()) == {1}
        assert len(dispatched) == 2 * HALF - 85
        assert house.violations() == []

        house.mall.clear_faults()
        again = rest.post(f"/jobs/{job['id']}/retry", {})["job"]
        clerk.jobs.append(again)
        clerk.wait()
        assert clerk.ended[-1]["status"] == "done"
        assert clerk.counts()["in_transit"] == 2 * HALF - 60
