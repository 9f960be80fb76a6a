"""An order's timeline, and what people write to each other in it. Comments may hold personal data: never logged."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.queries import list_members
from jumun.companies.roles import May
from jumun.companies.trail import list_looks_at
from jumun.core.clock import now
from jumun.dispatch.undoable import count_undoable
from jumun.orders.actions.comment import add_comment, delete_comment, restore_comment
from jumun.orders.batches import list_batches_by_id
from jumun.orders.comments import LONGEST, list_comments
from jumun.orders.queries import get_order
from jumun.web.access import Desk, company_page
from jumun.web.items import may_do
from jumun.web.once import once
from jumun.web.shell import part
from jumun.web.telling import Beside, tell

PEOPLE = 500
"""Members whose names are highlighted when mentioned."""


@never_cache
@require_GET
@company_page(May.READ)
def timeline(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    """Everything that happened to an order, newest first."""
    return _timeline(request, desk, order_id)


@sensitive_post_parameters()
@never_cache
@require_POST
@company_page(May.PACK)
@once
def add(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    """Write a comment; the timeline comes back with it on top."""
    add_comment(order_id, request.POST.get("text", ""), by=desk.person, at=now())
    return _timeline(request, desk, order_id)


@never_cache
@require_POST
@company_page(May.PACK)
def delete(request: HttpRequest, desk: Desk, order_id: int, comment_id: int) -> HttpResponse:
    """Take one's own comment away; the notice can bring it back."""
    delete_comment(order_id, comment_id, by=desk.person, at=now())
    back = f"/c/{desk.slug}/orders/{order_id}/comments/{comment_id}/restore"
    response = part(request, desk, "web/parts/done.html", text=_("댓글을 지웠습니다."), back=back)
    response["HX-Trigger-After-Settle"] = "timeline-changed"
    return response


@never_cache
@require_POST
@company_page(May.PACK)
def restore(request: HttpRequest, desk: Desk, order_id: int, comment_id: int) -> HttpResponse:
    """되돌리기 of a deleted comment."""
    restore_comment(order_id, comment_id, by=desk.person)
    response = part(request, desk, "web/parts/done.html", text=_("댓글을 되살렸습니다."))
    response["HX-Trigger-After-Settle"] = "timeline-changed"
    return response


def _timeline(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    found = get_order(order_id)
    comments, _more = list_comments(order_id)
    mentioned = any("@" in each.text for each in comments)
    names = [member.name for member in list_members(limit=PEOPLE)] if mentioned else []
    looks = list_looks_at(f"order:{order_id}", since=found.ordered_at)
    lines = tell(found.timeline, found.items, Beside(comments, looks, names))
    batches = list_batches_by_id(list({line.batch for line in lines if line.batch is not None}))
    left = count_undoable([batches[line.undo] for line in lines if line.undo in batches])
    shown: list[dict[str, Any]] = []
    offered = set()
    for line in lines:
        batch = batches.get(line.batch) if line.batch else None
        undo = line.undo if line.undo in left and left[line.undo].any and line.undo not in offered else None
        if undo is not None and (batch is None or not may_do(desk, batch.action)):
            undo = None
        offered.add(undo)
        shown.append(
            {
                "line": replace(line, undo=undo),
                "others": batch.done - line.items if batch is not None and batch.done > line.items else 0,
                "job": batch.job if batch is not None else None,
            }
        )
    context = {
        "order_id": order_id,
        "timeline": shown,
        "people": list(dict.fromkeys(line.person for line in lines if line.person)),
        "longest": LONGEST,
    }
    return part(request, desk, "web/parts/timeline.html", **context)
