"""What the page of 합포 shows of a run: its figures, its groups beside their base, its kinds of 확인필요 (C15, C17)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from jumun.orders.moving import COMPANY
from jumun.packing.loading import Scope
from jumun.packing.models import Candidate, Run
from jumun.packing.rules import COMBINE, NEVER, REVIEW, Parcel, differing

_GROUPS = f"""
SELECT base_id FROM packing_candidate
 WHERE company_id = {COMPANY} AND run_id = %(run)s AND verdict = %(verdict)s AND base_id <> shipment_id
 GROUP BY base_id ORDER BY bool_or(decision = '') DESC, min(id) LIMIT %(limit)s OFFSET %(start)s
"""
_SIDES = f"""
SELECT c.id, c.base_id, c.shipment_id, c.verdict, c.reasons, c.decision, c.ship_by, s.bundle_no, r.order_id,
       o.number, a.name AS account, r.name, r.phone1, r.phone2, r.postcode, r.address1, r.address2,
       g.product_name, g.items, g.quantity
  FROM packing_candidate c
  JOIN orders_shipment s ON s.id = c.shipment_id
  JOIN orders_recipient r ON r.id = s.recipient_id
  JOIN orders_order o ON o.id = r.order_id
  JOIN channels_channelaccount a ON a.id = o.account_id
  LEFT JOIN LATERAL (SELECT min(i.product_name) AS product_name, count(*) AS items, sum(i.quantity) AS quantity
                       FROM orders_orderitem i
                      WHERE i.order_id = r.order_id AND i.shipment_id IN (c.shipment_id, c.base_id)) g ON true
 WHERE c.company_id = {COMPANY} AND c.run_id = %(run)s
   AND (c.shipment_id = ANY(%(bases)s) OR (c.base_id = ANY(%(bases)s) AND c.verdict = %(verdict)s))
 ORDER BY c.id
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One shipment of a group; `differs` names what is not as its base has it. A base has itself as base."""

    id: int
    shipment: int
    base: int
    bundle_no: str
    order: int
    number: str
    account: str
    name: str
    phone1: str
    phone2: str
    postcode: str
    address1: str
    address2: str
    product_name: str
    items: int
    quantity: int
    ship_by: datetime | None
    decision: str
    reasons: tuple[str, ...]
    differs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """A base and what was held against it."""

    base: Side
    members: Sequence[Side]

    @property
    def waits(self) -> bool:
        """Whether something of it is still to be decided."""
        return any(not each.decision for each in self.members)


@dataclass(frozen=True, slots=True)
class Kind:
    """A reason that alone makes 확인필요, of one account, and how many wait."""

    account: int
    reason: str
    waiting: int


@dataclass(frozen=True, slots=True)
class RunShown:
    """One run, its scope and by whom; empty where a machine ran it."""

    id: int
    at: datetime
    by_name: str
    scope: Scope
    combined: int


def find_run(run_id: int | None) -> RunShown | None:
    """That run, or the newest."""
    found = Run.objects.select_related("by").order_by("-id")
    run = (found.filter(id=run_id) if run_id else found).first()
    if run is None:
        return None
    return RunShown(run.id, run.at, run.by.name if run.by else "", Scope.from_json(run.scope), run.combined)


def count_verdicts(run_id: int) -> dict[str, int]:
    """Candidates of a run beside their base by verdict; `waiting` are those of 확인필요 nobody decided."""
    members = Candidate.objects.filter(run_id=run_id).exclude(reasons=["base"])
    return members.aggregate(
        combine=Count("id", filter=Q(verdict=COMBINE)),
        review=Count("id", filter=Q(verdict=REVIEW)),
        never=Count("id", filter=Q(verdict=NEVER)),
        waiting=Count("id", filter=Q(verdict=REVIEW, decision="")),
    )


def list_groups(run_id: int, verdict: str, *, start: int = 0, limit: int = 20) -> list[Group]:
    """Groups of a verdict, those that wait first; one more than `limit` where there are more. Two statements."""
    values: dict[str, Any] = {"run": run_id, "verdict": verdict, "start": start, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, values)
        bases = [row[0] for row in cursor.fetchall()]
        cursor.execute(_SIDES, {"run": run_id, "verdict": verdict, "bases": bases})
        names = [each[0] for each in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    heads = {row["shipment_id"]: row for row in rows if row["shipment_id"] in set(bases)}
    return [
        Group(
            _side(heads[base], None),
            [
                _side(row, heads[base])
                for row in rows
                if (row["base_id"], row["verdict"]) == (base, verdict) and row["shipment_id"] != base
            ],
        )
        for base in bases
        if base in heads
    ]


def list_kinds(run_id: int) -> list[Kind]:
    """What waits of a run by account and its only reason, the most first (C15)."""
    found = Candidate.objects.filter(run_id=run_id, verdict=REVIEW, decision="").exclude(reasons=["base"])
    counted = found.values_list("account_id", "reasons").annotate(waiting=Count("id")).order_by("-waiting")
    return [Kind(account, reasons[0], waiting) for account, reasons, waiting in counted if len(reasons) == 1]


def decided_at(run_id: int, moment: datetime, *, by: int | None) -> list[int]:
    """The candidates of a run somebody decided at this moment: what an undo takes back."""
    found = Candidate.objects.filter(run_id=run_id, decided_at=moment, decided_by=by)
    return list(found.values_list("id", flat=True))


def _parcel(row: dict[str, Any]) -> Parcel:
    return Parcel(
        id=row["shipment_id"],
        name=row["name"],
        phone1=row["phone1"],
        phone2=row["phone2"],
        postcode=row["postcode"],
        address1=row["address1"],
        address2=row["address2"],
    )


def _side(row: dict[str, Any], base: dict[str, Any] | None) -> Side:
    return Side(
        id=row["id"],
        shipment=row["shipment_id"],
        base=row["base_id"],
        bundle_no=row["bundle_no"],
        order=row["order_id"],
        number=row["number"],
        account=row["account"],
        name=row["name"],
        phone1=row["phone1"],
        phone2=row["phone2"],
        postcode=row["postcode"],
        address1=row["address1"],
        address2=row["address2"],
        product_name=row["product_name"] or "",
        items=row["items"] or 0,
        quantity=int(row["quantity"] or 0),
        ship_by=row["ship_by"],
        decision=row["decision"],
        reasons=tuple(_codes(row["reasons"])),
        differs=differing(_parcel(base), _parcel(row)) if base is not None else frozenset(),
    )


def _codes(value: Any) -> list[str]:
    """A list of codes, whether the driver read it already or not."""
    found: list[str] = json.loads(value) if isinstance(value, str) else value
    return found
