"""Fields to columns: how well each fits by header and content, each column used once, and how sure that is."""

from collections.abc import Mapping, Sequence

from jumun.intake.sheet_columns import Column
from jumun.intake.sheet_fields import REQUIRED, Field, Source, Unsure
from jumun.intake.sheet_people import SURE, Seen
from jumun.intake.sheet_rules import fit
from jumun.intake.sheet_values import read_carriage

MARGIN = 0.04
WEAK = 0.3
CHOSEN = (
    Field.ORDER_NO,
    Field.LINE_NO,
    Field.ORDERED_AT,
    Field.PRODUCT_NAME,
    Field.OPTION,
    Field.PRODUCT_CODE,
    Field.QUANTITY,
    Field.RECIPIENT,
    Field.POSTCODE,
    Field.MEMO,
    Field.BUYER,
    Field.CARRIER,
    Field.WAYBILL,
    Field.COUNTRY,
    Field.PRODUCT_URL,
    Field.CURRENCY,
    Field.SHIPPING_FEE,
    Field.CUSTOMS_NUMBER,
    Field.CARRIAGE,
)
"""Fields found by one column's header; phones, address and amount are looked at together."""
_OURS = frozenset(
    {Field.COUNTRY, Field.PRODUCT_URL, Field.CURRENCY, Field.SHIPPING_FEE, Field.CUSTOMS_NUMBER, Field.CARRIAGE}
)
_JOINED = frozenset({Field.OPTION, Field.MEMO})


def content(field: Field, column: Column, seen: Seen) -> float:
    """What a column's cells and neighbours say to a field, as a factor: 1 agrees, less contradicts."""
    whose = seen.role or seen.near
    if field is Field.POSTCODE and whose in {"BUYER", "SENDER"} and "RECIPIENT" not in seen.words:
        return 0.6 if column.postcode >= 0.4 or not column.said else 0.2
    if not column.said:
        return 0.55 if field in {Field.PRODUCT_CODE, Field.ORDERED_AT} else 0.9
    if (
        field is Field.BUYER
        and "SENDER" in seen.words
        and column.said > 2
        and len(set(filter(None, column.texts))) == 1
    ):
        return 0.3  # the same sender on every row is the seller
    if field in {Field.ORDER_NO, Field.LINE_NO}:
        return _content_of_number(field, column, seen)
    if field is Field.PRODUCT_CODE and _is_shops_own(column, seen):
        return 0.3
    bad = {
        Field.ORDERED_AT: column.moment < 0.5,
        Field.PRODUCT_NAME: column.number > 0.7 or column.phone > 0.5 or column.moment > 0.6,
        Field.OPTION: column.phone > 0.6 or column.moment > 0.8 or (column.number > 0.95 and column.big > 0.8),
        Field.PRODUCT_CODE: column.length > 40 or column.phone > 0.9 or (column.moment > 0.95 and column.number < 0.5),
        Field.QUANTITY: column.quantity < 0.5,
        Field.RECIPIENT: column.number > 0.4 or column.phone > 0.4 or column.address > 0.5 or column.length > 30,
        Field.POSTCODE: column.postcode < 0.4,
        Field.MEMO: column.phone > 0.6 or column.number > 0.8 or column.moment > 0.6,
        Field.BUYER: column.number > 0.4 or column.phone > 0.4 or (column.login > 0.5 and column.person < 0.4),
        Field.CARRIER: (column.number > 0.8 and column.length > 6) or column.length > 25,
        Field.WAYBILL: column.letters > 0.8 and column.number < 0.1 and column.identity < 0.1,
        Field.COUNTRY: column.country < 0.9,
        Field.PRODUCT_URL: column.url < 0.9,
        Field.CURRENCY: column.length > 6 or column.number > 0.1,
        Field.SHIPPING_FEE: column.money + _says_carriage(column) < 0.9,
        Field.CARRIAGE: any(text and not read_carriage(text).text for text in column.texts),
    }
    return 0.3 if bad.get(field, False) else 1.0


def _says_carriage(column: Column) -> float:
    """The share of its cells that say 선불 or 착불."""
    said = [text for text in column.texts if text]
    return sum(bool(read_carriage(text).text) for text in said) / len(said) if said else 0.0


def _is_shops_own(column: Column, seen: Seen) -> bool:
    """A code of the seller (업체코드) that is the same on every row is the shop's, not the goods'."""
    return seen.words == {"SELLER", "CODE"} and column.said > 3 and len(set(filter(None, column.texts))) == 1


def _content_of_number(field: Field, column: Column, seen: Seen) -> float:
    """Numbers of orders and lines: they have digits; a line's stands once, unless it only counts within its order."""
    if column.address > 0.5 or (column.person > 0.7 and column.number < 0.1):
        return 0.3
    if column.moment > 0.9 and column.number < 0.1 and column.identity < 0.5:
        return 0.3
    counting = "LINE" in seen.header.concepts and column.length <= 3
    if field is Field.LINE_NO and column.said >= 4 and column.distinct < 0.8 and not counting:
        return 0.5
    return 1.0


def score_columns(columns: Sequence[Seen]) -> dict[Field, list[tuple[float, Seen]]]:
    """For each field the columns that may be it, best first."""
    scored: dict[Field, list[tuple[float, Seen]]] = {}
    for field in CHOSEN:
        found = []
        for seen in columns:
            weight = fit(field, seen.header, seen.role)
            if weight:
                found.append((weight * content(field, seen.column, seen), seen))
        scored[field] = sorted(found, key=lambda each: (-each[0], each[1].header.order, each[1].place))
    return scored


def assign(scored: Mapping[Field, list[tuple[float, Seen]]], taken: frozenset[int]) -> dict[Field, tuple[float, Seen]]:
    """The best fits first, each column once."""
    order = {field: place for place, field in enumerate(CHOSEN)}
    every = [
        (score, field, seen)
        for field, found in scored.items()
        for score, seen in found
        if score >= SURE and seen.place not in taken and (field not in _OURS or score > 0.85)
    ]
    every.sort(key=lambda each: (-each[0], order[each[1]], each[2].header.order, each[2].place))
    chosen: dict[Field, tuple[float, Seen]] = {}
    used: set[int] = set()
    for score, field, seen in every:
        if field not in chosen and seen.place not in used:
            chosen[field] = (score, seen)
            used.add(seen.place)
    buyer = chosen.get(Field.BUYER)
    if Field.RECIPIENT not in chosen and buyer and buyer[1].header.concepts <= {"CUSTOMER", "NAME"}:
        chosen[Field.RECIPIENT] = (max(score for score, seen in scored[Field.RECIPIENT] if seen is buyer[1]), buyer[1])
        del chosen[Field.BUYER]  # the only customer of a sheet is who gets the parcel
    return chosen


def settle(
    scored: Mapping[Field, list[tuple[float, Seen]]], chosen: Mapping[Field, tuple[float, Seen]]
) -> tuple[dict[Field, Source], list[Unsure]]:
    """Sources of the fields that are sure; the others with the columns they may come from."""
    used = {seen.place: field for field, (_, seen) in chosen.items()}
    sources: dict[Field, Source] = {}
    unsure: list[Unsure] = []
    for field in CHOSEN:
        rivals = [(score, seen) for score, seen in scored[field] if used.get(seen.place) in {None, field}]
        if field not in chosen:
            weak = tuple(seen.place for score, seen in rivals if score >= WEAK)
            if field is Field.RECIPIENT and not weak and Field.BUYER in chosen:
                weak = (chosen[Field.BUYER][1].place,)
            if weak and field not in _OURS:
                unsure.append(Unsure(field, "weak", weak))
            elif field in REQUIRED and not weak:
                unsure.append(Unsure(field, "not_found"))
            continue
        best, seen = chosen[field]
        close = [other for score, other in rivals if other is not seen and score >= max(SURE, best - MARGIN)]
        close = [other for other in close if other.column.texts != seen.column.texts]
        if not close:
            sources[field] = Source((seen.place,))
        elif field in _JOINED and all(_numbered(seen, other) for other in close):
            sources[field] = Source(tuple(sorted({seen.place, *(other.place for other in close)})))
        elif all(_numbered(seen, other) for other in close) and seen.header.order <= 1:
            sources[field] = Source((seen.place,))
        elif (only := _fuller(seen, close)) is not None:
            sources[field] = Source((only.place,))
        else:
            unsure.append(Unsure(field, "ambiguous", (seen.place, *(other.place for other in close))))
    return sources, unsure


def _numbered(seen: Seen, other: Seen) -> bool:
    """Whether two columns are one thing counted: 옵션1, 옵션2."""
    same = seen.header.concepts == other.header.concepts
    return same and seen.header.order != other.header.order


def _fuller(seen: Seen, others: Sequence[Seen]) -> Seen | None:
    """The only column of several that says anything."""
    said = [each for each in (seen, *others) if each.column.said]
    return said[0] if len(said) == 1 else None
