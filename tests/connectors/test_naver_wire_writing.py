"""What is written to Naver and what it answers to it, without a network; and the pure parts of the client."""

import base64
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumun.channels.port import LineRef, WaybillNotice, Window
from jumun.connectors.naver import client, wire
from jumun.connectors.naver.connector import PROFILE

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
JUNK = st.none() | st.booleans() | st.integers() | st.text() | st.just([]) | st.just({}) | st.just([{}])

# Windows


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 1)),
    length=st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_slices_cover_the_window_without_a_gap(start, length):
    window = Window(start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + length)

    slices = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in wire.write_slices(window)]

    assert slices[0][0] <= window.start
    assert slices[-1][1] >= window.end
    assert all(timedelta(0) <= stop - begin <= timedelta(hours=24) for begin, stop in slices)
    assert all(before[1] == after[0] for before, after in pairwise(slices))


def test_eight_days_are_eight_slices_in_korean_time():
    slices = wire.write_slices(Window(AT - timedelta(days=8), AT))

    assert len(slices) == 8
    assert slices[0] == ("2026-11-14T12:00:00.000+09:00", "2026-11-15T12:00:00.000+09:00")


# Writing


def notice(**given: Any) -> WaybillNotice:
    values = {"carrier": "cj", "number": "123456789012", "shipped_at": AT} | given
    return WaybillNotice(line=LineRef("11", "1", "11"), **values)


def test_a_parcel_names_carrier_and_number():
    assert wire.write_dispatch(notice()) == {
        "productOrderId": "11",
        "deliveryMethod": "DELIVERY",
        "deliveryCompanyCode": "CJGLS",
        "trackingNumber": "123456789012",
        "dispatchDate": "2026-11-22T12:00:00.000+09:00",
    }


@pytest.mark.parametrize(
    ("given", "method"),
    [
        ({"method": "direct"}, "DIRECT_DELIVERY"),
        ({"method": "quick"}, "QUICK_SVC"),
        ({"method": "visit"}, "VISIT_RECEIPT"),
        ({"carrier": "direct"}, "DIRECT_DELIVERY"),
    ],
)
def test_what_is_no_parcel_names_neither(given, method):
    written = wire.write_dispatch(notice(**given))

    assert written["deliveryMethod"] == method
    assert not {"deliveryCompanyCode", "trackingNumber"} & set(written)


def test_a_carrier_not_in_the_table_travels_as_written():
    assert wire.write_dispatch(notice(carrier="TEAMFRESH"))["deliveryCompanyCode"] == "TEAMFRESH"


# Results


def test_results_come_in_the_order_given_whatever_the_channel_lists():
    data = {
        "successProductOrderInfos": [
            {"productOrderId": "3", "isReceiverAddressChanged": True},
            {"productOrderId": "1", "isReceiverAddressChanged": False},
        ],
        "failProductOrderInfos": [{"productOrderId": "2", "code": 105306, "message": "문의 010-1234-5678"}],
    }
    results = wire.read_results(data, ["1", "2", "3", "4"], call="confirm")

    assert [(r.line_key, r.ok, r.code, r.already) for r in results] == [
        ("1", True, "", False),
        ("2", False, "105306", True),
        ("3", True, "", False),
        ("4", False, "no_answer", True),
    ]
    assert [r.address_changed for r in results] == [False, False, True, False]
    assert results[1].message == "문의 …"


def test_104443_means_already_on_confirm_only():
    assert wire.read_refusal("1", "104443", "", call="confirm").already
    assert not wire.read_refusal("1", "104443", "", call="dispatch").already
    assert wire.read_refusal("1", "9999", "", call="dispatch").retryable


@given(st.dictionaries(st.sampled_from(["successProductOrderIds", "failProductOrderInfos"]), JUNK | st.lists(JUNK)))
def test_no_answer_makes_reading_results_raise(data):
    results = wire.read_results(data, ["1", "2"], call="dispatch")

    assert [result.line_key for result in results] == ["1", "2"]


# The client's pure parts


def test_signature_is_the_published_one():
    signed = client.sign("aaaabbbbcccc", "$2a$10$abcdefghijklmnopqrstuv", 1643961623299)

    assert signed == "JDJhJDEwJGFiY2RlZmdoaWprbG1ub3BxcnN0dXVCVldZSk42T0VPdEx1OFY0cDQxa2IuTnpVaUEzbmsy"
    assert base64.b64decode(signed).startswith(b"$2a$10$")


@pytest.mark.parametrize("secret", ["", "secret", "$2a$10$abcdefghijklmnopqrst한", "x" * 29])
def test_a_secret_that_is_no_salt_is_a_value_error(secret):
    with pytest.raises(ValueError, match=r"."):
        client.sign("id", secret, 1643961623299)


@pytest.mark.parametrize(
    ("headers", "code", "seconds"),
    [
        ({"retry-after": "7"}, "GW.RATE_LIMIT", 7),
        ({}, "GW.RATE_LIMIT", 1),
        ({"gncp-gw-ratelimit-replenish-rate": "2"}, "GW.RATE_LIMIT", 0.5),
        ({"gncp-gw-quota-period": "HOURS"}, "GW.QUOTA_LIMIT", 3_600),
        ({}, "GW.QUOTA_LIMIT", 3_600),
        ({"retry-after": "soon"}, "GW.RATE_LIMIT", 1),
    ],
)
def test_how_long_to_wait_after_429(headers, code, seconds):
    assert client.read_retry_after(headers, code) == seconds


def test_the_profile_says_what_naver_has_no_call_for():
    assert "correct_waybill" not in PROFILE.can
    assert all(korean and english for korean, english in PROFILE.notes)
