"""여러 번호 찾기: up to 1,000 pasted numbers, put aside for an address to name (`list=12`) as they are too long for it.

A list lies in the table of views as a row that is no tab (position ASIDE), seen by everybody in the company who has
its address. Lists of a week ago go when their owner makes another, unless a saved tab names them.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from jumun.core.errors import JumunError
from jumun.orders.filter_address import read_text
from jumun.orders.models import View
from jumun.orders.views import ASIDE

MOST = 1000
LONGEST = 100
LONGEST_TEXT = 200_000
KEPT = timedelta(days=7)
_PHONE = re.compile(r"(?<![\w-])0\d{1,3}[ .]\d{3,4}[ .]\d{4}(?![\w-])")
"""A phone written with spaces or dots: one number, not three."""
_BETWEEN = re.compile(r"[\s,;]+")


def read_numbers(text: str) -> tuple[str, ...]:
    """The numbers of a pasted text, each once, in its order: between them lines, tabs, commas, semicolons or spaces.

    Raises JumunError("no_numbers" | "too_many_numbers").
    """
    if len(text) > LONGEST_TEXT:
        raise JumunError("too_many_numbers", most=MOST)
    joined = _PHONE.sub(lambda found: re.sub(r"[ .]", "-", found[0]), text.replace("\x00", " ").replace("\xa0", " "))
    parts = (part.strip("'\"‘’“”") for part in _BETWEEN.split(joined))
    numbers = tuple(dict.fromkeys(part[:LONGEST] for part in parts if part))
    if not numbers:
        raise JumunError("no_numbers")
    if len(numbers) > MOST:
        raise JumunError("too_many_numbers", most=MOST)
    return numbers


def put_aside(company_id: int, numbers: Iterable[str], *, by: int, at: datetime) -> int:
    """Keep a list for its address. Answers its id."""
    _forget(by, before=at - KEPT)
    made = View.objects.create(
        company_id=company_id,
        owner_id=by,
        name=str(uuid4()),
        layout={"numbers": list(numbers)},
        position=ASIDE,
        created_at=at,
        changed_at=at,
    )
    return made.id


def get_numbers(list_id: str) -> tuple[str, ...]:
    """The numbers of a list by its id. Raises JumunError("numbers_gone")."""
    found = find_numbers([list_id])
    if not found:
        raise JumunError("numbers_gone")
    return found[list_id]


def find_numbers(list_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The numbers of these lists by their ids, as far as they are there."""
    known = [int(each) for each in list_ids if each.isascii() and each.isdigit() and len(each) < 19]
    rows = View.objects.filter(id__in=known, position=ASIDE) if known else ()
    return {str(row.id): tuple(row.layout["numbers"]) for row in rows}


def _forget(person: int, *, before: datetime) -> None:
    old = View.objects.filter(owner_id=person, position=ASIDE, created_at__lt=before)
    if old.exists():
        queries = View.objects.filter(position__gt=ASIDE, query__contains="list=").values_list("query", flat=True)
        named = {int(each) for each in (read_text(query).get("list", "") for query in queries) if each.isdecimal()}
        old.exclude(id__in=named).delete()
