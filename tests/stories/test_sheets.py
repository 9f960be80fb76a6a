"""Sheets of orders as sellers upload them: big, with one bad row, killed half-way (X01, Q27–Q34)."""

import csv
import io
import signal
import time

import pytest

from jumun.core.tenancy import acting_as
from jumun.intake.models import SheetRow
from jumun.jobs.queries import get_job
from jumun.orders.models import Order, OrderItem, OrderLine, Recipient
from tests.intake.uploaded import HEADER, row
from tests.stories.running import wait_for

BAD = 3_217


def sheet(rows):
    """The rows as a csv in memory."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def send(rest, account, content, name="orders.csv"):
    answer = rest.client.post("/api/v1/sheets", files={"file": (name, content)}, data={"account": str(account)})
    assert answer.status_code == 201, answer.text[:500]
    return answer.json()["id"]


def shown(rest, made, *states, within=60):
    def look():
        told = rest.get(f"/sheets/{made}")
        return told if told["state"] in states else None

    return wait_for(look, within)


def commit(rest, made):
    return rest.post(f"/sheets/{made}/commit")["job"]


def ended(desk, job):
    with acting_as(desk.company):
        found = get_job(job)
    return found if found.status in ("done", "partly", "failed") else None


def numbers(desk):
    with acting_as(desk.company):
        return {
            "orders": Order.objects.count(),
            "recipients": Recipient.objects.count(),
            "lines": OrderLine.objects.count(),
            "items": OrderItem.objects.count(),
        }


def test_x01_of_5000_rows_with_one_bad_one_4999_go_in_and_the_failure_file_takes_in_the_last(desk, running, token):
    rest = running.serve(token)
    running.start("worker")
    rows = [row(f"N{n}", f"L{n}", 수취인명=f"사람{n % 900}") for n in range(5_000)]
    rows[BAD - 2] = row("N3215", "L3215", 연락처1="모름")
    begun = time.monotonic()
    made = send(rest, desk.account, sheet(rows))
    told = shown(rest, made, "ready")
    assert (told["counts"], told["to_commit"]) == ({"new": 4_999, "refused": 1}, 4_999)
    [bad] = rest.get(f"/sheets/{made}/rows", verdict="refused")["items"]
    assert (bad["row"], bad["fault"]["column"], bad["fault"]["value"]) == (BAD, "연락처1", "모름") and bad["reason"]
    job = wait_for(lambda job=commit(rest, made): ended(desk, job), 60)
    assert time.monotonic() - begun < 30
    assert (job.status, job.done, job.total) == ("partly", 4_999, 4_999)
    assert numbers(desk) == dict.fromkeys(("orders", "recipients", "lines", "items"), 4_999)
    for _ in range(2):
        file = rest.client.get(f"/api/v1/sheets/{made}/failures.xlsx")
        assert file.status_code == 200
    again = send(rest, desk.account, file.content, "failures.xlsx")
    assert shown(rest, again, "ready")["counts"] == {"refused": 1}
    changed = rest.client.patch(f"/api/v1/sheets/{again}/rows/2", json={"fields": {"phone1": "010-0000-0000"}})
    assert changed.json()["verdict"] == "new"
    wait_for(lambda job=commit(rest, again): ended(desk, job), 60)
    assert numbers(desk)["orders"] == 5_000
    same = send(rest, desk.account, sheet(rows))
    assert shown(rest, same, "ready")["to_commit"] == 0


@pytest.mark.parametrize("place", [pytest.param("sheet.chunk", marks=pytest.mark.slow), "sheet.chunked"])
def test_a_commit_killed_in_the_middle_goes_on_without_loss_or_doubles(desk, running, token, tmp_path, place):
    rest = running.serve(token)
    rows = [row(f"N{n // 2}", f"L{n}") for n in range(12_000)]
    made = send(rest, desk.account, sheet(rows))
    if rest.get(f"/sheets/{made}")["state"] == "reading":
        reader = running.start("worker")
        shown(rest, made, "ready")
        reader.terminate()
        reader.wait(30)
    job = commit(rest, made)
    once = tmp_path / "crashed"
    victim = running.start("worker", JUMUN_CRASH_AT=place, JUMUN_CRASH_ONCE=str(once))
    assert victim.wait(60) == -signal.SIGKILL
    assert numbers(desk)["lines"] == (0 if place == "sheet.chunk" else 5_000)
    running.start("worker", JUMUN_CRASH_AT=place, JUMUN_CRASH_ONCE=str(once))
    assert wait_for(lambda: ended(desk, job), 90).status == "done"
    assert numbers(desk) == {"orders": 6_000, "recipients": 6_000, "lines": 12_000, "items": 12_000}
    with acting_as(desk.company):
        assert set(SheetRow.objects.filter(upload_id=made).values_list("verdict", flat=True)) == {"stored"}
    assert shown(rest, made, "done")["orders"] == 6_000


@pytest.mark.slow
def test_q27_100000_rows_go_the_same_way_as_one(desk, running, token):
    rest = running.serve(token)
    running.start("worker")
    count = 100_000
    rows = (row(f"N{n // 2}", f"L{n}", **({"수량": "많이"} if n == 70_001 else {})) for n in range(count))
    made = send(rest, desk.account, sheet(rows))
    told = shown(rest, made, "ready", within=180)
    assert told["counts"] == {"new": count - 2, "refused": 2}
    job = commit(rest, made)
    seen = set()

    def look():
        with acting_as(desk.company):
            seen.add(get_job(job).done)
        return ended(desk, job)

    assert wait_for(look, 300).status == "partly"
    assert len(seen) > 3, "progress is told on the way"
    assert numbers(desk) == {"orders": 49_999, "recipients": 49_999, "lines": 99_998, "items": 99_998}
