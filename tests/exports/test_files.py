"""The file: written once, taken by its owner only, gone in time; its history, its trail, its password."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from zipfile import BadZipFile, ZipFile

import pytest
from django.utils import timezone

from jumun.companies.models import AccessTrail, Member
from jumun.companies.roles import Role, permissions_of
from jumun.companies.trail import Looker
from jumun.core.errors import JumunError, NotAllowedError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.exports import writing
from jumun.exports.actions import KEPT, forget_old, take_file
from jumun.exports.columns import read_columns
from jumun.exports.job_results import write_job_result
from jumun.exports.models import Export
from jumun.exports.queries import list_exports
from jumun.exports.tasks import write
from jumun.jobs.actions import EntryRow, open_job, record_entries
from jumun.jobs.models import EntryOutcome, Family, Job
from jumun.sheets.reading import open_book
from tests.exports.making import ask_export, run, save_export

OWNER = permissions_of(Role.OWNER)


def looker(house, person=None):
    return Looker(house.company, person or house.owner, "test", None)


def take(house, export, *, person=None, may=OWNER, at=None):
    return take_file(export, who=looker(house, person), may=may, at=at or timezone.now())


def read_csv(content):
    return list(csv.reader(io.StringIO(content.read().decode("utf-8-sig"))))


def test_the_file_has_the_rows_and_the_job_ends(house):
    house.order("0012300045", "0001", "0002")
    export = save_export(house, house.at, kind="csv", columns=read_columns("items", [{"key": "order_number"},
        {"key": "line_no", "title": "줄"}, {"key": "recipient"}]))  # fmt: skip
    row = Export.objects.get(id=export)
    assert (row.state, row.rows, row.total, row.chosen, row.sealed_password) == ("ready", 2, 2, None, "")
    found = take(house, export)
    assert found.name.endswith(".csv") and found.size == row.size
    rows = read_csv(found.content)
    assert rows[0] == ["주문번호", "줄", "받는분 성명"]
    assert sorted(each[1] for each in rows[1:]) == ["0001", "0002"]
    assert {(each[0], each[2]) for each in rows[1:]} == {("0012300045", "홍길동")}
    job = Job.objects.get(id=row.job_id)
    assert (job.status, job.done, job.total, job.family, job.params["export"]) == ("done", 2, 2, "sheet", export)


def test_x09_what_looks_like_a_formula_is_a_text(house, tmp_path):
    """X09: no formula in the sheet, and none in the csv; an amount below zero keeps its sign."""
    house.order("007", "a1", product_name='=HYPERLINK("http://x","y")', option_text="+82", amount=Decimal(-1200))
    keys = ("product_name", "option", "order_number", "amount")
    columns = read_columns("items", [{"key": key} for key in keys])
    found = take(house, save_export(house, house.at, columns=columns))
    content = found.content.read()
    with ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets and not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    path = tmp_path / "again.xlsx"
    path.write_bytes(content)
    with open_book(path) as again:
        rows = list(again.rows(again.sheets[0].name))
    assert rows[1][:3] == ('=HYPERLINK("http://x","y")', "+82", "007")
    assert rows[1][3] == -1200
    rows = read_csv(take(house, save_export(house, house.at, columns=columns, kind="csv")).content)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in rows[1][:3])
    assert rows[1][3] == "-1200"


def test_a_second_run_leaves_the_first_file(house):
    """A task run again after its end, and one that was slower than another, change nothing."""
    house.order("A1", "a1")
    made = ask_export(house, house.at)
    run(house, made.id, made.job_id)
    first = Export.objects.get(id=made.id).file
    run(house, made.id, made.job_id)
    assert Export.objects.get(id=made.id).file == first
    assert Job.objects.get(id=made.job_id).status == "done"


def test_what_cannot_be_written_keeps_no_password(house, monkeypatch):
    house.order("A1", "a1")
    made = ask_export(house, house.at, password="비밀-1234")
    assert made.locked and made.sealed_password and "1234" not in made.sealed_password

    def broken(*_given, **_named):
        raise RuntimeError("disk full")

    monkeypatch.setattr(writing, "write_table", broken)
    with pytest.raises(RuntimeError):
        write(company_id=house.company, export_id=made.id, job_id=made.job_id)
    made.refresh_from_db()
    assert (made.state, made.sealed_password, made.file) == ("failed", "", "")
    with pytest.raises(JumunError) as refused:
        take(house, made.id)
    assert refused.value.code == "export_failed"


def test_a_password_locks_the_file_and_is_erased(house):
    house.order("A1", "a1")
    export = save_export(house, house.at, password="비밀-1234")
    row = Export.objects.get(id=export)
    assert row.locked and row.sealed_password == ""
    content = take(house, export).content.read()
    with pytest.raises(BadZipFile):
        ZipFile(io.BytesIO(content))
    from msoffcrypto import OfficeFile

    book, opened = OfficeFile(io.BytesIO(content)), io.BytesIO()
    book.load_key(password="비밀-1234")
    book.decrypt(opened)
    assert "xl/workbook.xml" in ZipFile(opened).namelist()


def test_a_csv_takes_no_password(house):
    house.order("A1", "a1")
    with pytest.raises(JumunError) as refused:
        ask_export(house, house.at, kind="csv", password="abcd1234")
    assert refused.value.code == "password_needs_xlsx"


@pytest.mark.parametrize("given", ["abc", "x" * 65, "ab\x00cd"])
def test_a_password_nobody_can_type_is_refused(house, given):
    house.order("A1", "a1")
    with pytest.raises(JumunError):
        ask_export(house, house.at, password=given)


def test_only_the_person_who_asked_takes_it(house):
    """For anybody else of the company it is not there, the owner included; each look is in the trail."""
    from jumun.companies.actions import add_member

    house.order("A1", "a1")
    member = add_member(email="c@house.kr", name="담당", password="clerk-pass-26", role=Role.CLERK, at=house.at)
    clerk = Member.objects.get(id=member).person_id
    export = save_export(house, house.at, by=clerk, role=Role.CLERK)
    with pytest.raises(NotFoundError):
        take(house, export)
    assert take(house, export, person=clerk).content.read()
    with pytest.raises(NotAllowedError):  # the role was narrowed meanwhile
        take(house, export, person=clerk, may=permissions_of(Role.VIEWER))
    trail = (
        AccessTrail.objects.filter(subject=f"export:{export}").order_by("id").values_list("did", "person_id", "reason")
    )
    assert list(trail) == [("export", clerk, "택배 접수"), ("download", clerk, "택배 접수")]
    assert [row.id for row in list_exports(clerk, everybodys=False, at=house.at)[0]] == [export]
    assert list_exports(house.owner, everybodys=False, at=house.at)[0] == []
    [seen] = list_exports(house.owner, everybodys=True, at=house.at)[0]
    assert (seen.by_name, seen.reason, seen.rows, seen.downloads) == ("담당", "택배 접수", 1, 1)


def test_the_file_goes_in_time_and_the_history_stays(house):
    house.order("A1", "a1")
    export = save_export(house, house.at)
    row = Export.objects.get(id=export)
    late = row.expires_at + timedelta(seconds=1)
    assert row.expires_at == row.finished_at + KEPT
    with pytest.raises(JumunError) as refused:
        take(house, export, at=late)  # before the clock has come by
    assert refused.value.code == "export_expired"
    assert list_exports(house.owner, everybodys=False, at=late)[0][0].state == "expired"
    assert forget_old(at=row.expires_at - timedelta(seconds=1)) == 0
    assert forget_old(at=late) == 1
    assert forget_old(at=late) == 0
    row.refresh_from_db()
    assert (row.state, row.file, row.rows, row.reason) == ("expired", "", 1, "택배 접수")


def test_what_nobody_wrote_within_a_day_is_given_up(house):
    house.order("A1", "a1")
    made = ask_export(house, house.at, password="abcd1234")
    assert forget_old(at=house.at + timedelta(hours=25)) == 1
    made.refresh_from_db()
    assert (made.state, made.sealed_password) == ("failed", "")
    assert Job.objects.get(id=made.job_id).status == "failed"


def test_a_jobs_result_is_a_sheet_at_any_time(house):
    job = open_job(company_id=house.company, kind="transmit", family=Family.MALL, parts=1, by=None, at=house.at)
    rows = [EntryRow(f"item:{place}", f"=A{place}", EntryOutcome.FAILED, "not_found") for place in range(450)]
    record_entries(job, rows, at=house.at)
    with write_job_result(job, "ko") as content, ZipFile(io.BytesIO(content.read())) as book:
        assert any(name.startswith("xl/worksheets") for name in book.namelist())
    with pytest.raises(NotFoundError):
        write_job_result(job + 1000, "ko")


def test_another_company_finds_nothing(db, noon):
    from tests.making import open_house

    mine, theirs = open_house(noon), open_house(noon, "rival")
    with acting_as(theirs.company):
        theirs.order("A1", "a1")
        export = save_export(theirs, noon)
    with acting_as(mine.company):
        with pytest.raises(NotFoundError):
            take(mine, export)
        assert list_exports(mine.owner, everybodys=True, at=noon)[0] == []


def test_how_far_it_is_can_be_seen_while_it_is_written(committed, noon, monkeypatch):
    """X10: the rows are read in one transaction, yet the job's number grows for everybody."""
    import time

    from jumun.exports import progress
    from tests.making import open_house

    house = open_house(noon)
    with acting_as(house.company):
        house.order("A1", "a1", "a2")
        made = ask_export(house, noon, kind="csv")
    monkeypatch.setattr(progress, "EVERY", 0.02)
    seen = []

    def slow(path, columns, rows, *, kind, password, told):
        assert (kind, password, len(columns)) == ("csv", None, 21)
        for number, _row in enumerate(rows, 1):
            told(number)
            until = time.monotonic() + 10
            while Job.objects.get(id=made.job_id).done < number and time.monotonic() < until:
                time.sleep(0.01)
            seen.append(Job.objects.get(id=made.job_id).done)
        path.write_text("x")
        return number

    monkeypatch.setattr(writing, "write_table", slow)
    run(house, made.id, made.job_id)
    assert seen == [1, 2]
