"""The rows of a list as data: the first page inside the page itself, the next ones and changed ones by JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import MOST, ItemRow, count_items, list_items
from jumun.orders.sorting import NEWEST, Sort, read_sort
from jumun.orders.states import Status
from jumun.waybills.queries import ParcelRow, find_numbered, list_parcels
from jumun.web import parcels, words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.filtering import read_address

RESERVES = (Status.PREPARING, Status.READY, Status.LABELLED)
"""Steps an item has stock reserved in."""
DUE_STEPS = (Status.PAID, Status.PREPARING, Status.READY, Status.LABELLED)
"""Before it leaves, a deadline presses."""
WAITING_PUSHES = ("planned", "sending", "unknown")
_INERT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}

Badge = tuple[str, str, str, str]
"""Class, text, title, address."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, the cursor of the next ones, and which step they are of ("" for several)."""

    step: str
    rows: list[dict[str, Any]]
    next_cursor: str | None
    shipped: list[parcels.Parcel]


@require_GET
@company_page(May.READ)
def rows(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Rows of the address: by `cursor`, or with `ids` only those that still belong to it. A refusal is a sentence."""
    at = now()
    try:
        wanted = read_address(request.GET)
        ids = _read_ids(request.GET.get("ids", ""))
        if ids is None:
            found = read_page(desk, wanted, read_wish(request), cursor=request.GET.get("cursor") or None, at=at)
        else:
            found = read_some(desk, wanted, ids, at=at)
        total = words.tell_count(count_items(wanted))
    except JumunError as problem:
        return JsonResponse({"problem": problem.reason(language()), "code": problem.code}, status=problem.status)
    return JsonResponse(
        {"rows": found.rows, "next_cursor": found.next_cursor, "as_of": at.isoformat(), "total": total},
        json_dumps_params={"ensure_ascii": False},
    )


def _read_ids(text: str) -> list[int] | None:
    if not text:
        return None
    parts = text.split(",")
    if len(parts) > MOST or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise JumunError("invalid", field="ids")
    return [int(part) for part in parts]


def read_wish(request: HttpRequest, kept: str = "") -> Sort:
    """The order the address asks for; one that was kept and is no longer known is the usual one.

    Raises JumunError("invalid").
    """
    asked = request.GET.get("sort", "").strip()
    if asked:
        return read_sort(asked)
    try:
        return read_sort(kept)
    except JumunError:
        return NEWEST


def step_of(wanted: ItemFilter) -> str:
    """The one step a filter is about, or ""."""
    return wanted.status[0] if len(wanted.status) == 1 else ""


def read_page(desk: Desk, wanted: ItemFilter, sort: Sort, *, cursor: str | None, at: datetime) -> Page:
    """One page of a list, as long as the person wants it. Raises JumunError("bad_cursor" | "too_many_to_sort")."""
    step, length = step_of(wanted), desk.preferences.rows_a_page
    made: list[dict[str, Any]] = []
    shipped: list[parcels.Parcel] = []
    while True:
        left = min(MOST, length - len(made))
        if step in parcels.STEPS:
            packed = list_parcels(wanted, cursor=cursor, limit=left, sort=sort)
            some = parcels.describe(desk, step, packed.parcels)
            shipped += some
            made += [parcel_row(each, desk, at) for each in some]
            cursor = packed.next_cursor
        else:
            found = list_items(wanted, cursor=cursor, limit=left, sort=sort)
            made += [item_row(each, at) for each in found.items]
            cursor = found.next_cursor
        if cursor is None or len(made) >= length:
            return Page(step, made, cursor, shipped)


def read_some(desk: Desk, wanted: ItemFilter, ids: Sequence[int], *, at: datetime) -> Page:
    """These rows as they are now, without those that no longer belong to the filter."""
    step = step_of(wanted)
    if step not in parcels.STEPS:
        found = list_items(wanted, ids=ids, limit=MOST).items
        return Page(step, [item_row(each, at) for each in found], None, [])
    bundles = {place.shipment for place in find_numbered(list(ids)).values()}
    bundles &= set(wanted.shipment) if wanted.shipment else bundles
    if not bundles:
        return Page(step, [], None, [])
    some = list_parcels(replace(wanted, shipment=tuple(sorted(bundles))), limit=MOST).parcels
    return Page(step, [parcel_row(each, desk, at) for each in parcels.describe(desk, step, some)], None, [])


def item_row(row: ItemRow, at: datetime) -> dict[str, Any]:
    """An item as the grid shows it: words told, personal data masked."""
    badges: list[Badge] = []
    if row.claim_open:
        badges.append(("st claimed", words.name_claim(row.claim), "", ""))
    badges += _held(row.holds if row.held else [])
    if not row.matched and row.status in (Status.PAID, Status.PREPARING):
        badges.append(("flag hold", _("매칭 안 됨"), "", ""))
    if row.status in RESERVES and row.allocation != "none":
        badges.append(("flag", str(words.ALLOCATIONS[row.allocation]), "", ""))
    badges += _pushed(row.push, row.push_code, "")
    if row.origin in words.ORIGINS:
        badges.append(("flag", str(words.ORIGINS[row.origin]), "", ""))
    return _common(row, at) | {
        "id": row.id,
        "item": row.id,
        "ids": [row.id],
        "badges": badges + _reprint(reprint=row.reprint),
        "product": row.product_name,
        "option": row.option_text,
        "more": "",
        "mode": "",
        "number": row.order_number,
        "paid": words.tell_moment(row.paid_at, at),
        "since": words.tell_moment(row.status_since, at),
        "sku": row.sku,
        "line": row.line_no,
    }


def parcel_row(each: parcels.Parcel, desk: Desk, at: datetime) -> dict[str, Any]:
    """A shipment as the grid shows it. Its `ids` are the items a selection means."""
    row = each.row
    badges: list[Badge] = []
    if row.claim:
        badges.append(("st claimed", words.name_claim(row.claim), "", ""))
    badges += _held(row.holds)
    if len(row.orders) > 1:
        badges.append(("flag", _("합포 %(n)s") % {"n": len(row.orders)}, ", ".join(row.orders), ""))
    badges += _reprint(reprint=row.reprint)
    badges += _pushed(row.push, row.push_code, f"/c/{desk.slug}/transmissions?number={'+'.join(row.orders)}")
    more = row.kinds - 1
    return _common(row, at) | {
        "id": row.shipment_id,
        "item": row.item,
        "ids": row.ids,
        "badges": badges,
        "product": row.product,
        "option": row.option,
        "more": _("외 %(n)s") % {"n": more} if more else "",
        "mode": each.mode,
        "by_hand": each.by_hand,
        "outside": each.outside,
        "number": row.orders[0] if row.orders else "",
    }


def _common(row: ItemRow | ParcelRow, at: datetime) -> dict[str, Any]:
    return {
        "order": row.order_id,
        "bundle": row.shipment,
        "status": row.status,
        "status_text": words.name_status(row.status),
        "channel": row.channel,
        "account": row.account_name,
        "quantity": row.quantity,
        "recipient": row.recipient,
        "address": row.address,
        "due": words.tell_due(row.ship_by, at) if row.status in DUE_STEPS else ("", ""),
        "carrier": row.carrier,
        "carrier_text": words.name_carrier(row.carrier) if row.carrier else "",
        "waybill": row.waybill,
        "amount": words.tell_money(row.amount, row.currency),
        "ordered": words.tell_moment(row.ordered_at, at),
        "holds": ", ".join(words.name_hold(reason) for reason in row.holds),
    }


def _held(reasons: Sequence[str]) -> list[Badge]:
    told = ", ".join(words.name_hold(reason) for reason in reasons)
    return [("flag hold", _("보류"), told, "")] if reasons else []


def _reprint(*, reprint: bool) -> list[Badge]:
    return [("flag hold", _("내용 바뀜: 다시 출력"), "", "")] if reprint else []


def _pushed(push: str, code: str, address: str) -> list[Badge]:
    if push == "rejected":
        return [("flag bad", _("전송 실패"), words.tell_code(code), address)]
    return [("flag", str(words.PUSHES[push]), "", "")] if push in WAITING_PUSHES else []


def write_data(value: object) -> SafeString:
    """JSON that is inert inside a script element."""
    return SafeString(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).translate(_INERT))
