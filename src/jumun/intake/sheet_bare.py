"""A sheet without a header: only what its cells say beyond doubt is taken, the rest is asked."""

from collections.abc import Sequence

from jumun.intake.sheet_columns import Column, profile
from jumun.intake.sheet_fields import REQUIRED, Field, Plan, Source, Unsure
from jumun.intake.sheet_values import show
from jumun.sheets.cells import Row

_WIDEST = 300
_LEAST_ROWS = 2


def recognise_bare(head: Sequence[Row]) -> tuple[Plan, list[Unsure]]:
    """Fields by content alone: a field is taken where exactly one column can be it."""
    rows = [row for row in head if sum(1 for cell in row if cell is not None and show(cell)) >= 3]
    width = min(_WIDEST, max((len(row) for row in rows), default=0))
    columns = [profile(place, rows) for place in range(width)] if len(rows) >= _LEAST_ROWS else []
    columns = [column for column in columns if column.said * 2 >= column.rows]
    sources: dict[Field, Source] = {}
    unsure: list[Unsure] = []
    taken: set[int] = set()
    for field, found in _candidates(columns):
        places = [column.place for column in found if column.place not in taken]
        if field is Field.PHONE1 and len(places) == 2:
            unsure.append(Unsure(field, "ambiguous", tuple(places)))
            taken |= set(places)
        elif len(places) == 1:
            sources[field] = Source((places[0],))
            taken.add(places[0])
        elif places:
            unsure.append(Unsure(field, "ambiguous", tuple(places)))
            if field in {Field.RECIPIENT, Field.ADDRESS, Field.PHONE1, Field.ORDERED_AT, Field.POSTCODE}:
                taken |= set(places)
        elif field in REQUIRED:
            unsure.append(Unsure(field, "not_found"))
    order = list(Field)
    ordered = {name: sources[name] for name in order if name in sources}
    return Plan(0, ("",) * width, ordered), sorted(unsure, key=lambda each: order.index(each.field))


def _candidates(columns: Sequence[Column]) -> list[tuple[Field, list[Column]]]:
    """Columns that look like each field, the most telling fields first."""
    phones = [column for column in columns if column.phone >= 0.9]
    postcodes = [column for column in columns if column.postcode >= 0.9 and column.phone < 0.5 and column.length >= 4.5]
    addresses = [column for column in columns if column.address >= 0.8 and column.length >= 10]
    moments = [column for column in columns if column.moment >= 0.9]
    people = [
        column
        for column in columns
        if column.person >= 0.9 and column.length <= 8 and column.distinct > 0.3 and column.carrier < 0.5
    ]
    numbers = [
        column
        for column in columns
        if column.identity >= 0.9
        and column.phone < 0.5
        and column.moment < 0.9
        and column.length >= 8
        and column.distinct > 0.5
    ]
    small = [column for column in columns if column.quantity >= 0.95 and column.big < 0.05 and not _counts(column)]
    texts = [
        column
        for column in columns
        if column.letters >= 0.95
        and column.address < 0.3
        and column.person < 0.5
        and column.length >= 6
        and column.carrier < 0.8
        and column.identity < 0.5
        and column.phone < 0.1
    ]
    return [
        (Field.PHONE1, phones),
        (Field.ADDRESS, addresses),
        (Field.POSTCODE, postcodes),
        (Field.ORDERED_AT, moments),
        (Field.RECIPIENT, people),
        (Field.ORDER_NO, numbers),
        (Field.QUANTITY, small),
        (Field.PRODUCT_NAME, texts),
    ]


def _counts(column: Column) -> bool:
    """Whether a column only counts its rows: 1, 2, 3, …"""
    texts = [text for text in column.texts if text]
    return (
        len(texts) > 2 and texts == [str(number + int(texts[0])) for number in range(len(texts))]
        if texts[0].isdecimal()
        else False
    )
