"""벌점 규칙: what a channel takes for lateness, entered and switched on by the seller (N4)."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.calendar import today
from jumun.channels.penalties import (
    CONDITION_LABELS,
    SUGGESTIONS,
    Condition,
    RuleFields,
    delete_rule,
    list_rules,
    save_rule,
    switch_rule,
)
from jumun.channels.registry import profiles
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.shell import page


@require_GET
@company_page(May.READ)
def penalties(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rules, and what others reported as a suggestion."""
    rules = list_rules()
    known = {(rule.channel, rule.condition, rule.days) for rule in rules}
    return page(
        request,
        desk,
        "web/penalties.html",
        "penalties",
        rules=[(rule, name_condition(rule.condition)) for rule in rules],
        suggestions=[
            (each, name_condition(each.condition), each.doubt[1] if words.in_english() else each.doubt[0])
            for each in SUGGESTIONS
            if (each.channel, each.condition.value, each.days) not in known
        ],
        conditions=[(each.value, name_condition(each)) for each in Condition],
        channels=[(profile.kind, words.name_channel(profile.kind)) for profile in profiles()],
        today=today(now()),
        none_active=not any(rule.active for rule in rules),
    )


def name_condition(condition: str) -> str:
    """A condition in the page's language."""
    ko, en = CONDITION_LABELS[Condition(condition)]
    return en if words.in_english() else ko


@require_POST
@company_page(May.ACCOUNTS)
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Enter a rule; it is off until it is switched on."""
    given = request.POST
    try:
        fields = RuleFields(
            channel=given.get("channel", ""),
            condition=given.get("condition", ""),
            days=int(given.get("days", "")),
            points=Decimal(given.get("points", "")),
            source=given.get("source", "").strip(),
            valid_from=date.fromisoformat(given.get("valid_from", "")),
            valid_to=date.fromisoformat(given["valid_to"]) if given.get("valid_to") else None,
        )
        if not fields.points.is_finite():
            raise ValueError
    except (ValueError, InvalidOperation) as problem:
        raise JumunError("invalid", field=_("날수·점수·날짜")) from problem
    save_rule(desk.company_id, fields)
    return redirect(f"/c/{desk.slug}/penalties")


@require_POST
@company_page(May.ACCOUNTS)
def switch(request: HttpRequest, desk: Desk, rule_id: int) -> HttpResponse:
    """Put a rule in force, or out of it."""
    switch_rule(rule_id, active=request.POST.get("active") == "true")
    return redirect(f"/c/{desk.slug}/penalties")


@require_POST
@company_page(May.ACCOUNTS)
def delete(request: HttpRequest, desk: Desk, rule_id: int) -> HttpResponse:
    """Delete a rule."""
    delete_rule(rule_id)
    return redirect(f"/c/{desk.slug}/penalties")
