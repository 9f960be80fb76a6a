"""What a form of matching says, what linking would do before it is done, and what it did (C12, N19)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jumun.core.errors import JumunError
from jumun.matching.link_queries import get_link
from jumun.matching.links import Linked
from jumun.web.access import Desk
from jumun.web.shell import part

KINDS: Mapping[str, str | Promise] = {
    "link": gettext_lazy("매칭"),
    "gift": gettext_lazy("사은품"),
    "ignore": gettext_lazy("출고 없음"),
    "none": gettext_lazy("매칭 안 함"),
}
"""What a link may say, in words."""
PACKED = ("link", "gift")
"""Kinds that take SKUs."""
BIGGEST = 18
"""Digits of the longest number."""
_PART = re.compile(r"^(?P<code>.+?)(?:\s*[*×]\s*(?P<quantity>\d{1,4}))?$")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a listing shall mean, as a form says it."""

    kind: str
    parts: list[tuple[str, int]] = field(default_factory=list)


def read_wish(form: QueryDict) -> Wish:
    """SKUs picked and typed; without any, the candidate that is chosen. Raises JumunError("bad_quantity" | "invalid")."""
    kind = form.get("kind", "link")
    if kind not in PACKED:
        return Wish(kind)
    codes, quantities = form.getlist("sku"), form.getlist("quantity")
    if len(codes) != len(quantities) or any("\0" in code for code in codes):
        raise JumunError("invalid", field=_("매칭"))
    if any(not 1 <= len(text) <= 4 or not read_number(text) for text in quantities):
        raise JumunError("bad_quantity")
    picked = [(code, read_number(text)) for code, text in zip(codes, quantities, strict=True)]
    return Wish(kind, picked + read_parts(form.get("typed", "")) or read_choice(form.get("choice", "")))


def read_parts(typed: str) -> list[tuple[str, int]]:
    """`A-1*2, B-3` as codes with how many. Raises JumunError("bad_quantity").

    >>> read_parts("A-1*2, B-3")
    [('A-1', 2), ('B-3', 1)]
    """
    found = [_PART.match(part.strip()) for part in typed.replace("\0", "").split(",") if part.strip()]
    parts = [(each["code"], int(each["quantity"] or 1)) for each in found if each]
    if any(quantity < 1 for _code, quantity in parts):
        raise JumunError("bad_quantity")
    return parts


def write_choice(parts: Sequence[tuple[str, int]]) -> str:
    """What the button of a candidate sends: a line for each SKU."""
    return "\n".join(f"{code}*{quantity}" for code, quantity in parts)


def read_choice(sent: str) -> list[tuple[str, int]]:
    """The same again.

    >>> read_choice(write_choice([("A,1*2", 3), ("B", 1)]))
    [('A,1*2', 3), ('B', 1)]
    """
    lines = [line.rpartition("*") for line in sent.replace("\0", "").splitlines() if "*" in line]
    return [(code, read_number(quantity)) for code, _star, quantity in lines]


def read_number(text: str) -> int:
    """A number of an address or a form; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= BIGGEST else 0


def check_rows(linked: Linked) -> None:
    """Raises JumunError for the one link of a form that was refused."""
    if linked.refused:
        raise JumunError(linked.refused[0][1], field=_("매칭"))


def look_ahead(
    request: HttpRequest,
    desk: Desk,
    linked: Linked,
    *,
    address: str,
    place: str,
    into: str,
    sent: Sequence[tuple[str, str]],
) -> HttpResponse:
    """What would become of every item, into the page's `place`; its button sends the same again, to be done.

    into  what the answer of that takes the place of: a selector as htmx reads it
    """
    response = part(
        request,
        desk,
        "web/parts/matching_ahead.html",
        linked=linked,
        address=address,
        into=into,
        sent=sent,
        waits=("kind", "none") in sent or ("version", "0") in sent,
    )
    response["HX-Retarget"], response["HX-Reswap"] = f"#{place}", "innerHTML"
    return response


def as_sent(wish: Wish) -> list[tuple[str, str]]:
    """A wish as the fields `read_wish` reads."""
    pairs = [pair for code, quantity in wish.parts for pair in (("sku", code), ("quantity", str(quantity)))]
    return [("kind", wish.kind), *pairs]


def done_words(linked: Linked, link: int | None = None) -> dict[str, Any]:
    """What parts/matching_done.html is drawn from: the outcome, the link as it is now, the version to go back to."""
    changed = linked.changed[0] if linked.changed else None
    known = changed.link if changed else link
    return {
        "linked": linked,
        "link": get_link(known) if known else None,
        "back_to": changed.version - 1 if changed else None,
        "kinds": KINDS,
    }
