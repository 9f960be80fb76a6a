"""Which vendor items of a box go out under which number, and which stay behind: the rules of 분리배송 (§2.3).

A box of several vendor items can be sent in parts, the quantity of one vendor item can't. Every vendor item with a
quantity left is in the call: the ones sent carry a number, the ones left behind `splitShipping`, an estimated date and
no number. What was left behind is sent later with `preSplitShipped`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jumun.simulator.coupang.moves import Refused
from jumun.simulator.coupang.state import Box, Line


@dataclass(frozen=True, slots=True)
class Row:
    """One of orderSheetInvoiceApplyDtos."""

    box_id: str
    order_no: str
    vendor_item_id: str
    carrier: str
    number: str
    split: bool
    pre_split: bool
    estimated_date: str


@dataclass(slots=True)
class Plan:
    """What to do with a box: the parts to send by (carrier, number) in the order asked, what stays with its date."""

    parts: dict[tuple[str, str], list[Line]] = field(default_factory=dict)
    behind: list[tuple[Line, str]] = field(default_factory=list)

    @property
    def sent(self) -> list[Line]:
        """Return every vendor item that goes out."""
        return [line for lines in self.parts.values() for line in lines]


def read_row(raw: Mapping[str, Any]) -> Row:
    """Read one row; what is missing or null is empty or false."""

    def text(name: str) -> str:
        value = raw.get(name)
        return "" if value is None else str(value).strip()

    return Row(
        box_id=text("shipmentBoxId"),
        order_no=text("orderId"),
        vendor_item_id=text("vendorItemId"),
        carrier=text("deliveryCompanyCode"),
        number=text("invoiceNumber"),
        split=raw.get("splitShipping") is True,
        pre_split=raw.get("preSplitShipped") is True,
        estimated_date=text("estimatedShippingDate"),
    )


def find_lines(box: Box, rows: list[Row]) -> dict[str, Line]:
    """Return the box's lines by vendorItemId; refuse rows of other orders or of vendor items the box has not."""
    by_item = {str(line.vendor_item_id): line for line in box.lines}
    for row in rows:
        if row.order_no != box.order.order_no:
            raise Refused("NOT_FOUND_SHIPMENT_BOX")
        if row.vendor_item_id not in by_item:
            raise Refused("NOT_FOUND_VENDOR_ITEM")
    return by_item


def plan(box: Box, rows: list[Row]) -> Plan:
    """Return what a first upload for one box comes to; refuse what the rules do not allow."""
    by_item = find_lines(box, rows)
    named = [row.vendor_item_id for row in rows]
    if len(set(named)) != len(named):
        raise Refused("UNDEFINED_ERROR_OCCUR", "같은 옵션아이디가 두 번 있습니다.")
    if any(str(line.vendor_item_id) not in named for line in box.living):
        raise Refused("NOT_FOUND_VENDOR_ITEM")
    made = Plan()
    for row in rows:
        line = by_item[row.vendor_item_id]
        if line.left == 0:
            if row.number:
                raise Refused("ORDER_DELIVERY_CANCELED")
        elif row.number:
            made.parts.setdefault((row.carrier, row.number), []).append(line)
        else:
            made.behind.append((line, row.estimated_date))
    _check_separation(box, rows, made)
    return made


def _check_separation(box: Box, rows: list[Row], made: Plan) -> None:
    sent = [row for row in rows if row.number]
    behind = [row for row in rows if not row.number]
    in_parts = bool(made.behind) or len(made.parts) > 1
    if not box.split and any(row.pre_split for row in rows):
        raise Refused("NOT_ALLOW_SEPARATE_AFTER_NORMAL_DELIVERY")
    if not box.split and len(box.living) == 1 and any(row.split for row in rows):
        raise Refused("NOT_ALLOW_SEPARATE_WHEN_ONE_VENDOR_ITEM")
    if not made.parts and not any(row.split for row in behind):
        raise Refused("INVALID_INVOICE_NUMBER")
    # The sent rows of a call with rows left behind may say true or false: the documents are not of one mind.
    must_say_so = behind if made.behind else (sent if in_parts and not box.split else [])
    if any(not row.split for row in must_say_so if _is_alive(box, row)):
        raise Refused("IS_SEPARATE_MUST_BE_TRUE_WHEN_SEPARATE_DELIVERY")
    if box.split and any(not row.pre_split for row in sent):
        raise Refused("IS_SEPARATE_MUST_BE_TRUE_WHEN_SEPARATE_DELIVERY")
    if (in_parts or box.split) and any(row.carrier == "DIRECT" for row in sent):
        raise Refused("NOT_ALLOW_VENDOR_DIRECT")
    for line, date in made.behind:
        if line.estimated_date and date not in {"", line.estimated_date}:
            raise Refused("PSD_NOT_ALLOW_TO_CHANGE")
        if not line.estimated_date and re.fullmatch(r"\d{4}-\d\d-\d\d", date) is None:
            raise Refused("UNDEFINED_ERROR_OCCUR", "estimatedShippingDate 를 확인해 주세요.")
    if not made.parts:
        raise Refused("INVALID_INVOICE_NUMBER")


def _is_alive(box: Box, row: Row) -> bool:
    return any(str(line.vendor_item_id) == row.vendor_item_id for line in box.living)
