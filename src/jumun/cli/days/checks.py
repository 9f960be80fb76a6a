"""The invariants of a day at rest (reliability.md §3), each a function that names what breaks it."""

from collections import Counter
from collections.abc import Callable, Iterable

from jumun.cli.days.seen import Key, Row, Seen, key_of, split_moves
from jumun.cli.days.world import is_gone, is_waiting
from jumun.orders.states import ENDS, GONE, MOVES, PIPELINE, Status

CONFIRMS = ("confirm", "acknowledgement")
DISPATCHES = ("dispatch", "invoices", "updateInvoices")
CORRECTIONS = ("updateInvoices",)
LEFT = frozenset({"in_transit", "delivered", "settled", "returned", "exchanged"})
SPLIT = "split_off"
"""How the cancelled part of a line begins and ends: split off an item wherever that stood."""
SHOWN = 20
"""So many violations of one kind are told; the rest are counted."""


def check_lines(seen: Seen) -> Iterable[str]:
    """I1: what the malls hold for the seller is ours, each line once; nothing is ours that no mall has."""
    ours = Counter(key_of(line) for line in seen.lines)
    for key, times in ours.items():
        if times > 1:
            yield f"{_name(key)} was stored {times} times"
        if key not in seen.mall_lines:
            yield f"{_name(key)} is ours and no mall has it"
    owed = {key for key, line in seen.mall_lines.items() if is_waiting(line)}
    for key in sorted((owed | seen.must) - set(ours)):
        line = seen.mall_lines.get(key, {})
        yield f"{_name(key)} was never collected (mall: {line.get('status')})"
    items = seen.items_of()
    for line in seen.lines:
        pieces = sum(item["quantity"] for item in items.get(key_of(line), ()) if item["origin"] == "line")
        if not 0 < pieces <= line["quantity"]:
            yield f"{_name(key_of(line))} has {line['quantity']} pieces, its items {pieces}"


def check_dispatches(seen: Seen) -> Iterable[str]:
    """I3: what we told is in the mall's log once a revision, with the parcel's number; nothing else is."""
    told, items = seen.told(*DISPATCHES), seen.items_of()
    ledger = _ledger(seen, "confirm", is_confirm=False)
    for key, accepted in told.items():
        firsts = [each for each in accepted if each["call"] not in CORRECTIONS]
        there = key in seen.sent_there  # then ours may only correct its number
        if len(firsts) != (0 if there else 1):
            where = ", sent in the seller centre" if there else ""
            yield f"{_name(key)} was dispatched {len(firsts)} times{where}: {[each['waybill'] for each in firsts]}"
        confirmed = [each for each in ledger.get(key, ()) if each["state"] == "confirmed"]
        if key in seen.changed_there and seen.mall_lines[key].get("waybill") != accepted[-1]["waybill"]:
            # Corrected there before the answer we lost was read back: whose number it is nobody can tell.
            confirmed += [each for each in ledger.get(key, ()) if each["code"] == "sent_other_number"]
        if len(confirmed) != len(accepted) and not _is_open(ledger.get(key, ())):
            states = [(each["revision"], each["state"], each["code"]) for each in ledger.get(key, ())]
            yield f"{_name(key)}: the mall accepted {len(accepted)}, the ledger says {states}"
        whole = items.get(key, ())
        for item in [each for each in whole if each["status"] != "cancelled"] or whole:  # a cancelled part stays behind
            yield from _judge_told(key, item, accepted[-1], changed=key in seen.changed_there)
    for key, rows in items.items():
        for item in rows:
            by_hand = key in seen.sent_there and seen.mall_lines[key].get("waybill") == item["waybill"]
            if item["push"] == "confirmed" and key not in told and not by_hand:
                yield f"{_name(key)} is said to be told and the mall knows nothing"
            if item["status"] in LEFT and not seen.mall_lines[key].get("waybill") and item["needs_waybill"]:
                yield f"{_name(key)} is {item['status']} and the mall has no number"


def _judge_told(key: Key, item: Row, last: Row, *, changed: bool) -> Iterable[str]:
    if item["status"] not in LEFT and item["push"] != "unknown":
        yield f"{_name(key)} was dispatched and its item is {item['status']} with push {item['push']!r}"
    if item["needs_waybill"] and not changed and last["waybill"] != item["waybill"]:
        yield f"{_name(key)}: the mall was told {last['waybill']}, the item has {item['waybill']}"


def check_confirms(seen: Seen) -> Iterable[str]:
    """I3 for 발주확인: each line at most once, and the ledger agrees."""
    told = seen.told(*CONFIRMS)
    ledger = _ledger(seen, "confirm", is_confirm=True)
    for key, accepted in told.items():
        if len(accepted) != 1:
            yield f"{_name(key)} was confirmed {len(accepted)} times"
        states = [each["state"] for each in ledger.get(key, ())]
        if not states:
            yield f"{_name(key)} was confirmed at the mall, and the ledger knows nothing"
    for item in seen.items:
        key = key_of(item)
        if item["status"] == "paid" and key in told and item["push"] not in ("unknown", "planned", "sending"):
            line = seen.mall_lines.get(key)
            if line and is_waiting(line):
                yield f"{_name(key)} is confirmed at the mall and still 'paid' here (push {item['push']!r})"


def check_cancelled(seen: Seen) -> Iterable[str]:
    """I4: nothing the mall cancelled goes on here without an open conflict; nothing dead here lives there."""
    for item in seen.items:
        key = key_of(item)
        line = seen.mall_lines.get(key)
        if line is None or item["origin"] != "line":
            continue
        if is_gone(line) and item["status"] not in GONE and not (item["claim_open"] or item["held"]):
            yield f"{_name(key)} is {line['status']} at the mall and {item['status']} here, without a conflict"
    for key, whole in seen.items_of().items():
        line = seen.mall_lines.get(key)
        if line is None or not is_waiting(line):
            continue
        living = sum(item["quantity"] for item in whole if item["origin"] == "line" and item["status"] not in GONE)
        if living != line["remaining"] and not any(item["claim_open"] or item["held"] for item in whole):
            yield f"{_name(key)} waits at the mall with {line['remaining']} pieces, here with {living}"


def check_timeline(seen: Seen) -> Iterable[str]:
    """I5: each change of status has exactly one event, each begins where the last one ended."""
    for item in seen.items:
        moves = split_moves(seen.events.get(item["id"], ()))
        place = moves[0]["came_from"] if moves and moves[0]["action"] == SPLIT else ""
        for event in moves:
            if event["came_from"] != place:
                yield f"item {item['id']}: {event['action']} came from {event['came_from']!r}, it stood at {place!r}"
            place = event["went_to"]
        if place != item["status"]:
            yield f"item {item['id']}: the timeline ends at {place!r}, the item is {item['status']!r}"


def check_rest(seen: Seen) -> Iterable[str]:
    """I6: nothing runs, nothing is half told; what is unknown will be looked at."""
    for job in seen.jobs:
        if job["status"] in ("queued", "running"):
            yield f"job {job['id']} ({job['kind']}) is {job['status']}"
    if seen.doing:
        yield f"{seen.doing} queue tasks are being done"
    for effect in seen.effects:
        if effect["state"] in ("planned", "sending"):
            yield f"effect {effect['id']} ({effect['verb']} {effect['unit']}) is {effect['state']}"
        if effect["state"] == "unknown" and effect["next_look_at"] is None:
            yield f"effect {effect['id']} ({effect['verb']} {effect['unit']}) is unknown and nobody will look"
    open_items = {int(line["item"]) for each in seen.effects for line in each["lines"] if each["state"] == "unknown"}
    for item in seen.items:
        if item["push"] in ("planned", "sending") or (item["push"] == "unknown" and item["id"] not in open_items):
            yield f"item {item['id']} has push {item['push']} without an open effect"


def check_money(seen: Seen) -> Iterable[str]:
    """I8: whole won everywhere; a line costs what the mall said; its items add up to it."""
    items = seen.items_of()
    for line in seen.lines:
        key = key_of(line)
        if line["currency"] != "KRW" or line["amount"] != int(line["amount"]):
            yield f"{_name(key)} costs {line['amount']} {line['currency']}"
        if key in seen.paid and line["remaining"] == line["quantity"] and line["amount"] != seen.paid[key]:
            yield f"{_name(key)} costs {line['amount']}, the mall said {seen.paid[key]}"
        total = sum(item["amount"] for item in items.get(key, ()) if item["origin"] == "line")
        if line["remaining"] == line["quantity"] and total != line["amount"]:
            yield f"{_name(key)} costs {line['amount']}, its items {total}"


def check_moves(seen: Seen) -> Iterable[str]:
    """I9: only along allowed edges; what the mall said late never moves anything back."""
    for item_id, events in seen.events.items():
        moves = split_moves(events)
        for event in moves:
            if not is_allowed(event["action"], event["came_from"], event["went_to"]):
                yield f"item {item_id}: {event['action']} from {event['came_from']!r} to {event['went_to']!r}"


def is_allowed(action: str, came_from: str, went_to: str) -> bool:
    """Whether an item may go this way: the table's moves, `caught_up` forward, an undo back along one move."""
    if action in ("collected", "registered", "sheet_registered"):
        return came_from == "" and went_to in ("paid", "preparing", "awaiting_payment")
    if came_from == "":
        return False
    source, target = Status(came_from), Status(went_to)
    if action == "caught_up":
        ends = target in GONE and source not in ENDS
        return ends or (source in PIPELINE and target in PIPELINE and PIPELINE.index(source) < PIPELINE.index(target))
    if action == SPLIT:
        return source not in ENDS and target in GONE
    if action == "undo":
        return any(target in move.sources and move.target == source for move in MOVES.values())
    move = MOVES.get(action)
    if move is None or move.target != target:
        return False
    return source in move.sources or (action == "transmit" and source == Status.LABELLED)


def check_numbers(seen: Seen) -> Iterable[str]:
    """A waybill number is one parcel's: the items of one shipment that we sent share it."""
    ours = [
        item
        for item in seen.items
        if item["waybill"] and item["status"] != "cancelled" and item["push"] != "not_needed"
    ]
    bundles: dict[tuple[str, str], set[str]] = {(item["carrier"], item["waybill"]): set() for item in ours}
    for item in ours:
        bundles[item["carrier"], item["waybill"]].add(item["bundle_no"])
    for (carrier, number), found in bundles.items():
        if len(found) > 1:
            yield f"{carrier} {number} is on {sorted(found)}"


CHECKS: dict[str, Callable[[Seen], Iterable[str]]] = {
    "I1": check_lines,
    "I3": check_dispatches,
    "I3 confirm": check_confirms,
    "I4": check_cancelled,
    "I5": check_timeline,
    "I6": check_rest,
    "I8": check_money,
    "I9": check_moves,
    "R27": check_numbers,
}


def judge(seen: Seen) -> list[str]:
    """Every violation, with its invariant before it."""
    found: list[str] = []
    for name, check in CHECKS.items():
        broken = list(check(seen))
        found += [f"{name}: {each}" for each in broken[:SHOWN]]
        if len(broken) > SHOWN:
            found.append(f"{name}: and {len(broken) - SHOWN} more")
    return found


def _ledger(seen: Seen, verb: str, *, is_confirm: bool) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for effect in seen.effects:
        if (effect["verb"] == verb) == is_confirm:
            for line in effect["lines"]:
                key = (effect["account"], line["order_number"], line["line_key"])
                found.setdefault(key, []).append(effect)
    return found


def _is_open(effects: Iterable[Row]) -> bool:
    return any(each["state"] == "unknown" for each in effects)


def _name(key: Key) -> str:
    return "/".join(key)
