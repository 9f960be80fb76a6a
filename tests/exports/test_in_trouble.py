"""What comes between asking and taking: parcels that end, files that go, kills, and jobs that are tried again."""

import fcntl
import multiprocessing
import os

import pytest

from jumun.companies.roles import Role, permissions_of
from jumun.companies.trail import Looker
from jumun.core import halves
from jumun.core.errors import JumunError, NotAllowedError
from jumun.core.files import forget_file
from jumun.core.halves import LOCK, clear_halves, half_folder
from jumun.exports import writing
from jumun.exports.actions import KEPT, forget_old
from jumun.exports.columns import has_personal, read_columns
from jumun.exports.job_retries import can_retry, may_retry, retry
from jumun.exports.models import Export
from jumun.exports.tasks import write
from jumun.jobs.models import Job
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.sheets.writing import SheetColumn, write_table
from tests.exports.making import ask_export, run, save_export
from tests.exports.test_files import take
from tests.exports.test_rows import ask, read

OWNER, VIEWER = permissions_of(Role.OWNER), permissions_of(Role.VIEWER)


def numbers(export):
    return [row["order_number"] for row in read(export)]


def end(house, number, at=None):
    OrderItem.objects.filter(order_number=number).update(status="cancelled", status_since=at or house.at)


def test_a_parcel_cancelled_after_the_click_is_booked_at_no_carrier(house):
    house.order("A1", "a")
    house.order("B1", "b", "c")
    export = ask(house, "parcels", keys=["order_number"])
    end(house, "A1")
    assert numbers(export) == ["B1"]
    OrderItem.objects.filter(line_no="b").update(status="cancelled")  # the rest of it still goes
    assert numbers(export) == ["B1"]


def test_parcels_that_had_ended_are_there_when_they_were_asked_for(house):
    from datetime import timedelta

    house.order("A1", "a")
    house.order("B1", "b")
    house.order("C1", "c")
    end(house, "A1", house.at - timedelta(hours=1))
    ended = Selection(filter=ItemFilter(status=("cancelled",)))
    assert numbers(ask(house, "parcels", chosen=ended, keys=["order_number"])) == ["A1"]
    whole = ask(house, "parcels", keys=["order_number"])
    assert whole.ended
    end(house, "B1")
    assert sorted(numbers(whole)) == ["A1", "C1"]


def test_a_file_that_is_gone_is_over(house):
    """The storage lost it, or somebody cleared the folder: the same sentence as when its time is up."""
    house.order("A1", "a")
    export = save_export(house, house.at)
    forget_file(Export.objects.get(id=export).file)
    with pytest.raises(JumunError) as refused:
        take(house, export)
    assert refused.value.code == "export_expired"


@pytest.mark.parametrize("reason", ["\u200b\u200b", "..", "  ", "- -", "a.", "ㅇ", "!!!!"])
def test_marks_and_what_cannot_be_seen_are_no_reason(house, reason):
    house.order("A1", "a")
    with pytest.raises(JumunError) as refused:
        ask(house, reason=reason)
    assert refused.value.code == "reason_needed"


@pytest.mark.parametrize("key", ["memo", "address1", "address2", "address", "buyer", "message"])
def test_what_may_name_a_person_needs_a_reason(key):
    assert has_personal(read_columns("items", [{"key": key}]))


def test_a_whole_address_in_the_first_line_and_a_memo_are_masked(house):
    """S14: sheets bring flat and door in address1; a memo may hold a phone."""
    from jumun.channels.port import Address
    from jumun.orders.models import Order

    address = "서울 중구 세종대로 110 101동 202호"
    recipient = Address(name="홍길동", phone1="010-0000-1234", postcode="04524", address1=address)
    house.order("A1", "a", recipient=recipient)
    Order.objects.update(memo="010-1234-5678 전화")
    keys = ["address1", "address", "memo"]
    [masked] = read(ask(house, keys=keys, may=VIEWER, reason=""))
    hidden = "서울 중구 세종대로 110 ***동 ***호"
    assert masked == {"address1": hidden, "address": hidden, "memo": "***-****-**** 전화"}
    [clear] = read(ask(house, keys=keys))
    assert (clear["address1"], clear["memo"]) == (address, "010-1234-5678 전화")


def _hold(path, ready, over):
    held = os.open(path, os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    ready.set()
    over.wait(20)


def test_what_a_killed_process_left_goes_whatever_its_number_says(tmp_path, settings, monkeypatch):
    """X: liveness is a lock the kernel lets go of, not a process number that another machine or container uses too."""
    monkeypatch.setattr(settings.ENV, "data", tmp_path)
    home = halves._home()
    mine = home / f"{os.getpid()}-left"  # the number of a process that lives, as after a container was started anew
    theirs = home / "1-running"
    for folder in (mine, theirs):
        folder.mkdir()
        (folder / LOCK).touch()
        (folder / "sheet.xlsx").write_text("홍길동")
    (home / "torn").mkdir()
    context = multiprocessing.get_context("fork")
    ready, over = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(theirs / LOCK, ready, over))
    other.start()
    assert ready.wait(20)
    with half_folder() as own:
        clear_halves()
        assert own.is_dir() and theirs.is_dir() and not mine.exists() and not (home / "torn").exists()
    assert not own.exists()
    other.kill()
    other.join()
    clear_halves()
    assert not theirs.exists()


def test_the_clear_file_lies_beside_its_target_while_it_is_locked(tmp_path, monkeypatch):
    """A kill leaves nothing in clear outside the folder that is cleared away."""
    from jumun.sheets import writing as codec

    seen = []
    lock = codec._lock
    monkeypatch.setattr(codec, "_lock", lambda plain, *more: (seen.append(plain), lock(plain, *more)))
    write_table(tmp_path / "sheet.xlsx", [SheetColumn("받는분")], [["홍길동"]], password="비밀-1234")
    assert seen[0].is_relative_to(tmp_path) and not seen[0].exists()


def break_off(house, monkeypatch, **more):
    """An export whose writing failed; answers its row."""
    made = ask_export(house, house.at, **more)

    def full(*_given, **_named):
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(writing, "write_table", full)
        with pytest.raises(OSError):
            write(company_id=house.company, export_id=made.id, job_id=made.job_id)
    from jumun.jobs.queue import close_failed_part

    close_failed_part({"company_id": house.company, "job_id": made.job_id}, at=house.at)
    made.refresh_from_db()
    return made


def try_again(house, made, *, person=None, may=OWNER):
    return retry(made.job_id, who=Looker(house.company, person or house.owner, "test", None), may=may, at=house.at)


def test_an_export_that_failed_is_written_after_all(house, monkeypatch):
    """다시 시도: the same rows of the same click, under the same reason."""
    house.order("A1", "a")
    made = break_off(house, monkeypatch)
    house.order("B1", "b")
    assert can_retry(Job.objects.get(id=made.job_id), 0)
    job = try_again(house, made)
    again = Export.objects.get(job_id=job)
    run(house, again.id, job)
    again.refresh_from_db()
    assert (again.state, again.rows, again.reason, again.personal) == ("ready", 1, made.reason, True)
    assert Job.objects.get(id=job).retry_of_id == made.job_id
    assert take(house, again.id).content.read()
    with pytest.raises(JumunError):  # once
        try_again(house, made)


def test_only_its_own_person_tries_an_export_again_and_a_locked_one_not_at_all(house, monkeypatch):
    house.order("A1", "a")
    made = break_off(house, monkeypatch)
    with pytest.raises(NotAllowedError):
        try_again(house, made, may=VIEWER)
    with pytest.raises(JumunError) as refused:
        try_again(house, made, person=house.owner + 1000)
    assert refused.value.code == "nothing_to_retry"
    locked = break_off(house, monkeypatch, password="비밀-1234")
    assert locked.sealed_password == ""
    with pytest.raises(JumunError) as refused:
        try_again(house, locked)
    assert refused.value.code == "export_password_gone"
    forget_old(at=made.finished_at + KEPT)
    made.refresh_from_db()
    assert made.chosen is None


def test_an_export_that_went_well_has_nothing_to_try_again(house):
    house.order("A1", "a")
    made = Export.objects.get(id=save_export(house, house.at))
    assert not can_retry(Job.objects.get(id=made.job_id), 0)
    with pytest.raises(JumunError):
        try_again(house, made)


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        ("collect", "owner manager clerk"), ("sync", "owner manager clerk"), ("transmit", "owner manager clerk"),
        ("mall_sheet", "owner manager clerk"), ("sheet_import", "owner manager clerk"),
        ("waybill_sheet", "owner manager clerk packer"), ("export", "owner manager clerk packer viewer"),
    ],
)  # fmt: skip
def test_trying_again_takes_what_asking_took(kind, roles):
    assert {role.value for role in Role if may_retry(kind, permissions_of(role))} == set(roles.split())
