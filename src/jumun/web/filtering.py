"""The address of a list: the conditions it asks for, its default period, and the same address with something changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l

from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.orders.filter_address import DATES, EVERYTHING, NAMES, read_settled, settle, write_text
from jumun.orders.filters import ItemFilter
from jumun.orders.number_lists import get_numbers
from jumun.orders.states import Status

CARRIED = ("view", "sort", "group")
"""What an address says besides its conditions."""
NOTHING: Mapping[str, str] = {}
HANDS = (
    Status.AWAITING_PAYMENT,
    Status.PAID,
    Status.PREPARING,
    Status.READY,
    Status.LABELLED,
    Status.SHIPPED,
)
"""Steps whose goods still need hands: their lists have no period unless one is asked for (C43)."""
NARROW = (
    "claim",
    "held",
    "hold",
    "push",
    "allocation",
    "matched",
    "reprint",
    "number",
    "shipment",
    "line_no",
    "list",
    "recipient",
    "moved_by",
    "refused_by",
    "q",
)
"""Conditions that look for something, or for what waits for a person: no period hides it either."""
AXES = {
    "status": _l("상태"),
    "channel": _l("판매처"),
    "channel_account": _l("판매처"),
    "claim": _l("클레임"),
    "held": _l("보류"),
    "hold": _l("보류 사유"),
    "matched": _l("매칭"),
    "push": _l("쇼핑몰 전송"),
    "allocation": _l("할당"),
    "reprint": _l("출력"),
    "ordered": _l("주문일"),
    "paid": _l("결제일"),
    "ship_by": _l("발송기한"),
    "status_since": _l("상태 변경일"),
    "amount": _l("금액"),
    "sku": _l("SKU"),
    "recipient": _l("받는 분"),
    "memo": _l("메모"),
    "carrier": _l("택배사"),
    "waybill": _l("송장"),
    "number": _l("번호"),
    "shipment": _l("번호"),
    "line_no": _l("번호"),
    "list": _l("붙여넣은 번호"),
    "moved_by": _l("작업"),
    "refused_by": _l("작업"),
    "q": _l("검색"),
}
"""What each condition is called."""


def settled_of(query: QueryDict) -> dict[str, str]:
    """The conditions of an address in their one form. Raises JumunError("bad_condition")."""
    try:
        return settle(dict(query.lists()))
    except JumunError as problem:
        raise _named(problem) from problem


def read_address(query: QueryDict, *, at: datetime | None = None) -> ItemFilter:
    """The filter an address stands for, as it is. Raises JumunError("bad_condition" | "numbers_gone").

    at    the moment that "late" and "today" are meant at; None: now
    """
    return read_conditions(settled_of(query), at=at)


def read_conditions(settled: Mapping[str, str], *, at: datetime | None = None) -> ItemFilter:
    """The filter of settled conditions. Raises JumunError("bad_condition" | "numbers_gone")."""
    numbers = get_numbers(settled["list"]) if settled.get("list") else ()
    try:
        return read_settled(settled, at=at or now(), numbers=numbers)
    except JumunError as problem:
        raise _named(problem) from problem


def _named(problem: JumunError) -> JumunError:
    """The same refusal with the condition's name as the person knows it."""
    if problem.code != "invalid":
        return problem
    field = str(problem.values.get("field", ""))
    for name in (field, field.removesuffix("_from").removesuffix("_to"), field.removesuffix("s")):
        if name in AXES:
            return JumunError("bad_condition", field=AXES[name])
    return JumunError("bad_condition", field=field)


def list_query(query: QueryDict, period: str) -> QueryDict:
    """The address of a list with its default period said: what its rows, counts and actions are read from."""
    settled = with_default(settled_of(query), period)
    made = QueryDict(mutable=True)
    for name, values in query.lists():
        if name in CARRIED:
            made[name] = values[-1]
    made.update(settled)
    return made


def with_default(settled: dict[str, str], period: str) -> dict[str, str]:
    """Conditions with the person's own period where the list has one by default."""
    left = {name: value for name, value in settled.items() if name != "period"}
    if "period" in settled or not has_default(left) or period == EVERYTHING:
        return left
    return left | {"ordered": period}


def has_default(settled: Mapping[str, str]) -> bool:
    """Whether a list of these conditions has a period by default: nobody waits in it, and nothing is looked for."""
    if any(settled.get(name) for name in (*NARROW, *DATES)) or settled.get("waybill", "none") != "none":
        return False
    statuses = settled.get("status", "").split(",")
    return any(status not in HANDS for status in statuses)


def write_address(query: QueryDict, *, without: Sequence[str] = (), changed: Mapping[str, str] = NOTHING) -> str:
    """The query string of the same list with some conditions changed or left out, in a fixed order."""
    settled = settled_of(query)
    kept = {name: settled[name] for name in NAMES if name in settled and name not in without}
    carried = {name: str(query.get(name, "")).strip() for name in CARRIED if name not in without}
    kept |= {name: value for name, value in carried.items() if value}
    for name, value in changed.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return write_text(kept)
