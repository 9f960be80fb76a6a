"""재고: what lies where, changes of many rows at once, the ledger, and stock by sheet (I28, N20)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.catalog.queries import list_ship_froms
from jumun.channels.profile import Can
from jumun.channels.registry import profiles
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.halves import received
from jumun.core.sentences import sentence
from jumun.stock.actions import KINDS, RowRefusal, StockChanged, StockRow, change_stock, set_stock
from jumun.stock.queries import StockQuery, count_low, list_moves, list_stock
from jumun.stock.stock_sheets import put_stock_sheet
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.once import make_nonce, once
from jumun.web.shell import page, part

ROWS = 100
MOVES = 100
SHOWN = 200
LONGEST = 500
SAFETY = "safety"
ACTIONS = {
    "receive": gettext_lazy("입고 (+)"),
    "adjust": gettext_lazy("조정 (±)"),
    "count": gettext_lazy("실사 (이만큼 있음)"),
    "move": gettext_lazy("이동"),
    "scrap": gettext_lazy("폐기 (−)"),
    SAFETY: gettext_lazy("안전재고 정하기"),
}


@require_GET
@company_page(May.READ)
def stock(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Shelves by SKU code, found by words; with `low`, only what is down to its safety stock."""
    return _show(request, desk, request.GET)


@require_POST
@company_page(May.CATALOG)
@once
def change(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Do one thing with every row that has a number; what could not be done is named above the list."""
    given = request.POST
    action, to, reason = (_text(given, name) for name in ("action", "to", "reason"))
    if action not in ACTIONS:
        raise JumunError("invalid", field="action")
    fields = (given.getlist(name) for name in ("sku", "ship_from", "quantity"))
    rows = [
        StockRow(sku, place, *_numbers(action, number), to, reason)
        for sku, place, number in zip(*fields, strict=False)
        if number.strip()
    ]
    if not rows:
        raise JumunError("nothing_chosen")
    at = now()
    if action == SAFETY:
        done = set_stock(rows, by=desk.person, at=at)
    else:
        done = change_stock(action, rows, by=desk.person, at=at)
    return _show(request, desk, given, done=done, action=action, kept=_kept(rows, done))


@sensitive_post_parameters("password")
@require_POST
@company_page(May.CATALOG)
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A sheet of stock: what would become of it, or, when asked to save, what did."""
    file, commit = request.FILES.get("file"), request.POST.get("commit") == "1"
    if file is None:
        raise JumunError("invalid", field=_("파일"))
    with received(file.chunks()) as path:
        done = put_stock_sheet(
            path, by=desk.person, at=now(), dry_run=not commit, password=request.POST.get("password") or None
        )
    return part(
        request,
        desk,
        "web/parts/stock_told.html",
        done=done,
        refused=_told(done.refused, from_sheet=True),
        refused_total=len(done.refused),
        commit=commit,
    )


@require_GET
@company_page(May.READ)
def moves(request: HttpRequest, desk: Desk) -> HttpResponse:
    """재고 원장: every change, newest first; of one SKU, of one kind."""
    asked = request.GET
    sku, kind, after = (_text(asked, name) for name in ("sku", "kind", "after"))
    if kind and kind not in words.STOCK_MOVES:
        raise JumunError("invalid", field="kind")
    found = list_moves(sku=sku, kinds=[kind] if kind else [], cursor=after or None, limit=MOVES)
    rows = [(row, words.STOCK_MOVES[row.kind], words.STOCK_CAUSES.get(row.cause, row.cause)) for row in found.rows]
    kept = {name: value for name, value in (("sku", sku), ("kind", kind)) if value}
    return page(
        request,
        desk,
        "web/stock_moves.html",
        "stock",
        rows=rows,
        sku=sku,
        kind=kind,
        kinds=words.STOCK_MOVES.items(),
        following=urlencode(kept | {"after": found.next_cursor}) if found.next_cursor else "",
    )


def _show(request: HttpRequest, desk: Desk, asked: QueryDict, **context: Any) -> HttpResponse:
    wanted = StockQuery(q=_text(asked, "q")[:100], ship_from=_text(asked, "place"), low=asked.get("low") in ("1", "on"))
    found = list_stock(wanted, cursor=_text(asked, "after") or None, limit=ROWS)
    kept = {"q": wanted.q, "place": wanted.ship_from, "low": "1" if wanted.low else ""}
    kept = {name: value for name, value in kept.items() if value}
    typed = context.pop("kept", {})
    done: StockChanged | None = context.get("done")
    return page(
        request,
        desk,
        "web/stock.html",
        "stock",
        rows=[(row, typed.get((row.sku, row.ship_from), "")) for row in found.rows],
        following=urlencode(kept | {"after": found.next_cursor}) if found.next_cursor else "",
        wanted=wanted,
        after=_text(asked, "after"),
        filtered=bool(kept),
        places=list_ship_froms(),
        low_count=count_low(),
        actions=ACTIONS.items(),
        told_to=[words.name_channel(each.kind) for each in profiles() if Can.PUSH_STOCK in each.can],
        refused=_told(done.refused) if done else [],
        refused_total=len(done.refused) if done else 0,
        nonce=make_nonce(),
        **({"action": "receive"} | context),
    )


def _told(refused: Sequence[RowRefusal], *, from_sheet: bool = False) -> list[tuple[str, str]]:
    """Which row, and why."""
    return [
        (
            f"{each.row} · {each.sku}" if from_sheet else f"{each.sku} {each.ship_from}".strip(),
            sentence(each.code, language()),
        )
        for each in refused[:SHOWN]
    ]


def _kept(rows: Sequence[StockRow], done: StockChanged) -> dict[tuple[str, str], str]:
    """The numbers of rows that were refused stand in their fields still."""
    refused = [rows[each.row] for each in done.refused]
    return {
        (row.sku, row.ship_from): str(row.safety if row.quantity is None else row.quantity)
        for row in refused
        if row.quantity is not None or row.safety is not None
    }


def _numbers(action: str, typed: str) -> tuple[int | None, int | None]:
    """(quantity, safety); a number that is none is refused with its row."""
    text = typed.replace(",", "").strip()
    digits = text.removeprefix("-").removeprefix("+")
    number = int(text) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None
    if action == SAFETY:
        return None, -1 if number is None else number
    return number, None


def _text(given: QueryDict, name: str) -> str:
    text = given.get(name, "").strip()[:LONGEST]
    if "\x00" in text:
        raise JumunError("invalid", field=name)
    return text


if set(ACTIONS) != {*KINDS, SAFETY}:
    raise RuntimeError("an action on stock has no name")
