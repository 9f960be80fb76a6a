"""매칭 목록: the remembered links, those changed last first, found by listing, SKU, account and kind (C12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from jumun.catalog.queries import search_skus
from jumun.core.errors import NotFoundError
from jumun.core.initials import has_initials, initials_pattern
from jumun.core.keyset import read_cursor, write_cursor
from jumun.matching.models import Kind, Link, LinkPart

MOST = 200
"""Rows of one page, and SKUs one search goes by."""
NAMES = ("product_name", "option_text")
CODES = ("product_code", "option_code")


@dataclass(frozen=True, slots=True)
class Part:
    """One SKU of a link and how many of it for each one ordered."""

    sku: str
    name: str
    option_text: str
    quantity: int


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One remembered link as a page shows it; `by_name` is empty for what was linked by itself."""

    id: int
    account: int
    account_name: str
    channel: str
    product_code: str
    product_name: str
    option_code: str
    option_text: str
    kind: str
    version: int
    by: int | None
    by_name: str
    at: datetime
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links. Words of `listing` are looked for in names and codes, those of `sku` as the SKU search does."""

    listing: str = ""
    sku: str = ""
    account: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Some links and where the list goes on; empty at the end."""

    items: Sequence[LinkRow]
    next_cursor: str


def find_links(wanted: LinkFilter, *, cursor: str = "", limit: int = 50) -> LinkPage:
    """Links, those changed last first. Three statements at most. Raises JumunError("bad_cursor")."""
    found = _narrowed(wanted)
    if cursor:
        at, last = read_cursor(cursor)
        found = found.filter(Q(at__lt=at) | Q(at=at, id__lt=last))
    limit = max(1, min(limit, MOST))
    rows = list(found.select_related("account", "by").order_by("-at", "-id")[: limit + 1])
    shown = rows[:limit]
    following = write_cursor(shown[-1].at, shown[-1].id) if len(rows) > limit else ""
    return LinkPage(_rows(shown), following)


def get_link(link_id: int) -> LinkRow:
    """One link. Two statements. Raises NotFoundError."""
    row = Link.objects.select_related("account", "by").filter(id=link_id).first()
    if row is None:
        raise NotFoundError("not_found")
    return _rows([row])[0]


def _narrowed(wanted: LinkFilter) -> QuerySet[Link]:
    found = Link.objects.all()
    if wanted.account is not None:
        found = found.filter(account=wanted.account)
    if wanted.kind in Kind.values:
        found = found.filter(kind=wanted.kind)
    for word in wanted.listing.split():
        found = found.filter(_has(word))
    if wanted.sku.strip():
        skus = [sku.id for sku in search_skus(wanted.sku, limit=MOST)]
        found = found.filter(id__in=LinkPart.objects.filter(sku__in=skus).values("link"))
    return found


def _has(word: str) -> Q:
    if has_initials(word):
        pattern = initials_pattern(word)
        return Q(product_name__iregex=pattern) | Q(option_text__iregex=pattern)
    either = Q()
    for name in (*NAMES, *CODES):
        either |= Q(**{f"{name}__icontains": word})
    return either


def _rows(links: Sequence[Link]) -> list[LinkRow]:
    parts: dict[int, list[Part]] = {}
    told = LinkPart.objects.filter(link__in=[link.id for link in links]).order_by("id")
    for part in told.select_related("sku"):
        sku = part.sku
        parts.setdefault(part.link_id, []).append(Part(sku.code, sku.name, sku.option_text, part.quantity))
    return [
        LinkRow(
            link.id, link.account_id, link.account.name, link.account.channel, link.product_code, link.product_name,
            link.option_code, link.option_text, link.kind, link.version, link.by_id, link.by.name if link.by else "",
            link.at, parts.get(link.id, ()),
        )
        for link in links
    ]  # fmt: skip
