"""Our words in templates."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django import template

from jumun.core.clock import now
from jumun.web import words

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


@register.filter
def push(value: str) -> str:
    """전송 실패."""
    return str(words.PUSHES.get(value, value))


@register.filter
def effect(value: str) -> str:
    """The state of something a channel was told."""
    return str(words.EFFECT_STATES.get(value, value))


@register.filter
def job_kind(value: str) -> str:
    """주문 수집."""
    return str(words.JOB_KINDS.get(value, value))


@register.filter
def job_status(value: str) -> str:
    """진행 중."""
    return str(words.JOB_STATUSES.get(value, value))


@register.filter
def outcome(value: str) -> str:
    """완료."""
    return str(words.OUTCOMES.get(value, value))


@register.filter
def account_state(value: str) -> str:
    """정상."""
    return str(words.ACCOUNT_STATES.get(value, value))


@register.filter
def origin(value: str) -> str:
    """사은품."""
    return str(words.ORIGINS.get(value, ""))


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
def of(mapping: Mapping[str, object], key: str) -> object:
    """A value of a mapping, or ""."""
    return mapping.get(key, "")
