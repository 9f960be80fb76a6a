"""What Coupang is asked, and how often: halves of a write, and the claims of orders old and young."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest

from jumun.channels.port import LineRef, WaybillNotice, Window
from jumun.core.errors import ChannelBusy, ChannelError

from .harness import now
from .test_coupang_client import AT, params, receipt, sheet


def test_halves_that_were_answered_are_told_before_a_later_half_fails(asked):
    """The port: each batch's results as soon as it was answered; a number the mall has is no failed one."""
    boxes: list[list[int]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        boxes.append(json.loads(request.content)["shipmentBoxIds"])
        if len(boxes) == 1:
            return httpx.Response(400, json={"code": "ERROR", "message": "x"})
        if len(boxes) == 3:
            return httpx.Response(429, json={"code": "ERROR", "message": "Too many"})
        rows = [{"shipmentBoxId": box, "succeed": True} for box in boxes[-1]]
        return httpx.Response(200, json={"code": 200, "data": {"responseCode": 0, "responseList": rows}})

    connector, _ = asked(answer)
    told = []
    with pytest.raises(ChannelBusy):
        for result in connector.confirm([LineRef(f"1-{n}", "1", f"{n}") for n in (1, 2, 3, 4)]):
            told.append((result.line_key, result.ok))  # noqa: PERF401

    assert boxes == [[1, 2, 3, 4], [1, 2], [3, 4]]
    assert told == [("1-1", True), ("1-2", True)]


@pytest.mark.parametrize("verb", ["dispatch", "correct"])
def test_numbers_of_halves_that_were_answered_are_told_too(asked, verb):
    rows: list[list[int]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        rows.append([row["shipmentBoxId"] for row in json.loads(request.content)["orderSheetInvoiceApplyDtos"]])
        if len(rows) == 1:
            return httpx.Response(400, json={"code": "ERROR", "message": "x"})
        if len(rows) == 3:
            return httpx.Response(401, json={"code": "ERROR", "message": "Unauthorized"})
        said = [{"shipmentBoxId": box, "succeed": True} for box in rows[-1]]
        return httpx.Response(200, json={"code": 200, "data": {"responseCode": 0, "responseList": said}})

    connector, _ = asked(answer)
    notices = [WaybillNotice(LineRef(f"1-{n}", "1", f"{n}"), "cj", f"68040545093{n}", AT) for n in (1, 2)]
    told = []
    with pytest.raises(ChannelError):
        for result in getattr(connector, verb)(notices):
            told.append((result.line_key, result.ok))  # noqa: PERF401

    assert (rows, told) == ([[1, 2], [1], [2]], [("1-1", True)])


# What is asked about the claims of one order


def calls(seen: list[httpx.Request]) -> dict[str, int]:
    return Counter(request.url.path.rsplit("/", 1)[-1] for request in seen)


def selling(*sheets: dict[str, Any], receipts: Sequence[dict[str, Any]] = (), exchanges: Sequence[dict[str, Any]] = ()):
    """A mall of these orders; the lists tell the claims whatever is asked for."""

    def answer(request: httpx.Request) -> httpx.Response:
        call, order = request.url.path.rsplit("/", 1)[-1], request.url.path.split("/")[-2]
        data: list[dict[str, Any]] = []
        if call == "ordersheets" and order != "A00012345":
            data = [each for each in sheets if str(each["orderId"]) == order]
        elif call == "returnRequests" and params(request).get("cancelType") is None:
            data = list(receipts)
        elif call == "exchangeRequests":
            data = list(exchanges)
        return httpx.Response(200, json={"code": 200, "data": data, "nextToken": ""})

    return answer


def back(order: int, **more: Any) -> dict[str, Any]:
    """A return under way."""
    return receipt(order) | {"receiptType": "RETURN", "receiptStatus": "RETURNS_UNCHECKED"} | more


def test_claims_a_list_told_are_not_asked_for_again(asked):
    """One call an order, whatever its age; nobody says that an order older than the window has no other claims."""
    young, old = sheet(1, "FINAL_DELIVERY", days=5), sheet(2, "FINAL_DELIVERY", days=100)
    connector, seen = asked(selling(young, old, receipts=[back(1), back(2)]))

    pages = list(connector.changed(Window(now() - timedelta(days=13), now())))

    assert {line.line_key: (line.claim.kind, line.claims_known) for page in pages for line in page} == {
        "1-5": ("return", True),
        "2-5": ("return", False),
    }
    assert calls(seen) == {
        "ordersheets": 6 + 2,
        "returnRequests": 5,
        "exchangeRequests": 2,
        "returnWithdrawRequests": 2,
    }


def test_a_sheet_that_shows_more_than_the_lists_told_has_its_receipts_read(asked):
    """A piece of the old order went back before: what is listed of the claims since then does not account for it."""
    old = sheet(2, "FINAL_DELIVERY", days=100, cancelCount=1)
    connector, seen = asked(selling(old, receipts=[back(2)]))

    ((line,),) = connector.changed(Window(now() - timedelta(days=13), now()))

    assert (line.remaining, line.claims_known) == (1, True)
    assert sum("orderId" in params(request) for request in seen) == 4


def test_an_old_order_is_asked_for_its_claims_and_exchanges_are_listed_once_for_all(asked):
    """R18: a return or an exchange under way shows on no sheet, and is older than what lists are read for."""
    orders = [sheet(n, "FINAL_DELIVERY", days=100) for n in (1, 2, 3)]
    swap = {"exchangeId": 31, "orderId": 3, "exchangeStatus": "PROGRESS"}
    swap["exchangeItemDtoV1s"] = [{"orderItemId": 5, "quantity": 1}]
    connector, seen = asked(selling(*orders, exchanges=[swap]))

    found = {line.line_key: line for line in connector.read_lines([LineRef(f"{n}-5", f"{n}", "9") for n in (1, 2, 3)])}

    assert {key: line.claim.kind if line.claim else None for key, line in found.items()} == {
        "1-5": None,
        "2-5": None,
        "3-5": "exchange",
    }
    assert all(line.claims_known for line in found.values())
    assert calls(seen) == {"ordersheets": 3, "returnRequests": 3 * 4, "exchangeRequests": 9}


def test_a_young_order_that_shows_no_claim_is_one_call(asked):
    connector, seen = asked(selling(sheet(1, "FINAL_DELIVERY", days=5)))
    assert [line.line_key for line in connector.read_lines([LineRef("1-5", "1", "9")])] == ["1-5"]
    assert calls(seen) == {"ordersheets": 1}
