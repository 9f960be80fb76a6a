"""Sheets in states nobody foresaw: a job that broke off or ran twice, templates that do not fit, lines the mall told later."""

import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.intake.uploaded import HEADER, commit, row, upload, verdicts, write
from tests.making import make_line

from jumun.channels.actions import AccountFields, create_account
from jumun.core.errors import ConflictError
from jumun.intake.models import SheetUpload, UploadState
from jumun.intake.sheet_fields import Field, Plan, Source
from jumun.intake.sheet_queries import get_upload, list_rows, list_uploads
from jumun.intake.sheet_reading import read_now
from jumun.intake.sheet_report import Wanted, import_sheet
from jumun.intake.sheet_templates import find_template, save_template
from jumun.intake.sheet_upload import delete_batch, fix_row, leave_out_row, map_columns, start_commit
from jumun.intake.storing import store_lines
from jumun.jobs.actions import fail_part, open_job
from jumun.jobs.models import Family
from jumun.orders.models import OrderLine
from jumun.sheets.reading import SheetError


def ask(house, path, **more):
    return import_sheet(house.company, path, Wanted(house.account, **more), by=house.owner, at=house.at)


def remember(house, name, plan, account=None):
    return save_template(house.company, name=name, plan=plan, account=account, by=house.owner, at=house.at)


@contextmanager
def refused(code):
    with pytest.raises(ConflictError) as why:
        yield
    assert why.value.code == code


def plan_of(made):
    return Plan.from_json(SheetUpload.objects.get(id=made).plan)


OTHER = Plan(1, ("가", "나"), {Field.ORDER_NO: Source((0,)), Field.RECIPIENT: Source((1,))})


def test_a_sheet_whose_commit_broke_off_goes_on(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1"), row("B", "b1")]))
    dead = start_commit(made, by=house.owner, at=house.at)
    with refused("sheet_busy"):
        leave_out_row(made, 2)
    fail_part(dead, code="server_error", at=house.at)
    assert get_upload(made).state == list_uploads()[0].state == "ready"
    fix_row(made, 2, {"quantity": "2"}, by=house.owner, at=house.at)
    leave_out_row(made, 3)
    assert start_commit(made, by=house.owner, at=house.at) != dead
    with refused("sheet_busy"):
        delete_batch(made, by=house.owner, at=house.at)


def test_a_sheet_half_committed_is_done_as_far_as_it_came_and_can_be_deleted(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1"), row("B", "b1", 수량="0")]))
    commit(house, made)
    fix_row(made, 3, {"quantity": "1"}, by=house.owner, at=house.at)
    fail_part(start_commit(made, by=house.owner, at=house.at), code="server_error", at=house.at)
    assert get_upload(made).state == "done"
    with refused("sheet_committed"):
        map_columns(made, plan_of(made), by=house.owner, at=house.at)
    assert delete_batch(made, by=house.owner, at=house.at).lines == 1


def reading(house, made):
    job = open_job(
        company_id=house.company, kind="sheet_read", family=Family.SHEET, parts=1, by=house.owner, at=house.at
    )
    SheetUpload.objects.filter(id=made).update(state=UploadState.READING, job_id=job)
    return job


def test_a_sheet_whose_reading_broke_off_says_so_and_can_be_thrown_away(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1")]))
    fail_part(reading(house, made), code="server_error", at=house.at)
    assert (get_upload(made).state, get_upload(made).code) == ("failed", "server_error")
    delete_batch(made, by=house.owner, at=house.at)
    assert get_upload(made).state == "deleted"


def test_a_sheet_read_a_second_time_by_its_task_keeps_what_was_corrected(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1", 연락처1="없음")]))
    job = reading(house, made)
    read_now(house.company, made, at=house.at, job=job)
    assert get_upload(made).state == "ready"
    fix_row(made, 2, {"phone1": "010-0000-1234"}, by=house.owner, at=house.at)
    read_now(house.company, made, at=house.at, job=job)
    assert verdicts(made) == {2: ("new", "")}


def test_lines_the_mall_told_of_later_are_not_deleted_with_their_sheet(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1")]))
    commit(house, made)
    store_lines(house.account, [make_line("A", "a1", at=house.at)], by=None, at=house.at)
    gone = delete_batch(made, by=house.owner, at=house.at)
    assert (gone.lines, [each.code for each in gone.moved]) == (0, ["told_by_mall"])
    assert OrderLine.objects.count() == 1


def test_the_account_said_for_the_last_sheet_is_not_said_for_the_next(house, tmp_path):
    create_account(house.company, "manual", AccountFields(name="다른 곳", key="other"), at=house.at)
    made = upload(house, write(tmp_path, [row("A", "a1")]))
    map_columns(made, replace(plan_of(made), fixed={Field.ACCOUNT: "other"}), by=house.owner, at=house.at)
    commit(house, made)
    SheetUpload.objects.filter(id=made).update(template=None)
    again = upload(house, write(tmp_path, [row("B", "b1")]))
    assert Field.ACCOUNT not in plan_of(again).fixed
    assert [each.account for each in list_rows(again)] == [house.account]


def test_a_template_of_another_account_is_refused_or_not_found(house, tmp_path):
    create_account(house.company, "manual", AccountFields(name="다른 곳", key="other"), at=house.at)
    path = write(tmp_path, [row("A", "a1")])
    plan = replace(plan_of(upload(house, path)), fixed={Field.ACCOUNT: "other"})
    template = remember(house, "T", plan)
    assert find_template([tuple(HEADER)], plan.headers, house.account) is None
    with refused("template_other_account"):
        upload(house, path, template=template)


def test_a_template_that_does_not_fit_is_not_passed_over(house, tmp_path):
    template, path = remember(house, "T", OTHER), write(tmp_path, [row("A", "a1")])
    before = SheetUpload.objects.count()
    for commits in (False, True):
        with refused("template_does_not_fit"):
            ask(house, path, template="T", commit=commits)
    assert SheetUpload.objects.count() == before
    with refused("template_does_not_fit"):
        upload(house, path, template=template)


def test_a_sheet_of_no_account_is_not_read_by_one_accounts_template(house, tmp_path):
    plan = plan_of(upload(house, write(tmp_path, [row("A", "a1")])))
    remember(house, "T", plan, house.account)
    assert find_template([tuple(HEADER)], plan.headers, None) is None
    assert find_template([tuple(HEADER)], plan.headers, house.account) is not None


def test_columns_in_doubt_that_went_in_by_command_are_doubted_again(house, tmp_path):
    def dated(mark):
        return [row(f"{mark}{n}", f"{mark}l{n}", 주문일시="05/06/2026") for n in range(4)]

    report = ask(house, write(tmp_path, dated("O")), commit=True)
    assert report.committed == 4 and report.unsure
    assert get_upload(upload(house, write(tmp_path, dated("P")))).state == "asking"


def test_a_file_name_of_no_encoding_is_imported(house, tmp_path):
    path = write(tmp_path, [row("A", "a1")])
    odd = Path(os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xc1\xd6\xb9\xae.csv"))
    path.rename(odd)
    assert ask(house, odd).orders == 1
    assert ask(house, odd, commit=True).committed == 1


def test_a_file_a_command_cannot_read_leaves_no_upload_and_no_file(house, tmp_path):
    from django.core.files.storage import default_storage

    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04garbage")
    kept = []
    with pytest.MonkeyPatch.context() as patch:
        from jumun.intake import sheet_report

        keep = sheet_report.keep_file
        patch.setattr(sheet_report, "keep_file", lambda *told: kept.append(keep(*told)) or kept[-1])
        with pytest.raises(SheetError):
            ask(house, path, commit=True)
    assert not SheetUpload.objects.exists()
    assert not any(default_storage.exists(key) for key in kept)


def test_a_batch_is_deleted_while_nobody_else_stores_for_its_account(house, tmp_path, monkeypatch):
    from jumun.intake import sheet_upload

    made, seen = upload(house, write(tmp_path, [row("A", "a1")])), []
    commit(house, made)
    delete = sheet_upload.delete_lines
    monkeypatch.setattr(sheet_upload, "lock_storing", seen.append)
    monkeypatch.setattr(sheet_upload, "delete_lines", lambda *a, **k: (seen.append("deleted"), delete(*a, **k))[1])
    assert delete_batch(made, by=house.owner, at=house.at).lines == 1
    assert seen == [house.account, "deleted"]


def test_a_row_left_out_and_taken_back_is_not_taken_for_its_twin(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A"), row("A")]))
    leave_out_row(made, 2)
    commit(house, made)
    assert [each[0] for each in verdicts(made).values()] == ["skip", "stored"]
    leave_out_row(made, 2, out=False)
    assert verdicts(made)[2] == ("new", "")
    commit(house, made)
    assert [each[0] for each in verdicts(made).values()] == ["stored", "stored"]
    assert OrderLine.objects.count() == 2
