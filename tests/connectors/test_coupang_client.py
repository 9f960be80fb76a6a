"""Coupang over HTTP: the signature, the clock, refusals of the gateway, and how the lists are asked."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from jumun.channels.port import LineRef, Session, Window
from jumun.connectors.coupang import client
from jumun.connectors.coupang.connector import CoupangConnector
from jumun.core.errors import ChannelBusy, ChannelError

from .harness import Mall, PaceNotes, Tokens, lately, now, read_all

KEYS = {"vendor_id": "A00012345", "access_key": "key", "secret_key": "sim-secret-key"}
AT = datetime(2026, 11, 22, 3, 0, 30, tzinfo=UTC)


@pytest.fixture
def kind() -> str:
    return "coupang"


def test_the_signature_is_the_documented_one():
    path = "/v2/providers/openapi/apis/api/v4/vendors/A00012345/ordersheets"
    query = "createdAtFrom=2026-01-01&createdAtTo=2026-01-02&status=ACCEPT&maxPerPage=50"

    signature = client.sign("sim-secret-key", "260102T030405Z", "GET", path, query)

    assert signature == "262b7506b49abcad15688b10a2fd5597593756cfcc96dadf8bb997db3482ec12"


@pytest.mark.parametrize(
    "keys",
    [{"access_key": "한글"}, {"access_key": "a\nb"}, {"vendor_id": ""}, {"vendor_id": "업체"}, {"vendor_id": "A\n1"}],
)
def test_keys_that_fit_no_header_are_refused_here(connect_with, mall, keys):
    with pytest.raises(ChannelError) as failed:
        connect_with(**keys).check()

    assert failed.value.code == "bad_credentials"
    assert mall.statuses() == set()


# The clock


def test_a_wrong_clock_is_told_from_wrong_keys(connector, mall):
    mall.switch({"coupang.clock_skew_seconds": 600})

    with pytest.raises(ChannelError) as failed:
        connector.check()

    assert failed.value.code == "clock_skew"


def test_an_expired_signature_with_a_right_clock_is_about_the_keys(connector, mall):
    mall.fault("ordersheets", "expired_signature")

    with pytest.raises(ChannelError) as failed:
        connector.check()

    assert failed.value.code == "bad_credentials"


def test_every_answer_says_what_time_it_is_there(mall):
    heard: list[datetime] = []
    with CoupangConnector(listening(mall, hear=heard.append)) as connector:
        connector.check()
        mall.fault("ordersheets", "clock_skew", seconds=600)
        connector.check()

    right, wrong = heard
    assert abs(right - now()) < timedelta(seconds=10)
    assert wrong - now() > timedelta(minutes=9)


# What the gateway refuses


def test_mass_errors_shut_the_account_out_for_a_while(connector, mall):
    mall.fault("ordersheets", "access_denied")

    with pytest.raises(ChannelBusy) as failed:
        read_all(connector)

    assert (failed.value.code, failed.value.retry_after, failed.value.unclear) == ("channel_busy", 600, False)


def test_a_write_while_shut_out_is_not_unclear(connector, mall):
    lines = mall.orders(1, lines=1)
    mall.fault("acknowledgement", "access_denied")

    with pytest.raises(ChannelBusy) as failed:
        list(connector.confirm(lines))

    assert not failed.value.unclear
    assert mall.effects("acknowledgement") == []


def test_a_gateway_without_its_server_leaves_a_write_unclear(connector, mall):
    lines = mall.orders(1, lines=1)
    mall.fault("acknowledgement", "error521", apply=True)

    with pytest.raises(ChannelBusy) as failed:
        list(connector.confirm(lines))

    assert failed.value.unclear


def test_too_many_calls_pause_a_minute(connector, mall):
    mall.switch({"coupang.rps": 1})

    with pytest.raises(ChannelBusy) as failed:
        read_all(connector)

    assert failed.value.retry_after == 60


def test_a_window_the_channel_has_forgotten(connector, mall):
    mall.switch({"coupang.history_days": 90})

    with pytest.raises(ChannelError) as failed:
        read_all(connector, Window(now() - timedelta(days=120), now() - timedelta(days=100)))

    assert (failed.value.code, type(failed.value)) == ("window_too_old", ChannelError)


@pytest.mark.parametrize("fault", ["html200", "truncated_json", "empty"])
def test_an_answer_nobody_can_read_is_kept(mall, fault):
    kept: list[tuple[str, int, bytes]] = []
    mall.fault("ordersheets", fault)
    with (
        CoupangConnector(listening(mall, keep=lambda *what: kept.append(what))) as connector,
        pytest.raises(ChannelError),
    ):
        connector.check()

    ((call, status, body),) = kept
    assert (call, status) == ("ordersheets", 200)
    assert body


def test_a_confirmation_shown_late_reads_as_new_for_a_while(connector, mall):
    mall.switch({"coupang.ack_shows_late": 600})
    lines = mall.orders(1, lines=1)

    (result,) = connector.confirm(lines)
    (line,) = connector.read_lines(lines)

    assert (result.ok, line.stage) == (True, "new")


def test_an_order_of_somebody_else_is_left_out(connector, mall):
    lines = mall.orders(1, lines=1)

    found = list(connector.read_lines([*lines, LineRef("999-1", "999", "1"), LineRef("../x-1", "../x", "1")]))

    assert [line.line_key for line in found] == [lines[0].line_key]


def test_newcomers_that_shift_the_pages_hide_nobody(connector, mall):
    lines = mall.orders(17, lines=1)
    mall.switch({"coupang.page": 5, "coupang.paging": "offset"})
    pages = connector.changed(Window(now() - timedelta(days=2), now()))
    found = {line.line_key for line in next(pages)}

    mall.orders(3, lines=1)
    found |= {line.line_key for page in pages for line in page}

    assert {line.line_key for line in lines} <= found


def listening(mall: Mall, **ears: Any) -> Session:
    known = mall.session(tokens=Tokens(), pace=PaceNotes())
    return Session(known.credentials, known.base_url, known.tokens, known.pace, **ears)


# How the lists are asked, without a mall


def nothing(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"code": 200, "message": "OK", "data": [], "nextToken": ""})


def params(request: httpx.Request) -> dict[str, str]:
    return dict(request.url.params)


def test_the_last_hours_are_asked_by_the_minute_and_without_pages(asked):
    connector, seen = asked(nothing)

    list(connector.changed(Window(AT - timedelta(hours=2), AT), open_only=True))

    assert [params(request) for request in seen] == [
        {
            "createdAtFrom": "2026-11-22T10:00+09:00",
            "createdAtTo": "2026-11-22T12:01+09:00",
            "searchType": "timeFrame",
            "status": status,
        }
        for status in ("ACCEPT", "INSTRUCT")
    ]
    assert b"createdAtFrom=2026-11-22T10:00%2B09:00" in seen[0].url.query
    assert seen[0].url.path == "/v2/providers/openapi/apis/api/v5/vendors/A00012345/ordersheets"
    assert seen[0].headers["X-Requested-By"] == "A00012345"


def test_longer_windows_are_asked_by_whole_days_in_legal_slices(asked):
    connector, seen = asked(nothing)

    list(connector.changed(Window(AT - timedelta(days=40), AT)))

    calls = [(request.url.path.rsplit("/", 1)[-1], params(request)) for request in seen]
    sheets = [each for call, each in calls if call == "ordersheets"]
    assert [(each["createdAtFrom"], each["createdAtTo"]) for each in sheets[:2]] == [
        ("2026-10-13+09:00", "2026-11-12+09:00"),
        ("2026-11-13+09:00", "2026-11-22+09:00"),
    ]
    assert [each["status"] for each in sheets[::2]] == [
        *("ACCEPT", "INSTRUCT", "DEPARTURE", "DELIVERING", "FINAL_DELIVERY", "NONE_TRACKING")
    ]
    assert all(each["maxPerPage"] == "50" and "searchType" not in each for each in sheets)
    receipts = [each for call, each in calls if call == "returnRequests"]
    assert [each.get("status") or each["cancelType"] for each in receipts] == ["RU", "UC", "CC", "PR", "CANCEL"] * 2
    assert not any("status" in each and "cancelType" in each for each in receipts)
    exchanges = [each for call, each in calls if call == "exchangeRequests"]
    assert exchanges[0]["createdAtFrom"] == "2026-10-13T12:00:30"
    assert len(exchanges) == 6
    withdrawals = [each for call, each in calls if call == "returnWithdrawRequests"]
    assert (withdrawals[0]["dateFrom"], withdrawals[0]["dateTo"]) == ("2026-10-13", "2026-10-19")
    assert len(withdrawals) == 6


def test_what_is_signed_is_what_is_sent(asked):
    connector, seen = asked(nothing)

    connector.check()

    (request,) = seen
    header = dict(part.split("=", 1) for part in request.headers["Authorization"].removeprefix("CEA ").split(", "))
    path, _, query = request.url.raw_path.decode().partition("?")
    assert header["algorithm"] == "HmacSHA256"
    assert header["signature"] == client.sign(KEYS["secret_key"], header["signed-date"], "GET", path, query)


def test_dates_with_an_offset_that_are_refused_are_tried_plain(asked):
    def answer(request: httpx.Request) -> httpx.Response:
        if "returnRequests" in request.url.path and "+09:00" in params(request)["createdAtFrom"]:
            return httpx.Response(400, json={"code": "ERROR", "message": "날짜 형식을 확인해 주세요."})
        return nothing(request)

    connector, seen = asked(answer)
    assert list(connector.changed(Window(AT - timedelta(hours=2), AT))) == []

    receipts = [params(each)["createdAtFrom"] for each in seen if "returnRequests" in each.url.path]
    assert receipts == ["2026-11-22T10:00+09:00", *["2026-11-22T10:00"] * 5]


def test_a_token_that_comes_back_is_no_endless_list(asked):
    page = httpx.Response(200, json={"code": 200, "data": [], "nextToken": "again"})
    connector, seen = asked(lambda request: page)

    with pytest.raises(ChannelError) as failed:
        list(connector.changed(Window(AT - timedelta(days=2), AT)))

    assert failed.value.code == "channel_unreadable"
    assert len(seen) == 2


def test_a_redirect_is_not_followed(asked):
    connector, seen = asked(lambda request: httpx.Response(302, headers={"Location": "https://elsewhere.example/"}))

    with pytest.raises(ChannelError) as failed:
        connector.check()

    assert (failed.value.code, len(seen)) == ("channel_unreadable", 1)


def test_ids_are_sent_as_numbers(asked):
    said = {"responseCode": 0, "responseList": [{"shipmentBoxId": 642538970006401429, "succeed": True}]}
    connector, seen = asked(lambda request: httpx.Response(200, json={"code": "200", "data": said}))

    results = list(connector.confirm([LineRef("1-2", "1", "642538970006401429"), LineRef("1-3", "1", "한글")]))

    assert json.loads(seen[0].content) == {"vendorId": "A00012345", "shipmentBoxIds": [642538970006401429]}
    assert seen[0].method == "PUT"
    assert [(result.ok, result.code) for result in results] == [(True, ""), (False, "line_gone")]


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"code": "ERROR", "message": "해당 주문이 취소 또는 반품 되었습니다."}, None),
        (400, {"code": 400, "message": "유효하지 않은 주문번호 입니다."}, None),
        (404, {"code": "ERROR", "message": "Not Found"}, None),
        (403, {"code": "ERROR", "message": "[FORBIDDEN] Not allowed IP"}, "ip_not_allowed"),
        (403, {"code": "ERROR", "message": "Forbidden"}, "bad_credentials"),
        (423, {"code": "ERROR", "message": "Locked"}, "channel_busy"),
        (521, {"code": "ERROR", "message": "down"}, "channel_busy"),
    ],
)
def test_what_the_call_for_one_order_may_say(asked, status, body, code):
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json=body) if "/7/" in request.url.path else nothing(request)

    connector, _ = asked(answer)
    if code is None:
        assert list(connector.read_lines([LineRef("7-8", "7", "9")])) == []
    else:
        with pytest.raises(ChannelError) as failed:
            list(connector.read_lines([LineRef("7-8", "7", "9")]))
        assert failed.value.code == code
        assert body["message"] not in str(failed.value)


def test_one_orders_undocumented_400_costs_that_order_only(asked):
    """Its line is there and unreadable, so that a person sees it; the others are read."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "/7/" in request.url.path:
            return httpx.Response(400, json={"code": "ERROR", "message": "Invalid vendor ID"})
        return (
            httpx.Response(200, json={"code": 200, "data": [sheet(8)]})
            if "/8/" in request.url.path
            else nothing(request)
        )

    connector, _ = asked(answer)
    found = connector.read_lines([LineRef("7-5", "7", "9"), LineRef("8-5", "8", "9")])

    assert {line.line_key: line.stage for line in found} == {"7-5": "unknown", "8-5": "confirmed"}


def test_cancels_without_a_call_by_order_are_read_once_for_all(asked):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/ordersheets"):
            return httpx.Response(400, json={"message": "해당 주문이 취소 또는 반품되었습니다."})
        if params(request).get("cancelType") == "CANCEL":
            rows = [receipt(order) for order in (1, 2, 3)]
            return httpx.Response(200, json={"code": 200, "data": rows, "nextToken": ""})
        return nothing(request)

    connector, seen = asked(answer)
    found = {
        line.line_key: line.stage for line in connector.read_lines([LineRef(f"{n}-5", f"{n}", "9") for n in (1, 2, 4)])
    }

    assert found == {"1-5": "cancelled", "2-5": "cancelled"}
    assert sum(params(request).get("cancelType") == "CANCEL" for request in seen) == 3


def receipt(order: int) -> dict[str, Any]:
    return {
        "receiptId": 100 + order,
        "orderId": order,
        "receiptType": "CANCEL",
        "receiptStatus": "RETURNS_COMPLETED",
        "createdAt": "2026-11-20T10:00:00",
        "returnItems": [{"vendorItemId": 5, "cancelCount": 1, "purchaseCount": 1, "shipmentBoxId": 9}],
    }


def sheet(order: int, status: str = "INSTRUCT", days: int = 1, **item: Any) -> dict[str, Any]:
    return {
        "shipmentBoxId": 9,
        "orderId": order,
        "orderedAt": f"{now() - timedelta(days=days):%Y-%m-%dT%H:%M:%S}",
        "status": status,
        "orderItems": [{"vendorItemId": 5, "shippingCount": 2, "orderPrice": 20_000, **item}],
    }


def test_an_empty_hour_costs_no_more_than_its_lists(connector, mall, pace):
    read_all(connector, lately())

    assert pace.calls == ["ordersheets"] * 6 + ["returnRequests"] * 5 + ["exchangeRequests", "returnWithdrawRequests"]
