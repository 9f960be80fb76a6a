"""Reading what waits to be matched, what is remembered, and what is suggested (C10, C11, C13)."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.db import connection
from django.db.models import Q

from jumun.catalog.models import Sku
from jumun.matching.kin import kin_of
from jumun.matching.models import Automatic, Kind, Link, LinkPart
from jumun.matching.scoring import Entry, Listing
from jumun.matching.suggesting import Candidate, Catalogue, suggest_all
from jumun.orders.listing_keys import OPTION_KEY, PRODUCT_KEY
from jumun.orders.moving import COMPANY, acting_company

MOST = 200
MOST_LISTINGS = 3_000
"""Listings one call may ask suggestions for."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Items of one listing that wait to be matched. `item` is one of them; `price` of one in won, 0 when unknown."""

    item: int
    account: int
    account_name: str
    product_code: str
    product_name: str
    option_code: str
    option_text: str
    seller_code: str
    price: int
    order_number: str
    bundle_no: str
    items: int
    orders: int
    quantity: int
    oldest: datetime


_UNMATCHED = f"""
SELECT g.item, g.account_id, a.name, l.product_code, l.product_name, l.option_code, l.option_text, l.seller_code,
       CASE l.currency WHEN 'KRW' THEN l.unit_price::bigint ELSE 0 END, i.order_number, i.bundle_no,
       g.items, g.orders, g.quantity, g.oldest
  FROM (SELECT min(i.id) AS item, i.account_id, count(*) AS items, count(DISTINCT i.order_id) AS orders,
               sum(i.quantity) AS quantity, min(i.ordered_at) AS oldest
          FROM orders_orderitem i JOIN orders_orderline l ON l.id = i.line_id
         WHERE i.company_id = {COMPANY} AND NOT i.matched AND i.status IN ('awaiting_payment', 'paid', 'preparing')
           AND (%(account)s::bigint IS NULL OR i.account_id = %(account)s)
         GROUP BY i.account_id, {PRODUCT_KEY.format(l="l")}, {OPTION_KEY.format(l="l")}) g
  JOIN orders_orderitem i ON i.id = g.item
  JOIN orders_orderline l ON l.id = i.line_id
  JOIN channels_channelaccount a ON a.id = g.account_id
 ORDER BY g.items DESC, g.item LIMIT %(limit)s OFFSET %(offset)s
"""
_COUNTS = f"""
SELECT count(*), count(DISTINCT i.order_id),
       count(DISTINCT (i.account_id, {PRODUCT_KEY.format(l="l")}, {OPTION_KEY.format(l="l")}))
  FROM orders_orderitem i JOIN orders_orderline l ON l.id = i.line_id
 WHERE i.company_id = {COMPANY} AND NOT i.matched AND i.status IN ('awaiting_payment', 'paid', 'preparing')
   AND (%(account)s::bigint IS NULL OR i.account_id = %(account)s)
"""


def list_unmatched(*, account: int | None = None, offset: int = 0, limit: int = 50) -> list[Unmatched]:
    """Listings with waiting items, those with the most items first, one more than `limit`. One statement (C10, C13)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _UNMATCHED, {"account": account, "offset": max(0, offset), "limit": max(1, min(limit, MOST)) + 1}
        )
        return [Unmatched(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class UnmatchedCounts:
    """How much waits to be matched."""

    items: int
    orders: int
    listings: int


def count_unmatched(*, account: int | None = None) -> UnmatchedCounts:
    """Waiting items, their orders and listings. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"account": account})
        return UnmatchedCounts(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class Said:
    """A listing as asked about; `item` names the order's item it is read from, if any."""

    listing: Listing
    item: int | None = None


@dataclass(frozen=True, slots=True)
class KinLink:
    """What a listing of the same goods under another headline was linked to."""

    link: int
    account: int
    product_name: str
    option_text: str
    kind: str
    parts: tuple[tuple[str, int], ...]
    """SKU code and quantity."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Candidates of one listing, best first, and its kin if any is remembered."""

    said: Said
    candidates: list[Candidate]
    kin: KinLink | None = None


def find_said(items: Collection[int]) -> dict[int, Said]:
    """The listings of these items, by item; an unknown item is missing. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id, l.product_name, l.option_text, l.seller_code, CASE l.currency WHEN 'KRW' THEN l.unit_price::bigint"
            " ELSE 0 END FROM orders_orderitem i JOIN orders_orderline l ON l.id = i.line_id WHERE i.id = ANY(%s::bigint[])",
            [list(items)],
        )
        return {row[0]: Said(Listing(*row[1:]), row[0]) for row in cursor.fetchall()}


def suggest_for(said: Sequence[Said], *, most: int = 5) -> list[Suggested]:
    """Ranked SKUs for each listing and what its kin means, in the order asked. Four statements at most (C11, N19)."""
    found = suggest_all(load_catalogue(), [each.listing for each in said], most=most)
    kin = _find_kin([kin_of(each.listing.name, each.listing.option) for each in said])
    return [
        Suggested(each, candidates, kin.get(kin_of(each.listing.name, each.listing.option)))
        for each, candidates in zip(said, found, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class SkuShown:
    """A SKU beside its suggestion; `price` in won, `ship_from` its code."""

    id: int
    sku: str
    name: str
    option_text: str
    barcode: str
    price: int
    ship_from: str | None


def find_skus(ids: Collection[int]) -> dict[int, SkuShown]:
    """SKUs by id; one there is not is missing. One statement."""
    rows = Sku.objects.filter(id__in=set(ids)).values_list(
        "id", "code", "name", "option_text", "barcode", "price", "ship_from__code"
    )
    return {row[0]: SkuShown(*row) for row in rows}


def _find_kin(digests: Sequence[str]) -> dict[str, KinLink]:
    """The newest link of each digest."""
    links = Link.objects.filter(kin__in=set(digests) - {""}).exclude(kind=Kind.NONE).order_by("at", "id")
    newest = {link.kin: link for link in links}
    parts = _parts_of([link.id for link in newest.values()])
    return {
        digest: KinLink(
            link.id, link.account_id, link.product_name, link.option_text, link.kind, tuple(parts.get(link.id, ()))
        )
        for digest, link in newest.items()
    }


def _parts_of(links: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    rows = LinkPart.objects.filter(link__in=links).order_by("id").values_list("link_id", "sku__code", "quantity")
    for link, code, quantity in rows:
        found.setdefault(link, []).append((code, quantity))
    return found


_CATALOGUE = f"""
WITH skus AS MATERIALIZED (
    SELECT k.id, k.code, k.name, p.name AS product, k.option_text, k.price, k.product_id, k.barcode,
           ARRAY(SELECT b.code FROM catalog_barcode b WHERE b.sku_id = k.id ORDER BY 1) AS further
      FROM catalog_sku k JOIN catalog_product p ON p.id = k.product_id WHERE k.company_id = {COMPANY}
), mark AS (
    SELECT concat_ws('-', count(*), max(s.id), sum(hashtextextended(
             concat_ws('|', s.id, s.code, s.name, s.product, s.option_text, s.price, s.product_id, s.barcode, s.further::text), 0))) AS mark FROM skus s
)
SELECT m.mark, s.* FROM mark m LEFT JOIN skus s ON m.mark <> %s ORDER BY s.id
"""
_KEPT = 8
_kept: OrderedDict[int, tuple[str, Catalogue]] = OrderedDict()
_keeping = Lock()


def load_catalogue() -> Catalogue:
    """The company's SKUs as an index, built again only when one of them changed. One statement either way."""
    company = acting_company()
    with _keeping:
        mark, catalogue = _kept.get(company, ("", None))
    with connection.cursor() as cursor:
        cursor.execute(_CATALOGUE, [mark])
        rows = cursor.fetchall()
    if catalogue is None or rows[0][0] != mark:
        mark = rows[0][0]
        catalogue = Catalogue(_entry(*row[1:]) for row in rows if row[1] is not None)
    with _keeping:
        _kept[company] = (mark, catalogue)
        _kept.move_to_end(company)
        if len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return catalogue


def _entry(
    id_: int, code: str, name: str, product: str, option: str, price: int, group: int, barcode: str, further: list[str]
) -> Entry:
    own = "" if name in (product, code) else " ".join(word for word in name.split() if word not in product.split())
    return Entry(id_, code, product, option, price, str(group), barcode, tuple(further), own)


@dataclass(frozen=True, slots=True)
class Remembered:
    """One link as it stands."""

    id: int
    account: int
    product_code: str
    product_name: str
    option_code: str
    option_text: str
    kind: str
    parts: tuple[tuple[str, int], ...]
    version: int
    at: datetime
    by: int | None


def list_links(
    *, after: int = 0, limit: int = 50, account: int | None = None, sku: str = "", text: str = ""
) -> list[Remembered]:
    """Links by id, after this one, one more than `limit`; of one account, with one SKU, with these words. Two statements."""
    found = Link.objects.filter(id__gt=after).order_by("id")
    if account is not None:
        found = found.filter(account=account)
    if sku:
        found = found.filter(id__in=LinkPart.objects.filter(sku__code=sku).values("link_id"))
    for word in text.split():
        found = found.filter(Q(product_name__icontains=word) | Q(option_text__icontains=word) | Q(product_code=word))
    rows = list(found[: min(limit, MOST) + 1])
    parts = _parts_of([row.id for row in rows])
    return [
        Remembered(
            row.id, row.account_id, row.product_code, row.product_name, row.option_code, row.option_text, row.kind,
            tuple(parts.get(row.id, ())), row.version, row.at, row.by_id,
        )
        for row in rows
    ]  # fmt: skip


def links_by_itself() -> bool:
    """Whether the company has certain suggestions linked by themselves."""
    return Automatic.objects.filter(on=True).exists()
