"""Shipments of a scope as the rules read them, and what is in them: four statements, none of which joins what another grouped."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from jumun.channels.registry import find_profile
from jumun.channels.sheet_kinds import find_sheet_kind
from jumun.core.secrets import unseal_mapping
from jumun.orders.moving import COMPANY
from jumun.orders.states import GONE, Status
from jumun.packing.load import NOTHING, Load
from jumun.packing.rules import Parcel

OPEN = (Status.PREPARING.value, Status.READY.value)
"""합포 is for 상품준비 and 출고대기 without a number."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What lies in a shipment: how it is stored, whether something of it goes alone, grams and cm³ (pieces are 0)."""

    storages: str = ""
    alone: bool = False
    load: Load = NOTHING


NO_GOODS = Goods()
"""The goods of a shipment nothing of which is matched."""
_GOODS_OF = f"""
WITH live AS MATERIALIZED (
    SELECT id, shipment_id, order_id FROM orders_orderitem
     WHERE company_id = {COMPANY} AND status <> ALL(%(gone)s) AND shipment_id = ANY(%(ids)s::bigint[])
)
SELECT {{whose}}, bool_or(k.never_combine) AS alone,
       array_agg(DISTINCT k.storage ORDER BY k.storage) FILTER (WHERE NOT u.holds OR k.storage <> '') AS storages
  FROM live l JOIN orders_component c ON c.item_id = l.id
  JOIN LATERAL (SELECT c.sku_id AS sku,
                       EXISTS (SELECT 1 FROM catalog_setpart p WHERE p.sku_id = c.sku_id) AS holds
                 UNION ALL
                SELECT p.part_id, false FROM catalog_setpart p WHERE p.sku_id = c.sku_id) u ON true
  JOIN catalog_sku k ON k.id = u.sku
 GROUP BY {{whose}}
"""

_SUM = """sum(i.quantity::numeric * c.per_unit * CASE WHEN k.{column} > 0 THEN k.{column} ELSE coalesce((
           SELECT sum(p.quantity::numeric * q.{column}) FROM catalog_setpart p JOIN catalog_sku q ON q.id = p.part_id WHERE p.sku_id = k.id), 0) END)"""
_LOADS_OF = f"""
SELECT i.shipment_id, {_SUM.format(column="weight")}, {_SUM.format(column="volume")}
  FROM orders_orderitem i JOIN orders_component c ON c.item_id = i.id JOIN catalog_sku k ON k.id = c.sku_id
 WHERE i.company_id = {COMPANY} AND i.status <> ALL(%(gone)s) AND i.shipment_id = ANY(%(ids)s::bigint[])
 GROUP BY i.shipment_id
"""
_TAKEN_OUT = f"""
SELECT DISTINCT e.order_id, e.at FROM orders_timelineevent e
 WHERE e.company_id = {COMPANY} AND e.action = 'take_out' AND e.order_id = ANY(%s::bigint[])
"""
_LOAD = f"""
WITH live AS MATERIALIZED (
    SELECT id, shipment_id, line_id, method, status, quantity, ship_by, ordered_at, claim_open, waybill
      FROM orders_orderitem
     WHERE company_id = {COMPANY} AND status <> ALL(%(gone)s) AND shipment_id IN (
           SELECT w.shipment_id FROM orders_orderitem w
            WHERE w.company_id = {COMPANY} AND w.status = ANY(%(open)s)
              AND (%(since)s::timestamptz IS NULL OR w.ordered_at >= %(since)s)
              AND (%(until)s::timestamptz IS NULL OR w.ordered_at < %(until)s)
              AND (%(accounts)s::bigint[] IS NULL OR w.account_id = ANY(%(accounts)s))
              AND (%(only)s::bigint[] IS NULL OR w.shipment_id = ANY(%(only)s)))
)
    SELECT shipment_id, array_agg(DISTINCT method) AS methods, array_agg(DISTINCT status) AS stages,
           sum(quantity) AS quantity, min(ship_by) AS ship_by, min(ordered_at) AS ordered_at,
           array_agg(DISTINCT coalesce((SELECT nullif(n.carriage, '') FROM orders_orderline n WHERE n.id = live.line_id), 'prepaid'))
               AS carriages,
           bool_or(claim_open) AS claimed, bool_or(waybill <> '') AS numbered,
           bool_or(id IN (SELECT h.item_id FROM orders_hold h
                           WHERE h.company_id = {COMPANY} AND h.reason = 'gift_without_address')) AS gift
      FROM live GROUP BY shipment_id
"""
_INSIDE = """
SELECT c.shipment_id, c.came_from_id, r.name, r.phone1, r.phone2, r.postcode, r.address1, r.address2
  FROM packing_combination c JOIN orders_recipient r ON r.order_id = c.order_id
 WHERE c.shipment_id = ANY(%s::bigint[]) AND c.ended_at IS NULL ORDER BY c.id
"""
_WHERE_TO = """
SELECT s.id, s.ship_from_id, r.name, r.phone1, r.phone2, r.postcode, r.address1, r.address2, r.country, r.sealed,
       r.revision, o.account_id, o.channel, a.brand, s.waybill, r.order_id, s.created_at
  FROM orders_shipment s
  JOIN orders_recipient r ON r.id = s.recipient_id
  JOIN orders_order o ON o.id = r.order_id
  JOIN channels_channelaccount a ON a.id = o.account_id
 WHERE s.id = ANY(%s::bigint[])
"""


_CAPS = ("most_quantity", "most_weight", "most_volume")
"""How a run remembers its caps, in the order of a load's fields."""


@dataclass(frozen=True, slots=True)
class Scope:
    """C16: which orders (by the moment they were placed) and accounts, and whether accounts may be mixed."""

    since: datetime | None = None
    until: datetime | None = None
    accounts: tuple[int, ...] | None = None
    across_accounts: bool = False
    caps: Load = NOTHING

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Scope":
        """The scope a run remembers."""
        since, until = (datetime.fromisoformat(kept[name]) if kept.get(name) else None for name in ("since", "until"))
        accounts = tuple(kept["accounts"]) if kept.get("accounts") is not None else None
        return cls(
            since,
            until,
            accounts,
            bool(kept.get("across_accounts")),
            Load(*(int(kept.get(name, 0)) for name in _CAPS)),
        )

    def as_json(self) -> dict[str, Any]:
        """What a run remembers of it."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "accounts": list(self.accounts) if self.accounts is not None else None,
            "across_accounts": self.across_accounts,
            **dict(zip(_CAPS, astuple(self.caps), strict=True)),
        }


@dataclass(frozen=True, slots=True)
class Loaded:
    """Parcels, and the revision of each one's recipient by shipment."""

    parcels: list[Parcel]
    revisions: dict[int, int]


def load_parcels(scope: Scope, *, only: Sequence[int] | None = None) -> Loaded:
    """Every open shipment of a scope, or of these alone. Must run inside `acting_as`."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LOAD,
            {
                "gone": [status.value for status in GONE],
                "open": list(OPEN),
                "since": scope.since,
                "until": scope.until,
                "only": list(only) if only is not None else None,
                "accounts": list(scope.accounts) if scope.accounts is not None else None,
            },
        )
        loads = {row["shipment_id"]: row for row in _rows(cursor)}
        cursor.execute(_WHERE_TO, [list(loads)])
        rows = [row | loads[row["id"]] for row in _rows(cursor)]
        cursor.execute(_INSIDE, [list(loads)])
        inside: defaultdict[int, list[Parcel]] = defaultdict(list)
        for shipment, came_from, *who in cursor.fetchall():
            inside[shipment].append(Parcel(came_from, *who))
        cursor.execute(_TAKEN_OUT, [[row["order_id"] for row in rows]])
        parted = set(cursor.fetchall())
    goods = read_goods([row["id"] for row in rows])
    for row in rows:
        row["taken_out"] = (row["order_id"], row["created_at"]) in parted
        row["inside"] = tuple(inside[row["id"]])
        row["goods"] = goods.get(row["id"], NO_GOODS)
    return Loaded([_parcel(row) for row in rows], {row["id"]: row["revision"] for row in rows})


def _rows(cursor: Any) -> list[dict[str, Any]]:
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_goods(shipments: Sequence[int]) -> dict[int, Goods]:
    """The goods of each shipment that has any. Two statements."""
    values: dict[str, Any] = {"gone": [status.value for status in GONE], "ids": list(shipments)}
    with connection.cursor() as cursor:
        cursor.execute(_LOADS_OF, values)
        loads = {shipment: Load(0, int(grams), int(volume)) for shipment, grams, volume in cursor.fetchall()}
        cursor.execute(_GOODS_OF.format(whose="l.shipment_id"), values)
        return {
            shipment: Goods(",".join(storages or ()), bool(alone), loads.get(shipment, Load()))
            for shipment, alone, storages in cursor.fetchall()
        }


def read_goods_by_order(shipments: Sequence[int]) -> dict[int, dict[int, Goods]]:
    """The same, but for grams and cm³, by shipment and order."""
    values: dict[str, Any] = {"gone": [status.value for status in GONE], "ids": list(shipments)}
    found: defaultdict[int, dict[int, Goods]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_GOODS_OF.format(whose="l.shipment_id, l.order_id"), values)
        for shipment, order, alone, storages in cursor.fetchall():
            found[shipment][order] = Goods(",".join(storages or ()), bool(alone))
    return found


def _parcel(row: dict[str, Any]) -> Parcel:
    return Parcel(
        id=row["id"],
        name=row["name"],
        phone1=row["phone1"],
        phone2=row["phone2"],
        postcode=row["postcode"],
        address1=row["address1"],
        address2=row["address2"],
        account=row["account_id"],
        brand=row["brand"],
        ship_from=row["ship_from_id"],
        method=row["methods"][0],
        stage=row["stages"][0],
        storage=row["goods"].storages,
        payment="collect" if "collect" in row["carriages"] else "prepaid",
        load=row["goods"].load + Load(int(row["quantity"])),
        ship_by=row["ship_by"],
        ordered_at=row["ordered_at"],
        taken_out=row["taken_out"],
        inside=row["inside"],
        bars=tuple(_bars(row, row["stages"], row["methods"])),
    )


def _bars(row: dict[str, Any], stages: Sequence[str], methods: Sequence[str]) -> list[str]:
    bars = []
    if row["numbered"] or row["waybill"]:
        bars.append("numbered")
    if row["claimed"]:
        bars.append("claim_open")
    if len(stages) > 1 or stages[0] not in OPEN:
        bars.append("wrong_stage")
    if len(methods) > 1 or methods[0] == "partner":
        bars.append("other_method")
    if row["goods"].alone:
        bars.append("sku_alone")
    if row["gift"]:
        bars.append("gift_order")
    kind = find_profile(row["channel"]) or find_sheet_kind(row["channel"])
    if kind is not None and not kind.combines:
        bars.append("channel_forbids")
    if row["country"] not in ("KR", ""):
        bars.append("overseas")
    elif row["sealed"] and unseal_mapping(row["sealed"]).get("customs"):
        bars.append("customs")
    return bars
