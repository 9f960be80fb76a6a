"""Which column of a sheet is what: header row, fields, and what is not sure."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from jumun.intake.sheet_amounts import choose_amount, read_lines
from jumun.intake.sheet_assigning import assign, score_columns, settle
from jumun.intake.sheet_bare import recognise_bare
from jumun.intake.sheet_columns import profile
from jumun.intake.sheet_fields import REQUIRED, Field, HeaderChange, Plan, Recognised, Source, Unsure
from jumun.intake.sheet_headers import DEEPEST, HeaderRow, find_header, near_roles, role_of
from jumun.intake.sheet_moments import which_order
from jumun.intake.sheet_no_rows import Classifier, squeeze
from jumun.intake.sheet_people import Seen, choose_address, choose_phones, fit_phone, fit_place
from jumun.intake.sheet_values import show
from jumun.intake.sheet_words import read_header
from jumun.sheets.cells import Row

_WIDEST = 300
_SAMPLES = 5


def recognise(head: Sequence[Row]) -> Recognised:
    """What a sheet's first rows (all of them, empty ones too) say about its columns."""
    header = find_header(head)
    if not header.row:
        plan, unsure = recognise_bare(head)
        headers = plan.headers
    else:
        headers = _shown(header)
        plan, unsure = _recognise_under(header, headers, head)
    samples = _samples(head[header.row :])
    found = sum(1.0 for name in REQUIRED if name in plan.sources)
    score = header.score + found + 0.2 * len(plan.sources)
    return Recognised(plan, tuple(unsure), samples, fingerprint(headers), round(score, 2))


def fingerprint(headers: Sequence[str]) -> str:
    """Equal for sheets with the same headers in the same order, however they are spaced or cased."""
    keys = [squeeze(text) for text in headers]
    while keys and not keys[-1]:
        keys.pop()
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()[:32] if any(keys) else ""


def compare_headers(old: Sequence[str], new: Sequence[str]) -> HeaderChange:
    """Headers added, gone, and standing elsewhere in relation to the others."""
    before = [squeeze(text) for text in old if squeeze(text)]
    after = [squeeze(text) for text in new if squeeze(text)]
    both = set(before) & set(after)
    kept_before = [key for key in dict.fromkeys(before) if key in both]
    kept_after = [key for key in dict.fromkeys(after) if key in both]
    moved = {key for key, other in zip(kept_after, kept_before, strict=True) if key != other}
    return HeaderChange(
        tuple(text for text in new if squeeze(text) and squeeze(text) not in before),
        tuple(text for text in old if squeeze(text) and squeeze(text) not in after),
        tuple(dict.fromkeys(text for text in new if squeeze(text) in moved)),
    )


def adapt(plan: Plan, head: Sequence[Row]) -> Plan | None:
    """A known plan on a sheet whose columns moved; None where a header it needs is gone."""
    needed = sorted({column for source in plan.sources.values() for column in source.columns})
    if not plan.header_row:
        return plan if not find_header(head).row else None
    wanted = [_nth_header(plan.headers, column) for column in needed]
    if any(not key for key, _ in wanted):
        return plan if _same_above(plan, head) else None
    for place, row in enumerate(head[:DEEPEST]):
        for texts in _as_headers(head, place, row):
            where = _places(texts)
            if all(each in where for each in wanted):
                moved = {column: where[each] for column, each in zip(needed, wanted, strict=True)}
                sources = {
                    name: replace(source, columns=tuple(moved[column] for column in source.columns))
                    for name, source in plan.sources.items()
                }
                return replace(plan, header_row=place + 1, headers=texts, sources=sources)
    return None


def _as_headers(head: Sequence[Row], place: int, row: Row) -> list[tuple[str, ...]]:
    """A row as headers: as it stands and, under another one, as two rows show."""
    texts = tuple(show(cell) for cell in row)
    if not place:
        return [texts]
    above = [show(cell) for cell in head[place - 1]]
    width = max(len(above), len(texts))
    upper, lower = above + [""] * (width - len(above)), [*texts, *[""] * (width - len(texts))]
    pair = tuple(under or over for over, under in zip(upper, lower, strict=True))
    current, groups = "", []
    for over, under in zip(upper, lower, strict=True):
        current = over or (current if under else "")
        groups.append(current if under else "")
    return [texts, pair, _shown(HeaderRow(place + 1, pair, tuple(groups), 0.0))]


def _same_above(plan: Plan, head: Sequence[Row]) -> bool:
    if plan.header_row > len(head):
        return False
    return fingerprint([show(cell) for cell in head[plan.header_row - 1]]) == fingerprint(plan.headers)


def _nth_header(headers: Sequence[str], column: int) -> tuple[str, int]:
    key = squeeze(headers[column]) if column < len(headers) else ""
    return key, sum(squeeze(text) == key for text in headers[:column])


def _places(texts: Sequence[str]) -> dict[tuple[str, int], int]:
    return {_nth_header(texts, column): column for column, text in enumerate(texts) if text}


def _shown(header: HeaderRow) -> tuple[str, ...]:
    """Header texts as told: one that stands several times with its group before it."""
    keys = [squeeze(text) for text in header.texts]
    return tuple(
        f"{group} {text}" if group and text and group != text and keys.count(squeeze(text)) > 1 else text
        for text, group in zip(header.texts, header.groups, strict=True)
    )


def _samples(rows: Sequence[Row]) -> dict[int, list[str]]:
    samples: dict[int, list[str]] = {}
    for row in rows:
        for column, cell in enumerate(row[:_WIDEST]):
            found = samples.setdefault(column, [])
            if len(found) < _SAMPLES and cell is not None and (text := show(cell)[:80]) and text not in found:
                found.append(text)
    return samples


def _recognise_under(header: HeaderRow, headers: tuple[str, ...], head: Sequence[Row]) -> tuple[Plan, list[Unsure]]:
    rows = _data(header, head)
    columns = _seen(header, rows)
    scored = score_columns(columns)
    persons = frozenset(seen.place for seen in columns if fit_phone(seen) >= 0.25 or fit_place(seen) >= 0.5)
    chosen = assign(scored, persons)
    sources, unsure = settle(scored, chosen)
    phones, unsure_phones = choose_phones(columns)
    address, unsure_address = choose_address(columns)
    used = {seen.place for _, seen in chosen.values()}
    lines = read_lines(
        len(rows),
        chosen[Field.QUANTITY][1] if Field.QUANTITY in chosen else None,
        [chosen[name][1] for name in (Field.PRODUCT_NAME, Field.OPTION, Field.PRODUCT_CODE) if name in chosen],
        chosen[Field.ORDER_NO][1] if Field.ORDER_NO in chosen else None,
    )
    free = used - {chosen[Field.SHIPPING_FEE][1].place} if Field.SHIPPING_FEE in chosen else used
    amount, unsure_amount = choose_amount([seen for seen in columns if seen.place not in free], lines)
    sources |= phones | address | amount
    unsure += unsure_phones + unsure_address + unsure_amount
    _join_colours(columns, sources, unsure)
    for seen in columns:
        if seen.header.key == "판매처계정":  # our own form's word: no mall says it
            sources[Field.ACCOUNT] = Source((seen.place,))
    dates = _settle_dates(columns, sources, unsure)
    ordered = {name: sources[name] for name in Field if name in sources}
    return Plan(header.row, headers, ordered, {}, dates), sorted(unsure, key=lambda each: list(Field).index(each.field))


def _data(header: HeaderRow, head: Sequence[Row]) -> list[Row]:
    """Rows under the header that may be orders: not blank, not the header again, not totals."""
    columns = tuple(column for column, text in enumerate(header.texts) if text)
    plan = Plan(header.row, header.texts, {Field.MEMO: Source(columns)})
    classifier = Classifier(plan)
    rows = [row for row in head[header.row :] if any(cell is not None for cell in row)]
    return [row for row in rows if classifier.kind(row) == "line"]


def _seen(header: HeaderRow, rows: Sequence[Row]) -> list[Seen]:
    width = min(_WIDEST, max([len(header.texts), *(len(row) for row in rows)]))
    texts = (*header.texts, *[""] * (width - len(header.texts)))[:width]
    groups = (*header.groups, *[""] * (width - len(header.groups)))[:width]
    near = near_roles(texts, groups)
    return [
        Seen(read_header(texts[place]), profile(place, rows), role_of(groups[place]), near[place])
        for place in range(width)
    ]


def _join_colours(columns: Sequence[Seen], sources: dict[Field, Source], unsure: list[Unsure]) -> None:
    """Where no column is the option, colour and size are."""
    if Field.OPTION in sources or any(each.field is Field.OPTION for each in unsure):
        return
    found = [
        seen.place
        for seen in columns
        if seen.header.concepts in ({"COLOR"}, {"SIZE"}, {"COLOR", "PRODUCT"}, {"SIZE", "PRODUCT"})
    ]
    if found:
        sources[Field.OPTION] = Source(tuple(found), join=" / ")


def _settle_dates(columns: Sequence[Seen], sources: dict[Field, Source], unsure: list[Unsure]) -> str:
    """The time of day beside the day, and what 05/06/2026 means here."""
    source = sources.get(Field.ORDERED_AT)
    if source is None:
        return ""
    by_place = {seen.place: seen for seen in columns}
    day = by_place[source.columns[0]]
    beside = [
        seen
        for seen in columns
        if seen.column.said
        and seen.place != day.place
        and "CLOCK" in seen.header.concepts
        and (seen.column.clock > 0.6 or seen.column.number > 0.9)
        and seen.header.concepts <= {"CLOCK", "ORDER", "PAY"}
        and (("PAY" in seen.header.concepts) == ("PAY" in day.header.concepts))
    ]
    if beside and not any(":" in text for text in day.column.texts):
        sources[Field.ORDERED_AT] = Source((day.place, beside[0].place))
    order = which_order(list(day.column.texts))
    if order == "?":
        del sources[Field.ORDERED_AT]
        unsure.append(Unsure(Field.ORDERED_AT, "date_order", (day.place,)))
    return order if order in {"dmy", "mdy"} else ""
