"""Coupang's receipts, exchanges and withdrawals as claims of lines. Pure: no network, no clock.

A receipt (returnRequests) is about some vendor items of one order: what the buyer takes back before it left is our
cancel, what comes back is our return. Sheets know neither, so claims are read beside them and attached here.
Shapes: returnRequests v4 to v6, exchangeRequests v4, returnWithdrawRequests v4 (channels.md §2.4, §2.5, §10.17–§10.21).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from jumun.channels.port import OPEN_CLAIMS, Address, ChannelLine, ClaimKind, ClaimSnapshot, ClaimStage, Stage
from jumun.connectors.coupang import codes
from jumun.connectors.coupang.wire import has_open_cancel, open_cancel, write_line_key
from jumun.core.json_fields import NOTHING, UNDATED, Json, child, moment, rows_of, text, whole


@dataclass(frozen=True, slots=True)
class ClaimRows:
    """What was read about the claims of one order, as received."""

    receipts: tuple[Json, ...] = ()
    exchanges: tuple[Json, ...] = ()
    withdrawals: tuple[Json, ...] = ()

    def plus(self, other: "ClaimRows") -> "ClaimRows":
        """Both together; of a claim in both, `other` is the later word."""
        return ClaimRows(
            _latest((*self.receipts, *other.receipts), "receiptId"),
            _latest((*self.exchanges, *other.exchanges), "exchangeId"),
            _latest((*self.withdrawals, *other.withdrawals), "cancelId"),
        )


NO_CLAIMS = ClaimRows()


def _latest(rows: Iterable[Json], key: str) -> tuple[Json, ...]:
    return tuple({text(row, key): row for row in rows if text(row, key)}.values())


def by_order(
    receipts: Iterable[Json] = (), exchanges: Iterable[Json] = (), withdrawals: Iterable[Json] = ()
) -> dict[str, ClaimRows]:
    """Rows of the claim lists by the order they name; rows that name none are left out."""
    found: dict[str, ClaimRows] = {}
    told = (
        *((row, ClaimRows(receipts=(row,))) for row in receipts),
        *((row, ClaimRows(exchanges=(row,))) for row in exchanges),
        *((row, ClaimRows(withdrawals=(row,))) for row in withdrawals),
    )
    for row, rows in told:
        if order := text(row, "orderId"):
            found[order] = found.get(order, NO_CLAIMS).plus(rows)
    return found


def attach(line: ChannelLine, rows: ClaimRows) -> ChannelLine:
    """The line with all its claims, and its end where they brought it one."""
    left = None if line.stage is Stage.UNKNOWN else line.stage not in {*codes.IN_HOUSE, Stage.CANCELLED}
    claims, readable = _claims_of(rows, line.option_code, left=left)
    if (stopped := open_cancel(line)) and not any(claim.stage in OPEN_CLAIMS for claim in claims):
        # The sheet shows a stop its receipts do not tell yet: it stops the parcel all the same.
        claims = (*claims, ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.REQUESTED, "", stopped))
    stage = _choose_stage(line, claims) if readable else Stage.UNKNOWN
    return replace(line, stage=stage, claims=claims, claims_known=True)


def _choose_stage(line: ChannelLine, claims: Sequence[ClaimSnapshot]) -> Stage:
    done = [claim for claim in claims if claim.stage is ClaimStage.DONE]
    if line.stage is Stage.UNKNOWN:
        return line.stage
    if line.remaining == 0:
        return next((codes.ENDS[claim.kind] for claim in reversed(done) if claim.kind in codes.ENDS), line.stage)
    exchanged = sum(claim.quantity for claim in done if claim.kind is ClaimKind.EXCHANGE)
    return Stage.EXCHANGED if exchanged >= line.remaining else line.stage


def explains(rows: ClaimRows, line: ChannelLine) -> bool:
    """Whether these claims account for what the sheet shows of a line: the pieces gone, and an open stop request."""
    claims = attach(line, rows).claims
    gone = sum(claim.quantity for claim in claims if claim.stage is ClaimStage.DONE and claim.kind in codes.ENDS)
    asked = any(claim.stage in OPEN_CLAIMS and claim.claim_id for claim in claims)
    return gone >= line.quantity - line.remaining and (asked or not has_open_cancel(line))


def named_by(rows: ClaimRows, order_number: str) -> set[str]:
    """The lines of an order that its receipts name."""
    items = (item for receipt in rows.receipts for item in rows_of(receipt, "returnItems"))
    return {write_line_key(order_number, text(item, "vendorItemId")) for item in items}


def read_gone(rows: ClaimRows, order_number: str, *, known: Iterable[str]) -> list[ChannelLine]:
    """Lines of an order that no box shows any more, built from its receipts. `known`: line keys the boxes do show.

    A receipt tells neither the order's date nor the recipient: the date is that of the first claim, the address empty.
    """
    withdrawn = {text(row, "cancelId") for row in rows.withdrawals}
    found: dict[str, list[tuple[Json, Json]]] = {}
    for receipt in rows.receipts:
        if text(receipt, "receiptId") in withdrawn:
            continue
        for item in rows_of(receipt, "returnItems"):
            if vendor_item := text(item, "vendorItemId"):
                found.setdefault(vendor_item, []).append((receipt, item))
    seen = set(known)
    return [
        _read_gone_line(rows, order_number, vendor_item, told)
        for vendor_item, told in found.items()
        if write_line_key(order_number, vendor_item) not in seen
    ]


def _read_gone_line(
    rows: ClaimRows, order_number: str, vendor_item: str, told: Sequence[tuple[Json, Json]]
) -> ChannelLine:
    receipt, item = told[-1]
    claims, readable = _claims_of(rows, vendor_item, left=None)
    done = [claim for claim in claims if claim.stage is ClaimStage.DONE]
    stage = next((codes.ENDS[claim.kind] for claim in reversed(done) if claim.kind in codes.ENDS), Stage.UNKNOWN)
    dates = [moment(each, "createdAt") for each, _ in told]
    ordered_at = min((date for date in dates if date is not None), default=None)
    line_key = write_line_key(order_number, vendor_item)
    quantity = max(whole(item, "purchaseCount") or 0, sum(claim.quantity for claim in done), 0)
    if not readable or ordered_at is None:
        stage = Stage.UNKNOWN
    return ChannelLine(
        line_key=line_key,
        order_number=order_number,
        unit=text(item, "shipmentBoxId") or line_key,
        stage=stage,
        stage_raw=_stage_words(receipt),
        quantity=quantity,
        remaining=quantity if stage is Stage.UNKNOWN else 0,
        amount=Decimal(0),
        currency="KRW",
        ordered_at=ordered_at or UNDATED,
        paid_at=None,
        product_code=text(item, "sellerProductId"),
        product_name=text(item, "sellerProductName") or text(item, "vendorItemName"),
        option_code=vendor_item,
        option_text=text(item, "vendorItemName"),
        seller_code="",
        unit_price=Decimal(0),
        recipient=Address(),
        claims=claims,
        raw={"receipts": [each for each, _ in told]},
    )


# One claim


def _claims_of(rows: ClaimRows, vendor_item: str, *, left: bool | None) -> tuple[tuple[ClaimSnapshot, ...], bool]:
    """The claims about one vendor item, oldest first, and whether every word of them is known.

    left    its parcel went out; None when nobody knows any more
    """
    found: list[ClaimSnapshot] = []
    readable = True
    withdrawn = {text(row, "cancelId"): row for row in rows.withdrawals}
    for receipt in rows.receipts:
        for item in _items_of(receipt, vendor_item):
            gone = withdrawn.pop(text(receipt, "receiptId"), None)
            found.append(_read_receipt(receipt, item, withdrawal=gone, left=left))
            readable = readable and (gone is not None or _is_readable(receipt))
    found += [_read_withdrawal(row, left=left) for row in withdrawn.values() if vendor_item in _named_by(row)]
    for exchange in rows.exchanges:
        count = _exchanged(exchange, vendor_item)
        if count is not None:
            found.append(_read_exchange(exchange, count))
            readable = readable and text(exchange, "exchangeStatus") in codes.EXCHANGE_STAGES
    return tuple(sorted(found, key=_asked_at)), readable


def _asked_at(claim: ClaimSnapshot) -> datetime:
    return claim.requested_at or claim.changed_at or UNDATED


def _items_of(receipt: Json, vendor_item: str) -> list[Json]:
    """The receipt's row about a vendor item: one, with the pieces of all of them."""
    items = [item for item in rows_of(receipt, "returnItems") if text(item, "vendorItemId") == vendor_item]
    if len(items) < 2:
        return items
    return [{**items[0], "cancelCount": sum(max(whole(item, "cancelCount") or 0, 0) for item in items)}]


def _is_readable(receipt: Json) -> bool:
    return (
        text(receipt, "receiptType") in {codes.CANCEL, codes.RETURN}
        and text(receipt, "receiptStatus") in codes.RECEIPT_STAGES
        and text(receipt, "releaseStopStatus") in codes.STOP_WORDS
    )


def _read_receipt(receipt: Json, item: Json, *, withdrawal: Json | None, left: bool | None) -> ClaimSnapshot:
    kind, stage = _choose_kind(receipt, item, left=left)
    parcel = next(iter(rows_of(receipt, "returnDeliveryDtos")), NOTHING)
    if withdrawal is not None:
        stage = ClaimStage.WITHDRAWN
    return ClaimSnapshot(
        kind=kind,
        stage=stage,
        claim_id=text(receipt, "receiptId"),
        quantity=max(whole(item, "cancelCount") or 0, 0),
        reason=_reason(receipt),
        requested_at=moment(receipt, "createdAt"),
        changed_at=moment(withdrawal, "createdAt") if withdrawal is not None else moment(receipt, "modifiedAt"),
        stage_raw=_stage_words(receipt),
        fault=codes.FAULTS.get(text(receipt, "faultByType"), ""),
        collect_carrier=_our_carrier(text(parcel, "deliveryCompanyCode")),
        collect_waybill=text(parcel, "deliveryInvoiceNo"),
    )


def _choose_kind(receipt: Json, item: Json, *, left: bool | None) -> tuple[ClaimKind, ClaimStage]:
    """What a receipt means to us, most telling word first; words not in the tables count as an open request.

    CANCEL is the payment stage's, done at once. A RETURN is a cancel while the goods are in the house: the stop was
    asked for, or made (처리(출고중지)); said to be too late (이미출고) or after the parcel left it is a return.
    """
    stop, release = text(receipt, "releaseStopStatus"), text(item, "releaseStatus").upper()
    status = text(receipt, "receiptStatus")
    stage = codes.RECEIPT_STAGES.get(status, ClaimStage.REQUESTED)
    if text(receipt, "receiptType") == codes.CANCEL:
        return ClaimKind.CANCEL, ClaimStage.DONE if status and status != codes.STOP_ASKED else stage
    if stop == codes.STOPPED or release == codes.HELD_BACK:
        return ClaimKind.CANCEL, ClaimStage.DONE
    if stop in codes.TOO_LATE or release == codes.RELEASED:
        return ClaimKind.RETURN, stage
    in_house = release == codes.NOT_RELEASED if left is None else not left
    return (ClaimKind.CANCEL if in_house else ClaimKind.RETURN), stage


def _stage_words(receipt: Json) -> str:
    words = (text(receipt, key) for key in ("receiptType", "receiptStatus", "releaseStopStatus"))
    return "/".join(word for word in words if word)


def _reason(row: Json) -> str:
    """The reason from a list, never the buyer's own words (cancelReason, reasonEtcDetail)."""
    code = text(row, "reasonCode")
    words = (text(row, "cancelReasonCategory1"), text(row, "cancelReasonCategory2"))
    return text(row, "reasonCodeText") or " / ".join(word for word in words if word) or codes.REASONS.get(code, code)


def _our_carrier(code: str) -> str:
    return codes.CARRIERS_BACK.get(code, code)


def _named_by(withdrawal: Json) -> set[str]:
    listed = withdrawal.get("vendorItemIds")
    return {str(each) for each in listed if isinstance(each, str | int)} if isinstance(listed, list) else set()


def _read_withdrawal(row: Json, *, left: bool | None) -> ClaimSnapshot:
    """A claim taken back whose receipt is no longer told."""
    return ClaimSnapshot(
        kind=ClaimKind.RETURN if left else ClaimKind.CANCEL,
        stage=ClaimStage.WITHDRAWN,
        claim_id=text(row, "cancelId"),
        changed_at=moment(row, "createdAt"),
        stage_raw="WITHDRAWN",
        fault=codes.WITHDRAWN_FAULTS.get(text(row, "refundDeliveryDuty"), ""),
    )


def _exchanged(exchange: Json, vendor_item: str) -> int | None:
    """How many pieces of a vendor item an exchange is about; None when it is about others.

    collectInformationsDto names vendor items; exchangeItemDtoV1s stands in, whose orderItemId is the same number in
    the official sample (§10.21).
    """
    coming_back = rows_of(child(exchange, "collectInformationsDto"), "returndeliveryItemDtos")
    counts = [max(whole(row, "count") or 0, 0) for row in coming_back if text(row, "vendorItemId") == vendor_item] or [
        max(whole(row, "quantity") or 0, 0)
        for row in rows_of(exchange, "exchangeItemDtoV1s")
        if not coming_back and vendor_item in {text(row, "orderItemId"), text(row, "vendorItemId")}
    ]
    return sum(counts) if counts else None


def _read_exchange(exchange: Json, count: int) -> ClaimSnapshot:
    status = text(exchange, "exchangeStatus")
    stage = codes.EXCHANGE_STAGES.get(status, ClaimStage.REQUESTED)
    if stage is ClaimStage.COLLECTING and text(exchange, "deliveryStatus") in codes.RESENDING:
        stage = ClaimStage.APPROVED
    back = next(iter(rows_of(exchange, "returnDeliveryDtos")), NOTHING)
    sent = [
        row
        for group in rows_of(exchange, "deliveryInvoiceGroupDtos")
        for row in rows_of(group, "deliveryInvoiceDtos")
        if text(row, "invoiceNumber")
    ]
    again = sent[-1] if sent else NOTHING
    return ClaimSnapshot(
        kind=ClaimKind.EXCHANGE,
        stage=stage,
        claim_id=text(exchange, "exchangeId"),
        quantity=count,
        reason=_reason(exchange),
        requested_at=moment(exchange, "createdAt"),
        changed_at=moment(exchange, "modifiedAt"),
        stage_raw="/".join(word for word in (status, text(exchange, "collectStatus")) if word),
        fault=codes.FAULTS.get(text(exchange, "faultType"), ""),
        collect_carrier=_our_carrier(text(back, "deliveryCompanyCode")),
        collect_waybill=text(back, "deliveryInvoiceNo"),
        resend_carrier=_our_carrier(text(again, "deliverCode")),
        resend_waybill=text(again, "invoiceNumber"),
    )
