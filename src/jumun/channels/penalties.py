"""Penalty rules (벌점): what a channel takes for being late, as the seller entered it (N4). Nothing of it is a constant.

The suggestions are what others wrote in public; two of them disagree, so none is in force before a seller says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jumun.channels.models import PenaltyRule
from jumun.core.errors import JumunError, NotFoundError

MOST_POINTS = Decimal(1000)
MOST_DAYS = 60
LONGEST_SOURCE = 300


class Condition(StrEnum):
    """What a rule looks at: both can be told from what we know."""

    LATE = "late"
    """Not sent `days` business days after ship-by (0: as soon as it passed)."""
    CLAIM_WAITING = "claim_waiting"
    """A return asked for `days` business days ago is still open."""


CONDITION_LABELS: dict[Condition, tuple[str, str]] = {
    Condition.LATE: ("발송기한이 지난 뒤 영업일", "Business days past ship-by"),
    Condition.CLAIM_WAITING: ("반품 요청 뒤 처리하지 않은 영업일", "Business days a return waits"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule somebody reported. `source` says who; `doubt` why it should be checked, as (Korean, English)."""

    channel: str
    condition: Condition
    days: int
    points: Decimal
    source: str
    doubt: tuple[str, str]


SUGGESTIONS: tuple[Suggestion, ...] = (
    Suggestion("naver", Condition.LATE, 1, Decimal(1), "webuzzhint.com", ("블로그 글입니다.", "From a blog.")),
    Suggestion(
        "naver",
        Condition.LATE,
        4,
        Decimal(3),
        "webuzzhint.com · m.blog.naver.com/snsnumber8",
        ("두 블로그의 날수가 4일과 5일로 다릅니다.", "Two blogs disagree: 4 or 5 days."),
    ),
    Suggestion("naver", Condition.CLAIM_WAITING, 3, Decimal(1), "webuzzhint.com", ("블로그 글입니다.", "From a blog.")),
)


def list_rules(*, active_on: date | None = None) -> list[PenaltyRule]:
    """Every rule, by channel, condition and days; with a day only those in force then. One statement."""
    rules = PenaltyRule.objects.order_by("channel", "condition", "days", "id")
    if active_on is not None:
        rules = rules.filter(active=True, valid_from__lte=active_on)
    return [rule for rule in rules if active_on is None or rule.valid_to is None or rule.valid_to >= active_on]


def points_for(rules: Sequence[PenaltyRule], channel: str, condition: Condition, days: int) -> Decimal:
    """What one item costs after so many business days: the highest of the rules it meets, not their sum."""
    met = [r.points for r in rules if r.channel == channel and r.condition == condition and days >= r.days]
    return max(met, default=Decimal(0))


@dataclass(frozen=True, slots=True)
class RuleFields:
    """What a seller enters of a rule."""

    channel: str
    condition: str
    days: int
    points: Decimal
    source: str
    valid_from: date
    valid_to: date | None = None
    active: bool = False


def save_rule(company_id: int, fields: RuleFields, *, rule_id: int | None = None) -> PenaltyRule:
    """Add a rule, or change one. Raises JumunError("invalid"), NotFoundError."""
    _check(fields)
    values = {name: getattr(fields, name) for name in RuleFields.__dataclass_fields__}
    if rule_id is None:
        return PenaltyRule.objects.create(company_id=company_id, **values)
    if not PenaltyRule.objects.filter(id=rule_id).update(**values):
        raise NotFoundError("not_found")
    return PenaltyRule.objects.get(id=rule_id)


def switch_rule(rule_id: int, *, active: bool) -> None:
    """Put a rule in force, or out of it. Raises NotFoundError."""
    if not PenaltyRule.objects.filter(id=rule_id).update(active=active):
        raise NotFoundError("not_found")


def delete_rule(rule_id: int) -> None:
    """Raises NotFoundError."""
    if not PenaltyRule.objects.filter(id=rule_id).delete()[0]:
        raise NotFoundError("not_found")


def _check(fields: RuleFields) -> None:
    faults = {
        "channel": not fields.channel or len(fields.channel) > 40,
        "condition": fields.condition not in list(Condition),
        "days": not 0 <= fields.days <= MOST_DAYS,
        "points": not 0 < fields.points <= MOST_POINTS or fields.points.as_tuple().exponent < -1,  # type: ignore[operator]
        "source": len(fields.source) > LONGEST_SOURCE or "\x00" in fields.source,
        "valid_to": fields.valid_to is not None and fields.valid_to < fields.valid_from,
    }
    for field, wrong in faults.items():
        if wrong:
            raise JumunError("invalid", field=field)
