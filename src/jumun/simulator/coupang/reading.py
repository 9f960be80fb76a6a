"""Order sheets: the two lists, one box, the boxes of an order, a box's history (channels.md §2.2, §10.13 to §10.16)."""

from __future__ import annotations

from typing import Any

from jumun.simulator.coupang.gateway import Asked, BadRequest
from jumun.simulator.coupang.sheets import write_history, write_sheet
from jumun.simulator.coupang.state import STATUSES, Box
from jumun.simulator.coupang.windows import read_size, read_window, take_page
from jumun.simulator.misbehaving import Answer

GONE = "해당 주문은 취소 또는 반품 되었습니다."
UNKNOWN = "다른 판매자의 주문을 조회할 수 없습니다."


def list_sheets(asked: Asked) -> Answer:
    """GET ordersheets: boxes of one status whose orders were made in the window; timeFrame has minutes and no pages."""
    status = asked.query.get("status")
    if status not in STATUSES:
        raise BadRequest(f"status should be one of {', '.join(STATUSES)}.")
    kind = asked.query.get("searchType")
    if kind == "timeFrame":
        window = read_window(asked, "minute", longest_days=1)
        size = None
    elif kind in {None, "", "daily"}:
        window = read_window(asked, "day", longest_days=31)
        size = read_size(asked)
    else:
        raise BadRequest("searchType should be timeFrame.")
    now_ms = asked.now_ms

    def choose(box_id: str) -> dict[str, Any] | None:
        box = asked.vendor.boxes[box_id]
        if box.is_gone or box.shown_status(now_ms) != status:
            return None
        return write_sheet(box, now_ms, new=asked.is_new)

    rows, token = take_page(asked, asked.vendor.timeline, window, size, choose)
    return Answer(200, {"code": 200, "message": "OK", "data": rows, "nextToken": token})


def read_box(asked: Asked) -> Answer:
    """GET ordersheets/{shipmentBoxId}."""
    return _say(write_sheet(_get_box(asked), asked.now_ms, new=asked.is_new))


def read_boxes_of_order(asked: Asked) -> Answer:
    """GET {orderId}/ordersheets: the boxes that are left of an order."""
    order = asked.vendor.orders.get(asked.path_params["order_id"])
    if order is None:
        raise BadRequest(UNKNOWN, code=400)
    if order.is_gone:
        raise BadRequest(GONE, code=400)
    return _say([write_sheet(box, asked.now_ms, new=asked.is_new) for box in order.boxes if not box.is_gone])


def read_history(asked: Asked) -> Answer:
    """GET ordersheets/{shipmentBoxId}/history."""
    return _say(write_history(_get_box(asked), new=asked.is_new))


def _get_box(asked: Asked) -> Box:
    box = asked.vendor.boxes.get(asked.path_params["box_id"])
    if box is None:
        raise BadRequest(UNKNOWN, code=400)
    if box.is_gone:
        raise BadRequest(GONE, code=400)
    return box


def _say(data: object) -> Answer:
    return Answer(200, {"code": 200, "message": "OK", "data": data})
