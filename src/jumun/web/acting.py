"""Doing something with chosen items: first what would happen, then the deed, its refusals, and taking it back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May
from jumun.core.clock import KST, now, read_moment
from jumun.core.errors import JumunError, NotAllowedError
from jumun.core.refusal import Outcome, Refusal
from jumun.dispatch.doing import act
from jumun.dispatch.undoing import undo
from jumun.orders.actions.hold import REASONS
from jumun.orders.batches import get_batch, list_refusals
from jumun.orders.chosen import count_by_account
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import MOST, ItemRow, list_items
from jumun.orders.selection import Selection
from jumun.orders.states import MARKS, MOVES
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.filtering import read_address
from jumun.web.items import may_do
from jumun.web.once import once
from jumun.web.shell import part

HELD_BY_PEOPLE = ("customer", "address", "stock", "payment", "fraud", "other")
"""Reasons offered for a hold; the others are set by collection."""
LONGEST_NOTE = 500
NAMED = 40
"""Refused items looked through for the shipments that the dialog names."""
IN_CARD = 20
"""Refused items named in the result card; all of them are a view of the list."""


@dataclass(frozen=True, slots=True)
class Left:
    """An item left alone. `blocks`: its shipment stayed because of it, so it may be taken out."""

    item: ItemRow | None
    id: int
    code: str
    reason: str
    blocks: bool


@require_POST
@company_page(May.READ)
def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What an action would do with the selection. Changes nothing."""
    action = _action(request, desk)
    chosen = read_selection(request.POST)
    params = {"reason": "other"} if action == "hold" else {}
    outcome = act(action, chosen, params=params, by=desk.person, at=now(), dry_run=True)
    reasons = Counter(outcome.reasons)
    return part(
        request,
        desk,
        "web/parts/preview.html",
        action=action,
        outcome=outcome,
        passed=_passed(request.POST),
        remote=action in MOVES and MOVES[action].remote,
        grave=action == "cancel",
        reasons=[(words.tell_code(code), number) for code, number in reasons.most_common()],
        accounts=count_by_account(chosen) if chosen.ids is None else [],
        left=_shipments(describe(outcome.refused[:NAMED])),
        holds=[(code, words.name_hold(code)) for code in HELD_BY_PEOPLE],
        undoable=_may_undo(action),
        final=not _may_undo(action) and not (action in MOVES and MOVES[action].remote),
        widened=chosen.ids is not None and outcome.done > len(chosen.ids),
    )


@require_POST
@company_page(May.READ)
@once
def do(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Do it, once a nonce; without one twice is harmless too: what has moved already is refused."""
    action = _action(request, desk)
    params: dict[str, Any] = {}
    if action == "hold":
        params = _hold_params(request.POST)
    outcome = act(action, read_selection(request.POST), params=params, by=desk.person, at=now())
    return tell_outcome(request, desk, action, outcome)


def _hold_params(form: QueryDict) -> dict[str, Any]:
    """Why, with what note, and until when: a moment in Seoul. Raises JumunError("invalid")."""
    params = {"reason": form.get("reason", ""), "note": form.get("note", "").strip()}
    if params["reason"] not in REASONS:
        raise JumunError("invalid", field=_("보류 사유"))
    if len(params["note"]) > LONGEST_NOTE:
        raise JumunError("invalid", field=_("메모"))
    if until := form.get("until", "").strip():
        try:
            params["until"] = datetime.fromisoformat(until).replace(tzinfo=KST).isoformat()
        except ValueError as problem:
            raise JumunError("invalid", field=_("저절로 풀리는 때 (비우면 풀 때까지)")) from problem
    return params


@require_POST
@company_page(May.READ)
@once
def take_back(request: HttpRequest, desk: Desk, batch: UUID) -> HttpResponse:
    """되돌리기. Whoever may do an action may take it back."""
    if not may_do(desk, get_batch(batch).action):
        raise NotAllowedError("not_allowed")
    outcome = undo(batch, by=desk.person, at=now())
    return tell_outcome(request, desk, "undo", outcome)


@require_GET
@company_page(May.READ)
def refused(request: HttpRequest, desk: Desk, batch: UUID) -> HttpResponse:
    """More of what a batch left alone."""
    after = request.GET.get("after", "0")
    known = after.isascii() and after.isdigit() and len(after) < 19
    rows, following = list_refusals(batch, after=int(after) if known else 0, limit=MOST)
    left = describe([Refusal(row.item_id, row.code) for row in rows])
    return part(request, desk, "web/parts/refused.html", left=left, batch=batch, following=following)


def tell_outcome(request: HttpRequest, desk: Desk, action: str, outcome: Outcome, **more: Any) -> HttpResponse:
    """The card that says what was done, with undo and the refused ones; lists on the page look again."""
    response = part(
        request,
        desk,
        "web/parts/outcome.html",
        action=action,
        outcome=outcome,
        undo=outcome.batch if outcome.done and _may_undo(action) and outcome.job is None else None,
        left=describe(outcome.refused[:IN_CARD]),
        **more,
    )
    response["HX-Trigger-After-Settle"] = "items-changed, bar-changed"
    return response


def describe(refusals: Sequence[Refusal]) -> list[Left]:
    """Refused items with what a clerk knows them by, and the reason with what to do."""
    ids = [refusal.id for refusal in refusals]
    rows = {row.id: row for row in list_items(ItemFilter(), ids=ids, limit=MOST).items} if ids else {}
    stuck = {rows[refusal.id].shipment_id for refusal in refusals if refusal.code == "companion" and refusal.id in rows}
    return [
        Left(
            rows.get(refusal.id),
            refusal.id,
            refusal.code,
            words.tell_code(refusal.code),
            refusal.code not in ("companion", "alone")
            and refusal.id in rows
            and rows[refusal.id].shipment_id in stuck
            and rows[refusal.id].status in MARKS["take_out"].sources,
        )
        for refusal in refusals
    ]


def _shipments(left: Sequence[Left]) -> list[Left]:
    """The first five shipments of these, each once; first of all those that stop the others."""
    ahead = sorted(left, key=lambda each: each.code == "companion")
    first: dict[int, Left] = {}
    for each in ahead:
        if each.item is not None:
            first.setdefault(each.item.shipment_id, each)
    return list(first.values())[:5]


def read_selection(form: QueryDict) -> Selection:
    """The chosen ids, or "all N of the filter" as of the moment the list was shown.

    Raises JumunError("nothing_chosen" | "invalid").
    """
    if form.get("scope") == "filter":
        as_of = _moment(form.get("as_of", ""))
        return Selection(filter=read_address(QueryDict(form.get("query", "")), at=as_of), as_of=as_of)
    texts = [each for value in form.getlist("ids") for each in value.split(",") if each]
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise JumunError("invalid", field="ids")
    if not texts:
        raise JumunError("nothing_chosen")
    return Selection(ids=tuple(dict.fromkeys(int(text) for text in texts)))


def _moment(text: str) -> datetime:
    try:
        moment = read_moment(text)
    except ValueError as problem:
        raise JumunError("invalid", field="as_of") from problem
    if not 2000 <= moment.year < 2100:
        raise JumunError("invalid", field="as_of")
    return moment


def _passed(form: QueryDict) -> list[tuple[str, str]]:
    """The selection again, for the button that does it."""
    if form.get("scope") == "filter":
        return [(name, form.get(name, "")) for name in ("scope", "query", "as_of")]
    return [("ids", ",".join(form.getlist("ids")))]


def _action(request: HttpRequest, desk: Desk) -> str:
    action = request.POST.get("action", "")
    if action not in MOVES and action not in MARKS:
        raise JumunError("unknown_action", action=action[:40])
    if not may_do(desk, action):
        raise NotAllowedError("not_allowed")
    return action


def _may_undo(action: str) -> bool:
    rule = MOVES.get(action) or MARKS.get(action)
    return rule is not None and rule.undo
