"""Linking listings to SKUs, by hand, by list, by sheet; every unshipped item follows in the same transaction (C12, N19)."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from jumun.catalog.models import Sku
from jumun.channels.models import ChannelAccount
from jumun.core.copying import copy_rows
from jumun.core.refusal import Outcome
from jumun.matching.kin import kin_of
from jumun.matching.models import Kind, Link
from jumun.orders.actions.rematch import LINKS, PARTS, rematch
from jumun.orders.listing_keys import option_key, product_key
from jumun.orders.models import OrderItem
from jumun.orders.moving import COMPANY, freshen_statistics
from jumun.orders.states import Status

MOST_PARTS = 50
MOST_PIECES = 9_999
SHOWN = 200
RELEASED = (Status.READY.value, Status.LABELLED.value)
"""Where an item's slip or label already says what it is."""


@dataclass(frozen=True, slots=True)
class ListingRef:
    """One listing of one account, in the channel's words."""

    account: int
    product_code: str = ""
    product_name: str = ""
    option_code: str = ""
    option_text: str = ""

    @property
    def key(self) -> tuple[int, str, str]:
        """What it is known by."""
        return (
            self.account,
            product_key(self.product_code, self.product_name),
            option_key(self.option_code, self.option_text),
        )


@dataclass(frozen=True, slots=True)
class NewLink:
    """One link to make: a listing, or the item it is read from; SKU codes with how many for each one ordered."""

    listing: ListingRef | None = None
    item: int | None = None
    parts: Sequence[tuple[str, int]] = field(default_factory=tuple)
    kind: str = Kind.LINK


@dataclass(frozen=True, slots=True)
class Rematched:
    """One unshipped item a link touched: what it was and what it is.

    bundle_no  the shipment it is in now
    moved_to   the ship-from it goes to, where that is another; its name
    refusal    why it stays as it was; empty for one that followed
    """

    item: int
    order: int
    order_number: str
    status: str
    was: str
    now: str
    bundle_no: str
    moved_to: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A link that says something new, and the version it says it in."""

    link: int
    version: int


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking did.

    links     how many links say something new
    refused   rows of the list left out: place in the list, from 0, and code
    outcome   the unshipped items that followed, and those that could not
    items     the first 200 of those that followed
    left      the first 200 of those that could not
    released  how many of both were released already: a slip or a label says what they were
    changed   the first 200 of the links that say something new
    """

    links: int
    refused: list[tuple[int, str]]
    outcome: Outcome
    items: list[Rematched] = field(default_factory=list)
    left: list[Rematched] = field(default_factory=list)
    released: int = 0
    changed: list[Changed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ready:
    row: int
    listing: ListingRef
    kind: str
    parts: tuple[tuple[int, str, int], ...] = ()
    """SKU id, code and quantity."""

    @property
    def says(self) -> str:
        """Kind and parts in one text, to be compared with what is remembered."""
        return self.kind + " ".join(f"{sku}x{quantity}" for sku, _, quantity in sorted(self.parts))


def put_links(wanted: Sequence[NewLink], *, by: int | None, at: datetime, dry_run: bool = False) -> Linked:
    """Make or change links and bring every unshipped item of their listings to them, in one go.

    A wrong row is refused by its place, the rest goes on: `unknown_listing`, `unknown_sku`, `no_parts`,
    `bad_quantity`, `invalid` (an unknown kind), `twice` (the later of two of one listing), `mixed_ship_from` (SKUs that
    leave from different places). A dry run says what would happen and changes nothing. A constant number of statements.
    Must run inside `acting_as`.
    """
    ready, refused = _check(wanted)
    if not ready:
        return Linked(0, refused, Outcome(0))
    with transaction.atomic():
        _wait_for_storing({each.listing.account for each in ready})
        links = _remember(ready, by=by, at=at)
        changed = _list_changed()
        _stage_relinking()
        outcome = rematch(by=by, at=at)
        linked = Linked(
            links, refused, outcome, _list_rematched(), _list_rematched(left=True), _count_released(), changed
        )
        if dry_run:
            transaction.set_rollback(True)
    return linked


def place_linked(codes: Sequence[str], *, by: int | None, at: datetime) -> Outcome:
    """Give a ship-from to unshipped items that have none, where a SKU of their link got one; answers what followed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.linked_now")
        cursor.execute(
            "CREATE TEMP TABLE linked_now ON COMMIT DROP AS SELECT DISTINCT p.link_id FROM matching_linkpart p"
            " JOIN catalog_sku s ON s.id = p.sku_id WHERE s.code = ANY(%s)",
            [list(codes)],
        )
        cursor.execute("SELECT EXISTS (SELECT 1 FROM linked_now)")
        if not cursor.fetchone()[0]:
            return Outcome(0)
        _stage_relinking()
        return rematch(by=by, at=at)


def forget_links(listings: Iterable[ListingRef], *, by: int | None, at: datetime) -> Linked:
    """Take links back: unreleased items of these listings wait to be matched again, released ones are refused."""
    return put_links([NewLink(each, kind=Kind.NONE) for each in listings], by=by, at=at)


def _check(wanted: Sequence[NewLink]) -> tuple[list[_Ready], list[tuple[int, str]]]:
    codes = {code for each in wanted for code, _ in each.parts}
    skus = {
        code: (id_, place)
        for id_, code, place in Sku.objects.filter(code__in=codes).values_list("id", "code", "ship_from")
    }
    items = _listings_of([each.item for each in wanted if each.item is not None])
    accounts = dict(ChannelAccount.objects.values_list("id", "ship_from"))
    ready: list[_Ready] = []
    refused: list[tuple[int, str]] = []
    seen: set[tuple[int, str, str]] = set()
    for row, each in enumerate(wanted):
        listing = items.get(each.item) if each.item is not None else each.listing
        made = _judge(row, each, listing, skus, accounts)
        if isinstance(made, _Ready) and made.listing.key in seen:
            made = "twice"
        if isinstance(made, str):
            refused.append((row, made))
            continue
        seen.add(made.listing.key)
        ready.append(made)
    return ready, refused


def _judge(
    row: int,
    each: NewLink,
    listing: ListingRef | None,
    skus: Mapping[str, tuple[int, int | None]],
    accounts: Mapping[int, int | None],
) -> "_Ready | str":
    """The row ready to be written, or the code it is refused with."""
    if listing is None or listing.account not in accounts or not (listing.product_code or listing.product_name):
        return "unknown_listing"
    if each.kind not in Kind.values:
        return "invalid"
    if each.kind in (Kind.IGNORE, Kind.NONE):
        return _Ready(row, listing, each.kind)
    counted: Counter[str] = Counter()
    for code, quantity in each.parts:
        if code not in skus:
            return "unknown_sku"
        if not 1 <= quantity <= MOST_PIECES:
            return "bad_quantity"
        counted[code] += quantity
    if not counted:
        return "no_parts"
    if len(counted) > MOST_PARTS or max(counted.values()) > MOST_PIECES:
        return "bad_quantity"
    places = {skus[code][1] or accounts[listing.account] for code in counted}
    if len(places) > 1:
        return "mixed_ship_from"
    parts = tuple((skus[code][0], code, quantity) for code, quantity in counted.items())
    return _Ready(row, listing, each.kind, parts)


def _listings_of(items: Sequence[int]) -> dict[int | None, ListingRef]:
    if not items:
        return {}
    rows = OrderItem.objects.filter(id__in=items, line__isnull=False).values_list(
        "id", "account_id", "line__product_code", "line__product_name", "line__option_code", "line__option_text"
    )
    return {row[0]: ListingRef(*row[1:]) for row in rows}


def list_taken_back(items: Sequence[int]) -> set[int]:
    """Those of these items whose listing somebody unlinked: it is not for a machine to link them again."""
    keys = {item: listing.key for item, listing in _listings_of(items).items() if item is not None}
    rows = Link.objects.filter(
        kind=Kind.NONE,
        account_id__in={account for account, _, _ in keys.values()},
        product_key__in={product for _, product, _ in keys.values()},
    )
    gone = set(rows.values_list("account_id", "product_key", "option_key"))
    return {item for item, key in keys.items() if key in gone}


def _wait_for_storing(accounts: set[int]) -> None:
    """Nobody stores lines of these accounts meanwhile (intake's lock): no item comes in by a link that is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('store lines', a)) FROM unnest(%s::bigint[]) AS a",
            [sorted(accounts)],
        )


_TABLES = """
DROP TABLE IF EXISTS pg_temp.linking;
DROP TABLE IF EXISTS pg_temp.linking_parts;
CREATE TEMP TABLE linking (row int, account_id bigint, product_key text, option_key text, product_code text, product_name text,
    option_code text, option_text text, kin text, kind text, says text, parts jsonb, link_id bigint, said text)
    ON COMMIT DROP;
CREATE TEMP TABLE linking_parts (row int, nth int, sku_id bigint, quantity int) ON COMMIT DROP;
DROP TABLE IF EXISTS pg_temp.linked_now;
CREATE TEMP TABLE linked_now (link_id bigint) ON COMMIT DROP
"""
_SAVE = f"""
ANALYZE linking;
UPDATE linking w SET said = k.kind || coalesce((SELECT string_agg(p.sku_id || 'x' || p.quantity, ' ' ORDER BY p.sku_id)
                                                  FROM matching_linkpart p WHERE p.link_id = k.id), '')
  FROM matching_link k
 WHERE k.account_id = w.account_id AND k.product_key = w.product_key AND k.option_key = w.option_key;
DELETE FROM linking w WHERE w.kind = 'none' AND w.said IS NULL;
INSERT INTO matching_link AS k (company_id, account_id, product_key, option_key, product_code, product_name, option_code,
                                option_text, kin, kind, version, by_id, at)
SELECT {COMPANY}, w.account_id, w.product_key, w.option_key, w.product_code, w.product_name, w.option_code, w.option_text, w.kin,
       w.kind, 1, %(by)s, %(at)s FROM linking w ORDER BY w.account_id, w.product_key, w.option_key
ON CONFLICT (account_id, product_key, option_key) DO UPDATE
   SET kind = EXCLUDED.kind, kin = CASE WHEN EXCLUDED.kin = '' THEN k.kin ELSE EXCLUDED.kin END,
       product_name = CASE WHEN EXCLUDED.product_name = '' THEN k.product_name ELSE EXCLUDED.product_name END,
       option_text = CASE WHEN EXCLUDED.option_text = '' THEN k.option_text ELSE EXCLUDED.option_text END;
UPDATE linking w SET link_id = k.id FROM matching_link k
 WHERE k.account_id = w.account_id AND k.product_key = w.product_key AND k.option_key = w.option_key;
INSERT INTO linked_now SELECT w.link_id FROM linking w;
DELETE FROM linking w WHERE w.said = w.says;
UPDATE matching_link k SET version = k.version + (w.said IS NOT NULL)::int, by_id = %(by)s, at = %(at)s
  FROM linking w WHERE k.id = w.link_id;
DELETE FROM matching_linkpart p USING linking w WHERE p.link_id = w.link_id;
INSERT INTO matching_linkpart (company_id, link_id, sku_id, quantity)
SELECT {COMPANY}, w.link_id, p.sku_id, p.quantity FROM linking w JOIN linking_parts p ON p.row = w.row ORDER BY p.row, p.nth;
INSERT INTO matching_linkversion (company_id, link_id, version, kind, parts, by_id, at)
SELECT {COMPANY}, k.id, k.version, k.kind, w.parts, %(by)s, %(at)s FROM linking w JOIN matching_link k ON k.id = w.link_id
"""


def _remember(ready: Sequence[_Ready], *, by: int | None, at: datetime) -> int:
    """Write links, parts and versions; answers how many say something new."""
    with connection.cursor() as cursor:
        for statement in _TABLES.split(";\n"):
            cursor.execute(statement)
        copy_rows("linking", map(_row, ready))
        parts = ((each.row, nth, sku, quantity) for each in ready for nth, (sku, _, quantity) in enumerate(each.parts))
        copy_rows("linking_parts", parts)
        for statement in _SAVE.split(";\n"):
            cursor.execute(statement, {"by": by, "at": at})
        cursor.execute("SELECT count(*) FROM linking")
        written = int(cursor.fetchone()[0])
    freshen_statistics(("matching_link", "matching_linkpart"), written)
    return written


def _row(each: _Ready) -> tuple[Any, ...]:
    listing = each.listing
    _, product, option = listing.key
    kin = kin_of(listing.product_name, listing.option_text) if listing.product_name else ""
    parts = [{"sku": code, "quantity": quantity} for _, code, quantity in each.parts]
    return (each.row, listing.account, product, option, listing.product_code, listing.product_name, listing.option_code,
            listing.option_text, kin, each.kind, each.says, json.dumps(parts, ensure_ascii=False), None, None)  # fmt: skip


_RELINKING = f"""
DROP TABLE IF EXISTS pg_temp.relinking;
DROP TABLE IF EXISTS pg_temp.relinking_parts;
CREATE TEMP TABLE relinking ({LINKS}) ON COMMIT DROP;
CREATE TEMP TABLE relinking_parts ({PARTS}) ON COMMIT DROP;
INSERT INTO relinking_parts SELECT p.link_id, p.sku_id, p.quantity FROM matching_linkpart p JOIN linked_now n ON n.link_id = p.link_id;
INSERT INTO relinking
SELECT k.id, k.account_id, k.product_key, k.option_key, k.kind, q.sku_id, q.code, q.ship_from_id, q.made
  FROM linked_now n JOIN matching_link k ON k.id = n.link_id
  LEFT JOIN (SELECT p.link_id, (array_agg(p.sku_id ORDER BY p.id))[1] AS sku_id, string_agg(s.code, '+' ORDER BY p.id) AS code,
                    min(s.ship_from_id) AS ship_from_id, array_agg(p.sku_id || 'x' || p.quantity ORDER BY p.sku_id) AS made
               FROM matching_linkpart p JOIN catalog_sku s ON s.id = p.sku_id
              WHERE p.link_id IN (SELECT g.link_id FROM linked_now g) GROUP BY p.link_id) q ON q.link_id = k.id;
ANALYZE relinking;
ANALYZE relinking_parts
"""


def _stage_relinking() -> None:
    with connection.cursor() as cursor:
        for statement in _RELINKING.split(";\n"):
            cursor.execute(statement)


_REMATCHED = """
SELECT r.id, r.order_id, i.order_number, r.status, r.was, coalesce(r.code, ''), i.bundle_no,
       CASE WHEN r.place IS DISTINCT FROM r.was_place THEN coalesce(f.name, '') ELSE '' END, r.refusal
  FROM rematching r JOIN orders_orderitem i ON i.id = r.id LEFT JOIN catalog_shipfrom f ON f.id = r.place
 WHERE (r.refusal <> '') = %s ORDER BY r.id LIMIT %s
"""


def _list_rematched(*, left: bool = False) -> list[Rematched]:
    with connection.cursor() as cursor:
        cursor.execute(_REMATCHED, [left, SHOWN])
        return [Rematched(*row) for row in cursor.fetchall()]


def _count_released() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rematching WHERE status = ANY(%s)", [list(RELEASED)])
        return int(cursor.fetchone()[0])


def _list_changed() -> list[Changed]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.link_id, k.version FROM linking w JOIN matching_link k ON k.id = w.link_id ORDER BY w.row LIMIT %s",
            [SHOWN],
        )
        return [Changed(*row) for row in cursor.fetchall()]
