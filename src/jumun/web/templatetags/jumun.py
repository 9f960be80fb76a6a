"""Our words in templates."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from django import template

from jumun.core.clock import now
from jumun.web import words
from jumun.web.once import make_nonce

register = template.Library()

register.filter("status", words.name_status)
register.filter("claim", words.name_claim)
register.filter("action", words.name_action)
register.filter("hold", words.name_hold)
register.filter("carrier", words.name_carrier)
register.filter("channel", words.name_channel)
register.filter("role", words.name_role)
register.filter("code", words.tell_code)
register.filter("count", words.tell_count)
register.filter("phone", words.tell_phone)


def _labels(table: Mapping[str, object], *, otherwise: str | None = None) -> Callable[[str], str]:
    """A filter that reads a word's label from a table; a word the table does not know stands for itself."""
    return lambda value: str(table.get(value, value if otherwise is None else otherwise))


register.filter("push", _labels(words.PUSHES))
register.filter("fault", _labels(words.FAULTS))
register.filter("effect", _labels(words.EFFECT_STATES))
register.filter("verb", _labels(words.EFFECT_VERBS))
register.filter("job_kind", _labels(words.JOB_KINDS))
register.filter("job_status", _labels(words.JOB_STATUSES))
register.filter("outcome", _labels(words.OUTCOMES))
register.filter("account_state", _labels(words.ACCOUNT_STATES))
register.filter("origin", _labels(words.ORIGINS, otherwise=""))


@register.filter
def ago(moment: datetime | None) -> str:
    """4분 전."""
    return words.tell_time(moment, now())


@register.filter
def moment(value: datetime | None) -> str:
    """오늘 09:31."""
    return words.tell_moment(value, now())


@register.filter
def due(value: datetime | None) -> tuple[str, str]:
    """("late", "3시간 지남")."""
    return words.tell_due(value, now())


@register.filter
def money(amount: Decimal, currency: str = "KRW") -> str:
    """12,900."""
    return words.tell_money(amount, currency)


@register.filter
def cash(amount: Decimal, currency: str = "KRW") -> str:
    """12,900원."""
    return words.tell_cash(amount, currency)


@register.filter
def thousands(number: int) -> str:
    """1,204."""
    return f"{number:,}"


@register.filter
def signed(number: int) -> str:
    """+1,204, −3, and nothing for 0."""
    return "" if number == 0 else f"{number:+,}".replace("-", "−")


@register.filter
def of(mapping: Mapping[str, object], key: str) -> object:
    """A value of a mapping, or ""."""
    return mapping.get(key, "")


@register.simple_tag
def nonce() -> str:
    """A fresh value for the form that is being drawn: sent twice, it is done once."""
    return make_nonce()
