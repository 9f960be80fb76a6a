"""What is written to Coupang and what it answers to it, without a network."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumun.channels.port import LineRef, Method, Part, WaybillNotice, Window
from jumun.connectors.coupang import wire_writing as writing

AT = datetime(2026, 11, 22, 16, 0, 30, tzinfo=UTC)
LINE = LineRef("22000009546234-3242596358", "22000009546234", "642538970006401429")
OTHER = LineRef("22000009546234-77", "22000009546234", "642538970006401429")
NOTICE = WaybillNotice(LINE, "cj", "340010913442", AT)
LEFT = WaybillNotice(OTHER, "", "", AT, part=Part.LEFT, expected_at=AT + timedelta(days=1))
JUNK = st.none() | st.booleans() | st.integers() | st.text() | st.just([]) | st.just({}) | st.just([{}])

# Windows


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 1)),
    length=st.timedeltas(timedelta(0), timedelta(days=90)),
)
def test_slices_cover_the_window_and_stay_legal(start, length):
    window = Window(start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + length)

    days = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in writing.write_days(window)]
    weeks = [
        (datetime.fromisoformat(a + "+09:00"), datetime.fromisoformat(b + "+09:00"))
        for a, b in writing.write_weeks(window)
    ]
    minutes = writing.write_minutes(window)

    assert all(timedelta(0) <= stop - begin < timedelta(days=31) for begin, stop in days)
    assert all(after[0] == before[1] + timedelta(days=1) for before, after in zip(days, days[1:], strict=False))
    assert all(timedelta(0) <= stop - begin < timedelta(days=7) for begin, stop in weeks)
    assert all(after[0] == before[1] for before, after in zip(weeks, weeks[1:], strict=False))
    assert weeks[0][0] <= window.start <= window.end <= weeks[-1][1]
    assert minutes is not None or length > timedelta(hours=23, minutes=57)
    if minutes:
        begin, stop = (datetime.fromisoformat(end + "+09:00") for end in minutes)
        assert begin <= window.start <= window.end <= stop
        assert stop - begin < timedelta(days=1)


def test_days_are_seouls():
    assert writing.write_days(Window(AT - timedelta(hours=2), AT)) == [("2026-11-22", "2026-11-23")]
    assert writing.write_days(Window(AT, AT)) == [("2026-11-23", "2026-11-23")]
    assert writing.write_minutes(Window(AT, AT)) == ("2026-11-23T01:00", "2026-11-23T01:01")


# Boxes


def refs(*units: str) -> list[LineRef]:
    return [LineRef(f"1-{place}", "1", unit) for place, unit in enumerate(units)]


def test_boxes_are_kept_together_whatever_the_order():
    assert writing.by_box(refs("a", "b", "a", "c", "b")) == [[0, 2], [1, 4], [3]]


def test_calls_take_whole_boxes():
    boxes = writing.by_box(refs(*"aaabbbcc"))

    assert writing.pack(boxes, 2, whole_boxes=True) == [[0, 1, 2, 3, 4, 5], [6, 7]]
    assert writing.pack(boxes, 5, whole_boxes=False) == [[0, 1, 2], [3, 4, 5, 6, 7]]
    assert writing.pack(boxes, 2, whole_boxes=False) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    assert writing.pack([], 5, whole_boxes=True) == []
    assert writing.pack([[0, 2], [1, 3]], 50, whole_boxes=True) == [[0, 1, 2, 3]]


# Rows


def test_a_whole_box_has_one_row_a_product():
    rows = writing.write_rows([NOTICE, replace(NOTICE, line=OTHER)])

    assert rows[0] == {
        "shipmentBoxId": 642538970006401429,
        "orderId": 22000009546234,
        "vendorItemId": 3242596358,
        "deliveryCompanyCode": "CJGLS",
        "invoiceNumber": "340010913442",
        "splitShipping": False,
        "preSplitShipped": False,
        "estimatedShippingDate": "",
    }
    assert [row["vendorItemId"] for row in rows] == [3242596358, 77]


def test_what_stays_behind_has_a_date_and_no_number():
    sent, left = writing.write_rows([NOTICE, LEFT])

    assert (sent["splitShipping"], sent["preSplitShipped"], sent["estimatedShippingDate"]) == (True, False, "")
    assert (left["splitShipping"], left["preSplitShipped"]) == (True, False)
    assert (left["deliveryCompanyCode"], left["invoiceNumber"]) == ("", "")
    assert left["estimatedShippingDate"] == "2026-11-24"


def test_the_date_of_what_stays_behind_is_told_once():
    assert writing.write_rows([NOTICE, replace(LEFT, expected_at=None)])[1]["estimatedShippingDate"] == "2026-11-23"
    sent, left = writing.write_rows([replace(NOTICE, after_split=True), LEFT])
    assert (left["estimatedShippingDate"], left["preSplitShipped"], sent["preSplitShipped"]) == ("", True, True)


def test_what_follows_says_that_a_part_went_before():
    (row,) = writing.write_rows([replace(NOTICE, after_split=True)])

    assert (row["splitShipping"], row["preSplitShipped"]) == (True, True)


def test_two_numbers_in_one_box_are_two_parts():
    rows = writing.write_rows([NOTICE, replace(NOTICE, line=OTHER, number="2")])

    assert [row["splitShipping"] for row in rows] == [True, True]


def test_a_product_named_twice_has_one_row():
    assert len(writing.write_rows([NOTICE, replace(NOTICE, number="2")])) == 1


@pytest.mark.parametrize("method", [Method.DIRECT, Method.QUICK, Method.VISIT])
def test_what_is_no_parcel_is_direct_under_the_orders_number(method):
    (row,) = writing.write_rows([replace(NOTICE, carrier="", number="", method=method)])

    assert (row["deliveryCompanyCode"], row["invoiceNumber"]) == ("DIRECT", "22000009546234")


@pytest.mark.parametrize(
    ("carrier", "code"),
    [
        ("cj", "CJGLS"),
        ("lotte", "HYUNDAI"),
        ("direct", "DIRECT"),
        ("SLX", "SLX"),
        ("slx", ""),
        ("nobody", ""),
        ("", ""),
    ],
)
def test_carriers(carrier, code):
    assert writing.write_carrier(replace(NOTICE, carrier=carrier)) == code
    assert writing.refuse_unsent([replace(NOTICE, carrier=carrier)]) == ("" if code else "unknown_carrier")


@pytest.mark.parametrize(
    "line",
    [
        replace(LINE, unit="22000009546234-3242596358"),
        replace(LINE, unit=""),
        replace(LINE, unit="٣"),
        replace(LINE, line_key="1-3242596358"),
        replace(LINE, line_key="22000009546234-x"),
        replace(LINE, line_key="22000009546234"),
        replace(LINE, order_number="x", line_key="x-1"),
    ],
)
def test_what_cannot_be_a_line_of_theirs_is_not_sent(line):
    assert writing.refuse_unsent([NOTICE, replace(NOTICE, line=line)][::-1]) == "line_gone"


def test_what_stays_behind_needs_no_carrier():
    assert writing.refuse_unsent([NOTICE, LEFT]) == ""


# Answers


def row(code: str = "OK", **parts: Any) -> dict[str, Any]:
    return {
        "shipmentBoxId": int(LINE.unit),
        "succeed": code == "OK",
        "resultCode": code,
        "retryRequired": False,
    } | parts


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (row(), (True, "", False, False)),
        ({"resultCode": "OK"}, (True, "", False, False)),
        (row(retryRequired=True), (False, "no_answer", True, True)),
        (row("OK", succeed=False), (False, "OK", False, False)),
        (row("INVALID_STATUS"), (False, "INVALID_STATUS", True, False)),
        (row("NOT_ALLOW_INVOICE_NUMBER_RE_UPLOAD"), (False, "NOT_ALLOW_INVOICE_NUMBER_RE_UPLOAD", True, False)),
        (row("DUPLICATE_INVOICE_NUMBER", retryRequired=True), (False, "DUPLICATE_INVOICE_NUMBER", False, False)),
        (row("UNDEFINED_ERROR_OCCUR"), (False, "UNDEFINED_ERROR_OCCUR", False, True)),
        ({}, (False, "refused", False, False)),
        (None, (False, "no_answer", True, False)),
    ],
)
def test_results(answer, result):
    found = writing.read_result("k", answer)

    assert (found.ok, found.code, found.already, found.retryable) == result


def test_a_box_answers_for_all_that_was_sent_of_it_and_for_nothing_left():
    notices = [NOTICE, LEFT, replace(NOTICE, line=replace(LINE, line_key="22000009546234-5"))]

    results = writing.read_results(notices, writing.read_boxes({"responseList": [row("INVALID_STATUS")]}), {})

    assert [(each.line_key[-2:], each.code) for each in results] == [("58", "INVALID_STATUS"), ("-5", "INVALID_STATUS")]


def test_a_second_number_for_a_line_is_not_told_as_taken():
    same, other = replace(NOTICE), replace(NOTICE, number="2")

    results = writing.read_results([NOTICE, same, other], writing.read_boxes({"responseList": [row()]}), {})

    assert [(each.ok, each.already) for each in results] == [(True, False), (True, False), (False, True)]


@pytest.mark.parametrize(
    "words",
    ["받는 분 010-1234-5678", "+82(10)1234-5678", "0503-1234-5678 입니다", "tel 02.1234.5678", "8210 1234 5678"],
)
def test_what_looks_like_a_telephone_is_hidden(words):
    found = writing.read_refusal("k", "X", words)

    assert "1234" not in found.message
    assert "5678" not in found.message


@given(data=st.dictionaries(st.sampled_from(["responseList", "responseCode"]), JUNK | st.lists(st.dictionaries(
    st.sampled_from(["shipmentBoxId", "succeed", "resultCode", "retryRequired", "resultMessage"]), JUNK))))  # fmt: skip
def test_no_answer_makes_reading_raise(data):
    (result,) = writing.read_results([NOTICE], writing.read_boxes(data), {})

    assert result.line_key == LINE.line_key
