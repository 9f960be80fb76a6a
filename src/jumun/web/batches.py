"""최근 작업: what people did with items, how much of it went through, and taking it back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jumun.companies.roles import May
from jumun.core.errors import NotAllowedError
from jumun.dispatch.undoable import Left, count_undoable
from jumun.orders.batches import BatchShown, get_batch, list_batches
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.items import may_do
from jumun.web.shell import page, part

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One batch in words; `undo` when this person may take (some of) it back."""

    batch: BatchShown
    name: str
    undo: bool


@require_GET
@company_page(May.READ)
def batches(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page, newest first; for htmx the next rows or the whole list again."""
    mine = request.GET.get("who") == "me"
    found = list_batches(by=desk.person if mine else None, cursor=request.GET.get("cursor") or None, limit=ROWS)
    left = count_undoable([batch for batch in found.items if may_do(desk, batch.action)])
    context: dict[str, Any] = {
        "rows": [_row(batch, left) for batch in found.items],
        "next_cursor": found.next_cursor,
        "who": "me" if mine else "",
    }
    wish = request.GET.get("part", "")
    if wish == "rows":
        return part(request, desk, "web/parts/batch_rows.html", **context)
    if wish == "list":
        return part(request, desk, "web/parts/batches.html", **context)
    return page(request, desk, "web/batches.html", "jobs", **context)


@require_GET
@company_page(May.READ)
def ask_undo(request: HttpRequest, desk: Desk, batch: UUID) -> HttpResponse:
    """What taking a batch back would do, before the click."""
    found = get_batch(batch)
    if not may_do(desk, found.action):
        raise NotAllowedError("not_allowed")
    left = count_undoable([found], most=None).get(batch)
    return part(
        request,
        desk,
        "web/parts/undo.html",
        batch=found,
        left=left.items if left else 0,
        stays=found.done - (left.items if left else 0),
    )


def _row(batch: BatchShown, left: dict[UUID, Left]) -> Row:
    name = words.name_action(batch.action)
    if batch.action == "undo" and batch.undoes_action:
        name = _("되돌림: {action}").format(action=words.name_action(batch.undoes_action))
    return Row(batch, name, batch.id in left and left[batch.id].any)
