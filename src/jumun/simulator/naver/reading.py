"""The four reads: change feed, detail by ids, conditional list, ids of an order (channels.md §1.3, §10.4)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any

from jumun.simulator.clock import read_iso, write_iso
from jumun.simulator.misbehaving import Answer
from jumun.simulator.naver.details import write_change, write_detail
from jumun.simulator.naver.gateway import Asked, BadRequest
from jumun.simulator.naver.state import Line

DAY_MS = 86_400_000
MOST_IDS = 300
AFTER_ALL_IDS = "\x7f"
CHANGED_TYPES = frozenset(
    [
        "PAY_WAITING",
        "PAYED",
        "EXCHANGE_OPTION",
        "DELIVERY_ADDRESS_CHANGED",
        "GIFT_RECEIVED",
        "CLAIM_REJECTED",
        "DISPATCHED",
        "CLAIM_REQUESTED",
        "COLLECT_DONE",
        "CLAIM_COMPLETED",
        "PURCHASE_DECIDED",
        "HOPE_DELIVERY_INFO_CHANGED",
        "CLAIM_REDELIVERING",
        "CLAIM_HOLDBACK_RELEASED",
    ]
)
RANGES: dict[str, Callable[[Line], int | None]] = {
    "PAYED_DATETIME": lambda line: line.order.paid_ms,
    "ORDERED_DATETIME": lambda line: line.order.ordered_ms,
    "DISPATCHED_DATETIME": lambda line: None if line.delivery is None else line.delivery.sent_ms,
    "PURCHASE_DECIDED_DATETIME": lambda line: line.decided_ms,
    "CLAIM_REQUESTED_DATETIME": lambda line: None if line.last_claim is None else line.last_claim.requested_ms,
    "CLAIM_COMPLETED_DATETIME": lambda line: None if line.last_claim is None else line.last_claim.completed_ms,
    "COLLECT_COMPLETED_DATETIME": lambda line: None if line.last_claim is None else line.last_claim.collected_ms,
    "GIFT_RECEIVED_DATETIME": lambda line: line.changed_ms if line.changed_type == "GIFT_RECEIVED" else None,
    "HOPE_DELIVERY_INFO_CHANGED_DATETIME": lambda line: None,
}


def list_changes(asked: Asked) -> Answer:
    """GET product-orders/last-changed-statuses: from moreFrom on, whose ids start at moreSequence; both ends inclusive."""
    since_ms, until_ms = _read_window(asked, "lastChangedFrom", "lastChangedTo")
    kind = asked.query.get("lastChangedType")
    if kind is not None and kind not in CHANGED_TYPES:
        raise BadRequest("4000", "lastChangedType 값이 올바르지 않습니다.")
    size = _read_size(asked, "limitCount")
    feed = asked.store.feed
    start = bisect_left(feed, (since_ms, asked.query.get("moreSequence", "")))
    stop = bisect_right(feed, (until_ms, AFTER_ALL_IDS))
    rows: list[Line] = []
    more: dict[str, str] | None = None
    for changed_ms, line_no in feed[start:stop]:
        line = asked.store.lines[line_no]
        if kind is not None and line.changed_type != kind:
            continue
        if len(rows) == size:
            more = {"moreFrom": write_iso(changed_ms), "moreSequence": line_no}
            break
        rows.append(line)
    if not rows and asked.world.settings.flag("naver.no_hits_without_data"):
        return asked.voice.say_nothing()
    data: dict[str, Any] = {"lastChangeStatuses": [write_change(line) for line in rows], "count": len(rows)}
    if more is not None:
        data["more"] = more
    return asked.voice.say_data(data)


def query_details(asked: Asked) -> Answer:
    """POST product-orders/query: details of up to 300 ids of this store, in the order asked; unknown ids are left out."""
    body = asked.read_json()
    ids = read_ids(body.get("productOrderIds"), most=MOST_IDS)
    by_quantity = body.get("quantityClaimCompatibility") is True
    lines = asked.store.lines
    found = [lines[line_no] for line_no in dict.fromkeys(ids) if line_no in lines]
    return asked.voice.say_data([write_detail(line, by_quantity=by_quantity) for line in found])


def list_by_condition(asked: Asked) -> Answer:
    """GET product-orders: lines of at most 24 hours by one of nine dates, filtered, in pages counted from 1."""
    get_ms = RANGES.get(asked.query.get("rangeType", ""))
    if get_ms is None:
        raise BadRequest("4000", "rangeType 값이 올바르지 않습니다.")
    since_ms, until_ms = _read_window(asked, "from", "to")
    size = _read_size(asked, "pageSize")
    page = _read_number(asked, "page", 1)
    statuses = _read_many(asked, "productOrderStatuses")
    claim_statuses = _read_many(asked, "claimStatuses")
    place = asked.query.get("placeOrderStatusType")
    hits: list[tuple[int, str, Line]] = []
    for line in asked.store.lines.values():
        at_ms = get_ms(line)
        if at_ms is None or not since_ms <= at_ms <= until_ms:
            continue
        if statuses and line.status not in statuses:
            continue
        if claim_statuses and (line.last_claim is None or line.last_claim.status not in claim_statuses):
            continue
        if place is None or place == line.place_status:
            hits.append((at_ms, line.line_no, line))
    hits.sort(key=lambda hit: hit[:2])
    by_quantity = asked.query.get("quantityClaimCompatibility") == "true"
    contents = [
        {"productOrderId": line.line_no, "content": write_detail(line, by_quantity=by_quantity)}
        for _, _, line in hits[(page - 1) * size : page * size]
    ]
    pagination = {"page": page, "size": size, "hasNext": len(hits) > page * size}
    return asked.voice.say_data({"contents": contents, "pagination": pagination})


def list_ids_of_order(asked: Asked) -> Answer:
    """GET orders/{orderId}/product-order-ids."""
    order = asked.store.orders.get(asked.path_params["order_id"])
    if order is None:
        raise BadRequest("100003", "주문 정보를 찾을 수 없습니다.")
    return asked.voice.say_data([line.line_no for line in order.lines])


def read_ids(value: object, *, most: int) -> list[str]:
    """Return productOrderIds; raise BadRequest 4000 when there are none or too many."""
    if not isinstance(value, list) or not value or not all(isinstance(one, str | int) for one in value):
        raise BadRequest("4000", "productOrderIds 는 필수 항목입니다.")
    if len(value) > most:
        raise BadRequest("4000", f"productOrderIds 는 최대 {most}개까지 입력할 수 있습니다.")
    return [str(one) for one in value]


def _read_window(asked: Asked, start: str, end: str) -> tuple[int, int]:
    since_ms = _read_time(asked, start)
    if since_ms is None:
        raise BadRequest("4000", f"{start} 은(는) 필수 항목입니다.")
    keeps_days = asked.world.settings.number("naver.history_days")
    if keeps_days and since_ms < asked.world.clock.now_ms() - keeps_days * DAY_MS:
        raise BadRequest("104139", "조회 가능한 날짜 범위를 초과했습니다.")
    until_ms = _read_time(asked, end)
    if until_ms is None:
        return since_ms, since_ms + DAY_MS
    if until_ms < since_ms:
        raise BadRequest("4000", f"{end} 은(는) {start} 이후여야 합니다.")
    # The documents give 24 h only as the default; that a longer explicit window is an error is our reading of 104139.
    if until_ms - since_ms > DAY_MS and asked.world.settings.flag("naver.window_cap"):
        raise BadRequest("104139", "조회 가능한 날짜 범위를 초과했습니다.")
    return since_ms, until_ms


def _read_time(asked: Asked, name: str) -> int | None:
    text = asked.query.get(name)
    if text is None:
        return None
    try:
        # A "+" not sent as %2B arrives as a blank and must fail here as it does there.
        return read_iso(text)
    except ValueError as error:
        raise BadRequest("4000", f"{name} 의 날짜 형식이 올바르지 않습니다.") from error


def _read_size(asked: Asked, name: str) -> int:
    """Return a page size; above 300 is not an error, it means 300 (§10.4)."""
    return max(1, min(_read_number(asked, name, 300), 300, int(asked.world.settings.number("naver.page"))))


def _read_number(asked: Asked, name: str, otherwise: int) -> int:
    text = asked.query.get(name, str(otherwise))
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise BadRequest("4000", f"{name} 은(는) 1 이상의 숫자여야 합니다.")
    return int(text)


def _read_many(asked: Asked, name: str) -> frozenset[str]:
    """Return a list parameter, written `a,b`, repeated, or with [] behind the name."""
    values = [*asked.query.getlist(name), *asked.query.getlist(f"{name}[]")]
    return frozenset(part for value in values for part in value.split(",") if part)
