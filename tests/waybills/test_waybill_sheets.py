"""Waybill sheets: numbers come back in a sheet, and each row says what becomes of it (P21–P23, C30, C31)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.making import good_number
from tests.waybills.sheets import HEADER, commit, upload, verdicts, write

from jumun.core.errors import JumunError
from jumun.jobs.models import Family, Job, JobEntry
from jumun.orders.actions.hold import REASONS, hold
from jumun.orders.models import OrderItem, Shipment
from jumun.orders.selection import Selection
from jumun.sheets.reading import open_book
from jumun.waybills.models import WaybillRow, WaybillUpload
from jumun.waybills.sheet_queries import get_upload, list_rows
from jumun.waybills.sheet_result import write_result, write_waybill_form
from jumun.waybills.sheet_upload import set_carrier


def ready(house, *orders):
    """These orders in 출고대기; answers their bundle numbers."""
    for order in orders:
        house.order(order, f"{order}-1")
    house.put(status="ready")
    return [house.items(order)[0].bundle_no for order in orders]


def read(file, tmp_path):
    """The rows of an xlsx that was written."""
    path = tmp_path / "out.xlsx"
    path.write_bytes(file.read())
    with open_book(path) as book:
        return list(book.rows(book.sheets[0].name))


def test_p21_numbers_by_bundle_move_parcels_to_labelled_and_keep_their_result(house, tmp_path):
    a, b = ready(house, "A", "B")
    made = upload(house, write(tmp_path, [(a, "CJ대한통운", good_number(1)), (b, "씨제이 택배", good_number(2))]))
    assert verdicts(made) == [("label", ""), ("label", "")]
    assert {item.status for item in house.items()} == {"ready"}
    job = commit(house, made)
    assert {(item.status, item.carrier, item.waybill) for item in house.items()} == {
        ("labelled", "cj", good_number(1)),
        ("labelled", "cj", good_number(2)),
    }
    assert verdicts(made) == [("labelled", ""), ("labelled", "")]
    done = Job.objects.get(id=job)
    assert (done.status, done.family, done.done, done.total) == ("done", Family.SHEET, 2, 2)
    assert commit(house, made) == job


@pytest.mark.parametrize("key", ["주문번호", "고객주문번호", "상품주문번호", "우리 행 키", "묶음 ID", "품목 ID"])
def test_p21_order_number_line_number_and_our_own_row_key_name_a_parcel_too(house, tmp_path, key):
    ready(house, "A", "B")
    item = house.items("B")[0]
    named = {
        "상품주문번호": item.line_no,
        "품목 ID": item.id,
        "우리 행 키": item.shipment_id,
        "묶음 ID": item.shipment_id,
    }
    sheet = write(tmp_path, [(str(named.get(key, "B")), good_number(1))], header=(key, "송장번호"))
    commit(house, upload(house, sheet, carrier="cj"))
    assert [each.waybill for each in house.items()] == ["", good_number(1)]


def test_a_carriers_file_has_our_bundle_number_under_its_own_title(house, tmp_path):
    [a] = ready(house, "A")
    made = upload(house, write(tmp_path, [(a, good_number(1))], header=("고객주문번호", "운송장번호")), carrier="cj")
    assert verdicts(made) == [("label", "")]


def test_c31_every_row_says_what_becomes_of_it_before_anything_is_saved(house, tmp_path):
    a, b, c, d, e = ready(house, "A", "B", "C", "D", "E")
    commit(house, upload(house, write(tmp_path, [(e, "cj", good_number(9))])))
    hold(Selection(ids=(house.items("D")[0].id,)), reason=next(iter(REASONS)), by=house.owner, at=house.at)
    bad = good_number(1)[:-1] + str((int(good_number(1)[-1]) + 1) % 7)
    rows = [
        (a, "", bad),
        ("B9999-00001", "cj", good_number(2)),
        (b, "cj", "123"),
        (b, "cj", "6.804E+11"),
        (b, "cj", ""),
        (b, "날쌘택배", good_number(3)),
        ("", "cj", good_number(3)),
        (a, "cj", good_number(4)),
        (c, "cj", good_number(9)),
        (d, "cj", good_number(5)),
        (e, "cj", good_number(9)),
        (b, "cj", good_number(6)),
        (c, "cj", good_number(6)),
    ]
    made = upload(house, write(tmp_path, rows), carrier="cj")
    assert verdicts(made) == [
        ("label", ""),
        ("refused", "parcel_unknown"),
        ("refused", "waybill_length"),
        ("refused", "digits_lost"),
        ("refused", "no_waybill"),
        ("refused", "unknown_carrier"),
        ("refused", "parcel_key_missing"),
        ("refused", "waybill_twice"),
        ("refused", "waybill_taken"),
        ("refused", "held"),
        ("same", ""),
        ("label", ""),
        ("refused", "waybill_twice"),
    ]
    assert [row.doubt for row in list_rows(made)][0]
    shown = get_upload(made)
    assert (shown.to_commit, shown.counts["refused"], shown.doubts) == (2, 10, 1)


def test_an_order_number_of_several_parcels_is_ambiguous(house, tmp_path):
    from jumun.orders.actions.take_out import take_out

    house.order("A", "a1")
    house.order("A", "a2", product_name="모자")
    take_out(Selection(ids=(house.items("A")[0].id,)), by=house.owner, at=house.at)
    if Shipment.objects.count() < 2:
        pytest.skip("one parcel")
    made = upload(house, write(tmp_path, [("A", "cj", good_number(1))], header=("주문번호", "택배사", "운송장번호")))
    assert verdicts(made) == [("refused", "parcel_ambiguous")]


def test_columns_sorted_apart_are_found_out(house, tmp_path):
    a, b = ready(house, "A", "B")
    sheet = write(
        tmp_path,
        [(a, "B", "cj", good_number(1)), (b, "B", "cj", good_number(2))],
        header=("묶음번호", "주문번호", "택배사", "운송장번호"),
    )
    assert verdicts(upload(house, sheet)) == [("refused", "parcel_keys_differ"), ("label", "")]


def test_every_line_of_one_parcel_may_carry_its_number(house, tmp_path):
    house.order("A", "a1", "a2")
    house.put(status="ready")
    rows = [(key, "cj", good_number(1)) for key in ("a1", "a2")]
    made = upload(house, write(tmp_path, rows, header=("상품주문번호", "택배사", "운송장번호")))
    assert verdicts(made) == [("label", ""), ("same", "")]
    commit(house, made)
    assert {item.waybill for item in house.items()} == {good_number(1)}


def test_the_same_file_twice_changes_nothing(house, tmp_path):
    [a] = ready(house, "A")
    path = write(tmp_path, [(a, "cj", good_number(1))])
    commit(house, upload(house, path))
    again = upload(house, path)
    assert verdicts(again) == [("same", "")]
    with pytest.raises(JumunError, match="no number to save"):
        commit(house, again)


def test_another_number_is_shown_as_a_change_with_what_was_there(house, tmp_path):
    [a] = ready(house, "A")
    commit(house, upload(house, write(tmp_path, [(a, "cj", good_number(1))])))
    made = upload(house, write(tmp_path, [(a, "cj", good_number(2))]))
    [row] = list_rows(made)
    assert (row.verdict, row.was_carrier, row.was_number) == ("change", "cj", good_number(1))
    commit(house, made)
    assert house.items("A")[0].waybill == good_number(2)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("이름", "운송장번호"), "waybill_no_key_column"),
        (("묶음번호", "메모"), "waybill_no_number_column"),
        (("이름", "메모"), "waybill_no_columns"),
    ],
)
def test_p23_a_missing_column_is_told_at_once_and_nothing_is_kept(house, tmp_path, header, code):
    with pytest.raises(JumunError) as told:
        upload(house, write(tmp_path, [("김", "문 앞")], header=header))
    assert told.value.code == code and not WaybillUpload.objects.exists()


def test_a_carrier_for_all_rows_may_be_chosen_in_the_preview(house, tmp_path):
    [a] = ready(house, "A")
    made = upload(house, write(tmp_path, [(a, good_number(1))], header=("묶음번호", "운송장번호")))
    assert verdicts(made) == [("refused", "carrier_missing")]
    set_carrier(made, "cj")
    assert verdicts(made) == [("label", "")]
    set_carrier(made, "epost")
    assert verdicts(made) == [("refused", "waybill_length")]


def test_columns_with_names_of_their_own_are_known_by_what_stands_in_them(house, tmp_path):
    keys = ready(house, "A", "B", "C")
    rows = [("010-1234-5678", key, good_number(place)) for place, key in enumerate(keys)]
    made = upload(house, write(tmp_path, rows, header=("전화", "박스표", "우리칸")), carrier="cj")
    assert get_upload(made).columns == {"bundle": "박스표", "number": "우리칸"}
    assert verdicts(made) == [("label", "")] * 3


def test_p23_the_result_is_the_same_sheet_with_outcome_and_reason_for_ever(house, tmp_path):
    a, _b = ready(house, "A", "B")
    header = ("받는분", *HEADER)
    made = upload(house, write(tmp_path, [("김", a, "cj", good_number(1)), ("이", "X", "cj", "1")], header=header))
    commit(house, made)
    for _again in range(2):
        rows = read(write_result(made, language="ko", cells=True), tmp_path)
        assert rows[0] == ("받는분", "묶음번호", "택배사", "운송장번호", "결과", "사유")
        assert rows[1][:5] == ("김", a, "cj", good_number(1), "입력됨")
        assert rows[2][4] == "거절" and "자릿수" in rows[2][5]
    masked = read(write_result(made, language="ko", cells=False), tmp_path)
    assert masked[0] == ("묶음번호", "택배사", "운송장번호", "결과", "사유") and "김" not in str(masked)
    assert Job.objects.get().status == "partly"
    assert set(JobEntry.objects.values_list("outcome", "code")) == {("done", ""), ("refused", "waybill_length")}


def test_the_form_is_a_sheet_that_can_be_uploaded(house, tmp_path):
    rows = read(write_waybill_form("ko"), tmp_path)
    assert [text.strip(" *") for text in map(str, rows[0][:3])] == list(HEADER)
    (tmp_path / "form.xlsx").write_bytes(write_waybill_form("ko").read())
    assert {code for _verdict, code in verdicts(upload(house, tmp_path / "form.xlsx"))} <= {"parcel_unknown"}


def test_statements_are_the_same_for_10_and_1000_rows(house, tmp_path):
    house.store(_lines(house, 1_010))
    house.put(status="ready")
    bundles = list(Shipment.objects.order_by("id").values_list("bundle_no", flat=True))
    counts = []
    for part in (bundles[:10], bundles[10:]):
        path = write(tmp_path, [(key, "cj", good_number(int(key[-5:]))) for key in part])
        with CaptureQueriesContext(connection) as run:
            made = upload(house, path)
            from jumun.dispatch import waybill_sheets

            waybill_sheets.AT_ONCE = 2_000
            commit(house, made)
            waybill_sheets.AT_ONCE = 500
        counts.append(len(run))
    assert counts[0] == counts[1] and OrderItem.objects.filter(status="labelled").count() == 1_010


def test_what_a_run_saved_before_it_was_killed_is_not_done_again(house, tmp_path, monkeypatch):
    from jumun.dispatch import waybill_sheets

    bundles = ready(house, *"ABCDE")
    rows = [(key, "cj", good_number(place)) for place, key in enumerate(bundles)]
    made = upload(house, write(tmp_path, [*rows, (bundles[0], "cj", good_number(77))]))
    monkeypatch.setattr(waybill_sheets, "CHUNK", 2)

    class Killed(Exception):
        pass

    calls = []

    def crash(name):
        calls.append(name)
        if len(calls) == 1:
            raise Killed

    monkeypatch.setattr(waybill_sheets, "crash_point", crash)
    monkeypatch.setattr(waybill_sheets, "AT_ONCE", 0)
    monkeypatch.setattr(waybill_sheets.queue, "defer_by_name", lambda *a, **k: None)
    job = commit(house, made)
    with pytest.raises(Killed):
        waybill_sheets.commit_rows(house.company, made, by=house.owner, corrects=True, at=house.at)
    assert [each for each, _code in verdicts(made)].count("labelled") == 2
    for _again in range(2):
        waybill_sheets.commit_rows(house.company, made, by=house.owner, corrects=True, at=house.at)
    assert verdicts(made) == [("labelled", "")] * 5 + [("refused", "waybill_twice")]
    assert house.items("A")[0].waybill == good_number(0)
    assert WaybillUpload.objects.get().state == "done" and Job.objects.get(id=job).done == 6
    assert WaybillRow.objects.count() == 6


def _lines(house, number):
    from tests.making import make_line

    return [make_line(f"N{place}", f"n{place}", house.at) for place in range(number)]


def test_a_whole_parcel_takes_the_number(house, tmp_path):
    house.order("A", "a1", "a2")
    house.put(status="ready")
    commit(house, upload(house, write(tmp_path, [(house.items()[0].bundle_no, "cj", good_number(1))])))
    assert {item.status for item in house.items()} == {"labelled"}


@pytest.mark.parametrize(
    ("channel", "verdict"), [("coupang", ("correct", "")), ("naver", ("refused", "cannot_correct"))]
)
def test_what_a_channel_was_told_is_corrected_there_or_says_that_it_cannot_be(house, tmp_path, channel, verdict):
    [a] = ready(house, "A")
    commit(house, upload(house, write(tmp_path, [(a, "cj", good_number(1))])))
    OrderItem.objects.update(status="in_transit", push="confirmed", channel=channel)
    made = upload(house, write(tmp_path, [(a, "cj", good_number(2))]))
    assert verdicts(made) == [verdict]


def test_whoever_may_not_correct_leaves_what_was_told(house, tmp_path):
    [a] = ready(house, "A")
    commit(house, upload(house, write(tmp_path, [(a, "cj", good_number(1))])))
    OrderItem.objects.update(status="in_transit", push="confirmed", channel="coupang")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(2))]))
    commit(house, made, corrects=False)
    assert verdicts(made) == [("refused", "not_allowed")]
    assert house.items()[0].waybill == good_number(1)


def test_a_correction_is_planned_for_the_channel(house, tmp_path):
    [a] = ready(house, "A")
    commit(house, upload(house, write(tmp_path, [(a, "cj", good_number(1))])))
    OrderItem.objects.update(status="in_transit", push="confirmed", channel="coupang")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(2))]))
    commit(house, made)
    assert verdicts(made) == [("correcting", "")]
    assert house.items()[0].push == "planned"


def test_a_hold_put_on_after_the_preview_is_told_when_saving(house, tmp_path, monkeypatch):
    """What changed between judging and saving is refused by the move itself, and said in the row."""
    from jumun.dispatch import waybill_sheets

    a, b = ready(house, "A", "B")
    made = upload(house, write(tmp_path, [(a, "cj", good_number(1)), (b, "cj", good_number(2))]))
    hold(Selection(ids=(house.items("A")[0].id,)), reason=next(iter(REASONS)), by=house.owner, at=house.at)
    monkeypatch.setattr(waybill_sheets, "judge_rows", lambda _upload: None)
    commit(house, made)
    assert verdicts(made) == [("refused", "held"), ("labelled", "")]
