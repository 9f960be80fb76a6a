"""Putting numbers on shipments: typed, pasted, or sent over REST (P19, P20)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from jumun.core.refusal import SHOWN, Outcome, Refusal
from jumun.orders.actions.label import NewWaybill, label, relabel, renumber
from jumun.waybills.carriers import doubt_number, normalise_number, refuse_number


@dataclass(frozen=True, slots=True)
class GivenWaybill:
    """A number as given, for a shipment named by one of its items, its id, or its bundle number (묶음번호)."""

    carrier: str
    number: str
    item: int | None = None
    shipment: int | None = None
    bundle_no: str = ""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A given row that was not saved: its place in what was given (from 0), and why."""

    row: int
    code: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the rows.

    outcome    the moves
    rows       refused before any move
    doubts     numbers whose check digit is doubtful
    told       good numbers of shipments their channel was told of: correcting them is up to dispatch
    """

    outcome: Outcome
    rows: list[RefusedRow] = field(default_factory=list)
    doubts: list[RefusedRow] = field(default_factory=list)
    told: list[NewWaybill] = field(default_factory=list)


_FIND = """
SELECT g.row, coalesce(i.id, s.item, b.item), coalesce(i.shipment_id, s.shipment, b.shipment),
       coalesce(i.status, s.status, b.status)
  FROM unnest(%(rows)s::int[], %(items)s::bigint[], %(shipments)s::bigint[], %(bundles)s::text[])
       AS g(row, item, shipment, bundle)
  LEFT JOIN orders_orderitem i ON i.id = g.item
  LEFT JOIN LATERAL (SELECT o.id AS item, o.shipment_id AS shipment, o.status FROM orders_orderitem o
        WHERE g.item IS NULL AND o.shipment_id = g.shipment AND o.status NOT IN ('cancelled', 'returned', 'exchanged')
        ORDER BY o.status NOT IN ('ready', 'labelled'), o.id LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT o.id AS item, o.shipment_id AS shipment, o.status
         FROM orders_shipment p JOIN orders_orderitem o ON o.shipment_id = p.id
        WHERE g.item IS NULL AND g.shipment IS NULL AND p.bundle_no = g.bundle AND g.bundle <> ''
          AND o.status NOT IN ('cancelled', 'returned', 'exchanged')
        ORDER BY o.status NOT IN ('ready', 'labelled'), o.id LIMIT 1) b ON true
 ORDER BY g.row
"""


def save_waybills(
    given: Sequence[GivenWaybill], *, by: int | None, at: datetime, corrects: bool = False, dry_run: bool = False
) -> Saved:
    """Check every number, then put the good ones on their shipments; 출고대기 moves to 운송장출력.

    A wrong length is refused, a failed check digit only doubted (carriers.md §2). Of two numbers for one shipment the
    second is refused. A shipment that already has a number takes the new one while no channel was told; one its channel
    was told of is named in `told`, or refused with `not_allowed`. A constant number of statements for any number of rows.

    corrects   whether this person may correct what a channel was told (N11)
    """
    rows: list[RefusedRow] = []
    doubts: list[RefusedRow] = []
    good: list[tuple[int, GivenWaybill, str]] = []
    for place, each in enumerate(given):
        number = normalise_number(each.number)
        refused = refuse_number(each.carrier, number)
        if refused:
            rows.append(RefusedRow(place, refused))
            continue
        if doubt := doubt_number(each.carrier, number):
            doubts.append(RefusedRow(place, doubt))
        good.append((place, each, number))
    sorted_out = _by_shipment(good, rows, corrects=corrects)
    outcomes = [
        act(sorted_out[place], by=by, at=at, dry_run=dry_run)
        for act, place in ((label, "new"), (relabel, "labelled"), (renumber, "shipped"))
        if sorted_out[place]
    ]
    return Saved(merge_outcomes(outcomes), sorted(rows, key=lambda row: row.row), doubts, sorted_out["told"])


_PLACES = {"labelled": "labelled", "shipped": "shipped", "in_transit": "told", "delivered": "told"}


def _by_shipment(
    good: Sequence[tuple[int, GivenWaybill, str]], rows: list[RefusedRow], *, corrects: bool
) -> dict[str, list[NewWaybill]]:
    """Rows as waybills of items, by how far their shipment is; what finds no shipment joins `rows`."""
    found: dict[str, list[NewWaybill]] = {"new": [], "labelled": [], "shipped": [], "told": []}
    taken: set[int] = set()
    for (place, each, number), (_, item, shipment, status) in zip(good, _find(good), strict=True):
        if item is None or shipment is None:
            rows.append(RefusedRow(place, "not_found"))
        elif shipment in taken:
            rows.append(RefusedRow(place, "waybill_twice"))
        elif not corrects and _PLACES.get(status or "") == "told":
            taken.add(shipment)
            rows.append(RefusedRow(place, "not_allowed"))
        else:
            taken.add(shipment)
            found[_PLACES.get(status or "", "new")].append(NewWaybill(item, each.carrier, number))
    return found


def _find(good: Sequence[tuple[int, GivenWaybill, str]]) -> list[tuple[int, int | None, int | None, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {
                "rows": [place for place, _, _ in good],
                "items": [each.item for _, each, _ in good],
                "shipments": [each.shipment for _, each, _ in good],
                "bundles": [each.bundle_no.replace("\x00", "") for _, each, _ in good],
            },
        )
        found: list[tuple[int, int | None, int | None, str | None]] = cursor.fetchall()
    return found


def merge_outcomes(outcomes: Sequence[Outcome]) -> Outcome:
    """Several moves of one request as one answer; the batch to undo is the first that did something."""
    refused: list[Refusal] = [refusal for outcome in outcomes for refusal in outcome.refused]
    return Outcome(
        sum(outcome.done for outcome in outcomes),
        refused[:SHOWN],
        sum(outcome.refused_total for outcome in outcomes),
        next((outcome.batch for outcome in outcomes if outcome.done), outcomes[0].batch if outcomes else None),
        next((outcome.job for outcome in outcomes if outcome.job), None),
    )
