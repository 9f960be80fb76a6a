"""Editing an order's recipient and memo, safe for two people at once: nothing typed overwrites what was not seen (R23)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.core.phones import normalise_phone
from jumun.core.secrets import seal_mapping, unseal_mapping
from jumun.orders.actions.follow_addresses import free_addresses
from jumun.orders.addresses import FIELDS, PHONES, digest_sql, find_fault, only_said
from jumun.orders.events import AddressesChanged, announce
from jumun.orders.models import Recipient
from jumun.orders.moving import COMPANY
from jumun.orders.states import IN_HOUSE

MEMO = "memo"
EDITABLE = (*FIELDS, MEMO)
ADDRESS = frozenset(FIELDS)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field somebody else changed meanwhile: what was typed, and what stands there now."""

    yours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The version the order has now and the fields that changed; or, after `stale`, what differs and nothing changed."""

    revision: int
    changed: tuple[str, ...] = ()
    stale: bool = False
    differs: Mapping[str, Difference] = field(default_factory=dict)


class WrongFieldsError(JumunError):
    """Typed values that cannot be kept; `faults` is code by field."""

    status = 422

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("invalid", field=", ".join(faults))


_LOCK_SHIPMENTS = """
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id IN (
       SELECT i.shipment_id FROM orders_orderitem i WHERE i.order_id = %(order)s) ORDER BY s.id FOR UPDATE) AS locked
"""
"""Shipments, items, then the recipient: the order in which catching up takes them."""

_LOCK_ITEMS = """
SELECT coalesce(bool_or(order_id = %(order)s AND status = ANY(%(in_house)s)), false) FROM (
       SELECT i.order_id, i.status FROM orders_orderitem i
        WHERE i.order_id = %(order)s OR i.shipment_id IN (
              SELECT s.id FROM orders_shipment s JOIN orders_recipient r ON r.id = s.recipient_id WHERE r.order_id = %(order)s)
        ORDER BY i.id FOR UPDATE) AS locked
"""

_EDIT = f"""
WITH given AS (
    SELECT {", ".join(f"%({name})s::text AS {name}" for name in (*FIELDS, "country"))}
), edited AS (
    UPDATE orders_recipient r SET
           {", ".join(f"{name} = n.{name}" for name in (*FIELDS, "country"))}, sealed = coalesce(%(sealed)s::text, r.sealed),
           revision = r.revision + 1,
           channel_digest = CASE WHEN r.edited_at IS NULL THEN {digest_sql("r")} ELSE r.channel_digest END,
           channel_sealed = CASE WHEN %(chosen)s THEN '' ELSE r.channel_sealed END,
           edited_at = CASE WHEN r.edited_at IS NOT NULL AND r.channel_digest = {digest_sql("n")} THEN NULL
                            WHEN %(address)s THEN %(at)s ELSE r.edited_at END
      FROM given n
     WHERE r.order_id = %(order)s AND r.revision = %(revision)s
    RETURNING r.id, r.order_id, r.revision
), noted AS (
    UPDATE orders_order o SET memo = %(memo)s FROM edited e WHERE o.id = e.order_id AND o.memo <> %(memo)s
), labels AS (
    UPDATE orders_orderitem i SET reprint = true
      FROM edited e JOIN orders_shipment s ON s.recipient_id = e.id
     WHERE i.shipment_id = s.id AND i.status = 'labelled' AND %(address)s
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, action, came_from, went_to, by_id, detail)
    SELECT {COMPANY}, %(at)s, e.order_id, 'edited', '', '', %(by)s,
           jsonb_build_object('fields', %(names)s::text[], 'took', %(took)s::text) FROM edited e
)
SELECT revision FROM edited
"""


def edit_order(order_id: int, values: Mapping[str, str], *, revision: int, by: int | None, at: datetime) -> Edited:
    """Change fields of `EDITABLE` on the version somebody saw; fields not given stay.

    On another version nothing changes and the answer says what differs; the same values again are no conflict. From
    the first change of the address on the channel's own value no longer overwrites it. Where the channel's newer value
    waits beside the person's, giving any field of the address is the choice: with the channel's value the order follows
    the channel again. Labels already made are marked for reprint. Must run inside `acting_as`. Raises NotFoundError,
    ConflictError("left_house") for an address of goods that left, WrongFieldsError.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        bound: dict[str, Any] = {"order": order_id, "in_house": [status.value for status in IN_HOUSE]}
        cursor.execute(_LOCK_SHIPMENTS, bound)
        cursor.execute(_LOCK_ITEMS, bound)
        at_home = bool(cursor.fetchone()[0])
        found = (
            Recipient.objects.select_for_update(of=("self",)).select_related("order").filter(order_id=order_id).first()
        )
        if found is None:
            raise NotFoundError("not_found")
        standing = _standing(found)
        given = {name: tidy(name, value) for name, value in values.items() if name in EDITABLE}
        changed = {name: value for name, value in given.items() if value != tidy(name, standing[name])}
        if found.revision != revision:
            differs = {name: Difference(value, standing[name]) for name, value in changed.items()}
            return Edited(found.revision, stale=bool(differs), differs=differs)
        chosen = bool(found.channel_sealed) and not ADDRESS.isdisjoint(given)
        address = not ADDRESS.isdisjoint(changed)
        if not (changed or chosen):
            return Edited(found.revision)
        if faults := {name: code for name, value in changed.items() if (code := find_fault(name, value))}:
            raise WrongFieldsError(faults)
        if address and not at_home:
            raise ConflictError("left_house")
        after = standing | changed
        bound |= after | _chosen(found, after, chosen=chosen)
        bound |= {"revision": revision, "address": address, "chosen": chosen, "by": by, "at": at}
        cursor.execute(_EDIT, bound | {"names": [name for name in EDITABLE if name in changed]})
        row = cursor.fetchone()
        if row is None:  # the lock above makes it impossible; the database has the last word all the same
            raise ConflictError("changed_meanwhile")
        if chosen:
            free_addresses([order_id], by=by, at=at)
        if address or chosen:
            announce(AddressesChanged(by, at))
    return Edited(int(row[0]), tuple(name for name in EDITABLE if name in changed))


def see_other_address(order_id: int) -> dict[str, str]:
    """The channel's newer address waiting beside a person's edit, in clear; empty when there is none.

    The caller writes the look to the access trail in the same transaction.
    """
    sealed = Recipient.objects.filter(order_id=order_id).values_list("channel_sealed", flat=True).first()
    return only_said(unseal_mapping(sealed)) if sealed else {}


def tidy(name: str, value: str) -> str:
    """A typed value as it is kept: composed, without spaces around; a telephone number as digits where it is one."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return normalise_phone(text) if name in PHONES and not find_fault("phone2", text) else text


def _standing(found: Recipient) -> dict[str, str]:
    return {name: str(getattr(found, name)) for name in FIELDS} | {MEMO: found.order.memo}


def _chosen(found: Recipient, after: Mapping[str, str], *, chosen: bool) -> dict[str, str | None]:
    """What a choice adds: whose address it took and, where it is the channel's, that address as the channel wrote it."""
    told = unseal_mapping(found.channel_sealed) if chosen else {}
    if not chosen or any(tidy(name, after[name]) != tidy(name, told[name]) for name in FIELDS):
        return {"country": found.country, "sealed": None, "took": "ours" if chosen else ""}
    hidden = {name: told[name] for name in ("customs", "entrance") if told.get(name)}
    return {**only_said(told), "sealed": seal_mapping(hidden) if hidden else None, "took": "channel"}
