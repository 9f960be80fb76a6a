"""Waybill sheets when something comes between (P21–P23): a run that broke off, a number taken, a parcel that ended."""

import pytest
from tests.making import good_number
from tests.waybills.sheets import commit, upload, verdicts, write
from tests.waybills.test_waybill_sheets import ready

from jumun.companies.roles import Role, permissions_of
from jumun.companies.trail import Looker
from jumun.core.errors import ConflictError, JumunError
from jumun.dispatch import tasks, waybill_sheets
from jumun.exports.job_retries import can_retry, retry
from jumun.jobs.models import Job
from jumun.jobs.queue import close_failed_part
from jumun.orders.models import OrderItem, Shipment
from jumun.sheets.writing import SheetColumn, write_table
from jumun.waybills.models import WaybillUpload
from jumun.waybills.sheet_queries import get_upload

CLERK, PACKER, VIEWER = (permissions_of(role) for role in (Role.CLERK, Role.PACKER, Role.VIEWER))


@pytest.fixture
def queued(monkeypatch):
    """What is put on the queue; nothing is done at once."""
    asked = []
    monkeypatch.setattr(waybill_sheets, "AT_ONCE", 0)
    monkeypatch.setattr(waybill_sheets.queue, "defer_by_name", lambda *_a, **more: asked.append(more))
    return asked


def run(args):
    """What a worker does with it."""
    tasks.commit_waybill_sheet(**{name: value for name, value in args.items() if name != "lock"})


def try_again(house, job, may=CLERK):
    return retry(job, who=Looker(house.company, house.owner, "test", None), may=may, at=house.at)


def break_off(house, made, queued, monkeypatch):
    """A commit of two rows that breaks behind the first; answers its job."""
    monkeypatch.setattr(waybill_sheets, "CHUNK", 1)
    job = commit(house, made)
    crashes = iter([RuntimeError("홍길동")])
    monkeypatch.setattr(waybill_sheets, "crash_point", lambda _name: (_ for _ in ()).throw(next(crashes)))
    with pytest.raises(RuntimeError):
        run(queued[0])
    monkeypatch.setattr(waybill_sheets, "crash_point", lambda _name: None)
    close_failed_part(queued[0], at=house.at)
    return job


def test_a_commit_that_broke_off_ends_its_job_and_can_be_tried_again(house, tmp_path, queued, monkeypatch):
    a, b = ready(house, "A", "B")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(1)), (b, "cj", good_number(2))]))
    job = break_off(house, made, queued, monkeypatch)
    failed = Job.objects.get(id=job)
    assert (failed.status, failed.reason) == ("partly", "server_error")
    assert get_upload(made).state == "ready" and can_retry(failed, 0)
    assert [verdict for verdict, _ in verdicts(made)] == ["labelled", "label"]

    with pytest.raises(JumunError):
        try_again(house, job, VIEWER)
    again = try_again(house, job, PACKER)
    run(queued[-1])
    assert verdicts(made) == [("labelled", "")] * 2
    assert (get_upload(made).state, Job.objects.get(id=again).status) == ("done", "done")
    assert Job.objects.get(id=again).retry_of_id == job
    with pytest.raises(JumunError, match="nothing"):
        try_again(house, again)


def test_a_sheet_given_up_by_the_reaper_is_ready_again(house, tmp_path, queued):
    """A worker killed ten times closes the job only; the sheet follows it."""
    [a] = ready(house, "A")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(1))]))
    commit(house, made)
    assert get_upload(made).state == "committing"
    close_failed_part(queued[0], at=house.at)
    assert WaybillUpload.objects.get().state == "committing" and get_upload(made).state == "ready"
    again = commit(house, made)
    run(queued[-1])
    assert Job.objects.get(id=again).status == "done" and verdicts(made) == [("labelled", "")]


def test_one_that_broke_off_at_its_very_end_is_ended_yet(house, tmp_path, queued, monkeypatch):
    [a] = ready(house, "A")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(1))]))
    job = break_off(house, made, queued, monkeypatch)
    assert verdicts(made) == [("labelled", "")]
    try_again(house, job)
    run(queued[-1])
    assert get_upload(made).state == "done"


def test_numbers_somebody_saves_this_moment_refuse_the_rows_and_not_the_run(house, tmp_path, monkeypatch):
    [a] = ready(house, "A")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(1))]))

    def taken(*_args, **_more):
        raise ConflictError("waybill_taken")

    monkeypatch.setattr(waybill_sheets, "save_waybills", taken)
    job = commit(house, made)
    assert verdicts(made) == [("refused", "waybill_taken")]
    assert get_upload(made).state == "done" and Job.objects.get(id=job).status == "failed"


@pytest.mark.parametrize(
    ("corrects", "verdict", "push"),
    [(False, ("refused", "not_allowed"), "confirmed"), (True, ("correcting", ""), "planned")],
)
def test_a_change_that_was_told_between_preview_and_saving_is_a_correction(
    house, tmp_path, monkeypatch, corrects, verdict, push
):
    """N11: the row is judged by what is true when it is saved."""
    [a] = ready(house, "A")
    commit(house, upload(house, write(tmp_path, [(a, "cj", good_number(1))])))
    made = upload(house, write(tmp_path, [(a, "cj", good_number(2))]))
    assert verdicts(made) == [("change", "")]
    OrderItem.objects.update(status="in_transit", push="confirmed", channel="coupang")
    monkeypatch.setattr(waybill_sheets, "judge_rows", lambda _upload: None)
    commit(house, made, corrects=corrects)
    assert verdicts(made) == [verdict]
    assert (house.items()[0].waybill, house.items()[0].push) == (good_number(1), push)


def test_a_number_nobody_was_told_of_is_a_change_like_any_other(house, tmp_path):
    [a] = ready(house, "A")
    commit(house, upload(house, write(tmp_path, [(a, "cj", good_number(1))])))
    OrderItem.objects.update(status="in_transit", push="not_needed")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(2))]))
    assert verdicts(made) == [("change", "")]
    commit(house, made)
    assert verdicts(made) == [("changed", "")]
    assert {house.items()[0].waybill, Shipment.objects.get().waybill} == {good_number(2)}


def test_a_parcel_whose_goods_all_ended_is_called_so(house, tmp_path):
    a, _b = ready(house, "A", "B")
    OrderItem.objects.filter(order_number="A").update(status="cancelled")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(1)), ("B0-1", "cj", good_number(2))]))
    assert verdicts(made) == [("refused", "parcel_over"), ("refused", "parcel_unknown")]


def test_a_number_cell_that_lost_its_last_digits_names_no_parcel(house, tmp_path):
    """C31: a spreadsheet keeps 15 digits; 16 that end in 0 may have been any other number."""
    keys = [2026112300000010, 2026112300000011, "2026112300000020"]
    for place, key in enumerate(keys):
        house.order(f"A{place}", str(key))
    house.put(status="ready")
    path = tmp_path / "numbers.xlsx"
    columns = [SheetColumn("상품주문번호", "number"), SheetColumn("택배사"), SheetColumn("송장번호")]
    rows = [[key, "CJ", good_number(place)] for place, key in enumerate(keys)]
    write_table(path, columns, rows)
    assert verdicts(upload(house, path)) == [("refused", "digits_lost"), ("label", ""), ("label", "")]


def test_a_result_is_written_where_a_kill_leaves_nothing_in_clear(house, tmp_path, monkeypatch):
    """It lies in the folder that is cleared of what killed processes left, never in the machine's /tmp."""
    from jumun.core.halves import NAME
    from jumun.waybills import sheet_result

    [a] = ready(house, "A")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(1))]))
    seen = []
    table = sheet_result.write_table
    monkeypatch.setattr(sheet_result, "write_table", lambda path, *more: (seen.append(path), table(path, *more)))
    sheet_result.write_result(made, language="ko", cells=True).close()
    assert seen[0].parent.parent.name == NAME and not seen[0].exists()
