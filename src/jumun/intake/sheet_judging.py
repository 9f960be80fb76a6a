"""Each row of a sheet by a plan: an order line as understood, or why it is refused. Nothing is guessed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from jumun.intake.order_rules import HOME, WHOLE
from jumun.intake.order_rules import MONEY as MONEY_OF
from jumun.intake.sheet_fields import Field, Judged, Plan, Problem, RowKind, Source, Unsure, header_text
from jumun.intake.sheet_moments import clock_text, read_moment
from jumun.intake.sheet_no_rows import Classifier
from jumun.intake.sheet_values import (
    EMPTY,
    UNSURE,
    Read,
    is_error,
    plain,
    read_carriage,
    read_country,
    read_currency,
    read_key,
    read_money,
    read_name,
    read_number,
    read_phone,
    read_plain,
    read_postcode,
    read_quantity,
    read_text,
    read_url,
    show,
)
from jumun.sheets.cells import Cell, CellError, Row

READERS: Mapping[Field, Callable[[Cell], Read]] = {
    Field.ORDER_NO: read_key,
    Field.LINE_NO: read_key,
    Field.PRODUCT_CODE: read_number,
    Field.WAYBILL: read_number,
    Field.CUSTOMS_NUMBER: read_number,
    Field.RECIPIENT: read_name,
    Field.PHONE1: read_phone,
    Field.PHONE2: read_phone,
    Field.POSTCODE: read_postcode,
    Field.QUANTITY: read_quantity,
    Field.COUNTRY: read_country,
    Field.CURRENCY: read_currency,
    Field.CARRIAGE: read_carriage,
    Field.PRODUCT_URL: read_url,
    Field.OPTION: read_plain,
    Field.CARRIER: read_plain,
    Field.BUYER: read_plain,
}
"""How one cell of a field is read; other fields are free text."""
MONEY = frozenset({Field.AMOUNT, Field.SHIPPING_FEE})
MISSING = {
    Field.ORDER_NO: "order_no_missing",
    Field.PRODUCT_NAME: "product_missing",
    Field.QUANTITY: "quantity_unusable",
    Field.RECIPIENT: "recipient_missing",
    Field.ADDRESS: "address_missing",
}
"""Fields every row needs and what their absence is called; phones are judged together."""
ALWAYS = frozenset({"cell_error", "digits_lost", "phone_too_long"})
"""What refuses a row even where another phone is sound."""
MOST_MONEY = 10**12
"""What a line may cost, in whole units of its currency."""
_KEPT = 20_000

Reader = Callable[[Row], Read]


def judge(rows: Iterable[tuple[int, Row]], plan: Plan) -> Iterator[Judged]:
    """Every row of a sheet, with its 1-based number, by the plan; rows up to the header's are `header`."""
    reading = _Reading(plan)
    for number, row in rows:
        if number <= plan.header_row:
            yield Judged(number, "header", {})
            continue
        yield reading.judge(number, row)


def judge_fields(fields: Mapping[Field, str]) -> Problem | None:
    """Why a row typed or fixed by hand is refused; None where it is good (Q8-Q10, Q13)."""
    return read_fields(fields)[1]


def read_fields(fields: Mapping[Field, str]) -> tuple[dict[Field, str], Problem | None]:
    """A row typed or fixed by hand: its fields normalised, and why it is still refused."""
    names = [name for name in Field if fields.get(name)]
    plan = Plan(0, (), {name: Source((column,)) for column, name in enumerate(names)})
    judged = _Reading(plan).read(1, tuple(fields[name] for name in names))
    problem = judged.problem
    return judged.fields, Problem("", problem.field, problem.value, problem.code) if problem else None


def line_key(order_no: str, line_no: str, product_code: str, product_name: str, option: str, nth: int) -> str:
    """A row's identity inside its order: the channel's number, else product, option and nth occurrence (1, 2, …).

    >>> line_key("A1", "2026", "", "귤", "5kg", 1)
    '2026'
    >>> line_key("A1", "", "", "귤", "5kg", 1) == line_key("A1", "", "", " 귤", "5KG ", 1)
    True
    """
    if line_no:
        return line_no
    parts = (order_no, product_code or product_name, option)
    digest = hashlib.sha256("\x1f".join(" ".join(part.split()).casefold() for part in parts).encode()).hexdigest()
    return f"s:{digest[:24]}-{nth}"


class _Reading:
    """A plan made ready: one reader a field, texts that repeat read once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._width = max((column for source in plan.sources.values() for column in source.columns), default=-1) + 1
        self._readers: list[tuple[Field, Reader]] = []
        for name in Field:
            if name in MONEY:
                continue
            if source := plan.sources.get(name):
                self._readers.append((name, _reader(name, source, plan)))
            elif text := plan.fixed.get(name):
                self._readers.append((name, _fixed(name, text)))
        self._needs_product = Field.PRODUCT_NAME in plan.sources or Field.PRODUCT_CODE not in plan.sources
        self._classifier = Classifier(plan)
        self._moneys = [
            (name, plan.sources[name]) for name in (Field.AMOUNT, Field.SHIPPING_FEE) if name in plan.sources
        ]
        self._money: dict[str, tuple[Decimal | None, str, str]] = {}

    def judge(self, number: int, row: Row) -> Judged:
        """One row: a line with its fields, or with its problem, or no row at all."""
        judged = self.read(number, row)
        if judged.problem is None:
            return judged
        kind: RowKind = self._classifier.kind(row)
        return judged if kind == "line" else Judged(number, kind, {})

    def read(self, number: int, row: Row) -> Judged:
        if len(row) < self._width:
            row = row + (None,) * (self._width - len(row))
        fields: dict[Field, str] = {}
        faults: dict[Field, Read] = {}
        unsure: list[Unsure] = []
        for name, reader in self._readers:
            text, code = reader(row)
            if code and code != UNSURE:
                faults[name] = Read(text, code)
            elif text:
                fields[name] = text
                if code:
                    unsure.append(Unsure(name, UNSURE, self._plan.sources[name].columns))
        for name, source in self._moneys:
            self._take_money(row, name, source, fields, faults)
            if said := fields.get(name):
                _check_money(name, said, fields, faults)
        self._settle_phones(fields, faults, unsure)
        for name, code in MISSING.items():
            if name not in fields and name not in faults and (name is not Field.PRODUCT_NAME or self._needs_product):
                faults[name] = Read("", code)
        if not faults:
            return Judged(number, "line", fields, None, tuple(unsure))
        name = min(faults, key=_ORDER.__getitem__)
        return Judged(number, "line", fields, self._problem(row, name, faults[name]), tuple(unsure))

    def _settle_phones(self, fields: dict[Field, str], faults: dict[Field, Read], unsure: list[Unsure]) -> None:
        """One sound phone is enough; where only the second is sound it is the first."""
        first, second = Field.PHONE1, Field.PHONE2
        if first not in fields and second in fields and (first not in faults or faults[first].code not in ALWAYS):
            fields[first] = fields.pop(second)
            if faults.pop(first, None):
                unsure.append(Unsure(first, "phone_left_out", self._columns(first)))
        elif first in fields and second in faults and faults[second].code not in ALWAYS:
            del faults[second]
            unsure.append(Unsure(second, "phone_left_out", self._columns(second)))
        elif first not in fields and first not in faults and second not in faults:
            faults[first] = Read("", "phone_missing")

    def _take_money(
        self, row: Row, name: Field, source: Source, fields: dict[Field, str], faults: dict[Field, Read]
    ) -> None:
        total: Decimal | None = None
        for column in source.columns:
            cell = row[column]
            if cell is None:
                continue
            if is_error(cell):
                faults[name] = Read(show(cell), "cell_error")
                return
            if isinstance(cell, str):
                read = self._money.get(cell)
                if read is None:
                    if len(self._money) > _KEPT:
                        self._money.clear()
                    read = self._money[cell] = read_money(cell)
            else:
                read = read_money(cell)
            amount, currency, code = read
            if code:
                if name is Field.AMOUNT:  # a fee that is no number is not worth an order
                    faults[name] = Read(show(cell), code)
                elif carriage := read_carriage(cell).text:
                    fields.setdefault(Field.CARRIAGE, carriage)
                return
            if amount is not None:
                total = amount if total is None else total + amount
            if currency and Field.CURRENCY not in fields:
                fields[Field.CURRENCY] = currency
        if total is None:
            return
        if source.each and name is Field.AMOUNT:
            if Field.QUANTITY not in fields:
                return
            total *= int(fields[Field.QUANTITY])
        fields[name] = plain(total)

    def _columns(self, name: Field) -> tuple[int, ...]:
        source = self._plan.sources.get(name)
        return source.columns if source else ()

    def _problem(self, row: Row, name: Field, fault: Read) -> Problem:
        """The fault with its column; of several columns of a field, the one that holds the value."""
        columns = self._columns(name)
        column = next((each for each in columns if is_error(row[each]) or show(row[each]) == fault.text), None)
        if column is None:
            column = columns[0] if columns else None
        header = "" if column is None else header_text(self._plan.headers, column)
        value = fault.text if column is None or len(columns) > 1 else show(row[column])
        return Problem(header, name, value[:200], fault.code)


def _check_money(name: Field, text: str, fields: dict[Field, str], faults: dict[Field, Read]) -> None:
    """An amount we can keep: below 10^12, and won and yen without hundredths (12.900 is no 12,900)."""
    amount = Decimal(text)
    currency = fields.get(Field.CURRENCY) or MONEY_OF.get(fields.get(Field.COUNTRY, HOME), MONEY_OF[HOME])
    if amount >= MOST_MONEY or (currency in WHOLE and amount != amount.to_integral_value()):
        faults[name] = Read(fields.pop(name), "amount_unusable")


_ORDER = {name: place for place, name in enumerate(Field)}


def _reader(name: Field, source: Source, plan: Plan) -> Reader:
    """How a field is read from a row: one column (its repeated texts are read once) or several."""
    if name is Field.ORDERED_AT:
        return _moment_reader(source, plan)
    if len(source.columns) == 1 and not source.split:
        return _one(source.columns[0], READERS.get(name, read_text))
    return _several(source, READERS.get(name, read_text))


def _one(column: int, read: Callable[[Cell], Read]) -> Reader:
    known: dict[str, Read] = {}

    def reader(row: Row) -> Read:
        cell = row[column]
        if cell is None:
            return EMPTY
        if isinstance(cell, str):
            seen = known.get(cell)
            if seen is None:
                if len(known) > _KEPT:
                    known.clear()
                seen = known[cell] = Read(show(cell), "cell_error") if is_error(cell) else read(cell)
            return seen
        return Read(cell.code, "cell_error") if isinstance(cell, CellError) else read(cell)

    return reader


def _several(source: Source, read: Callable[[Cell], Read]) -> Reader:
    def reader(row: Row) -> Read:
        texts: list[str] = []
        for column in source.columns:
            cell = row[column]
            if cell is None:
                continue
            if is_error(cell):
                return Read(show(cell), "cell_error")
            text = show(cell)
            if text and text not in texts and not (texts and source.join == " " and texts[-1].endswith(" " + text)):
                texts.append(text)
        if len(source.columns) == 1 or source.split:
            return read(_part(source.join.join(texts), source))
        return read(source.join.join(texts)) if texts else EMPTY

    return reader


def _part(text: str, source: Source) -> str:
    parts = text.split(source.split)
    return parts[source.part].strip() if -len(parts) <= source.part < len(parts) else ""


def _moment_reader(source: Source, plan: Plan) -> Reader:
    if len(source.columns) == 1 and not source.split:
        return _one(source.columns[0], lambda cell: read_moment(cell, plan.dates))

    def reader(row: Row) -> Read:
        cells = [row[column] for column in source.columns if row[column] is not None]
        for cell in cells:
            if is_error(cell):
                return Read(show(cell), "cell_error")
        if source.split:
            return read_moment(_part(" ".join(show(cell) for cell in cells), source), plan.dates)
        if not cells or row[source.columns[0]] is None:
            return EMPTY
        return read_moment(" ".join(clock_text(cell) for cell in cells), plan.dates)

    return reader


def _fixed(name: Field, text: str) -> Reader:
    read = read_moment(text) if name is Field.ORDERED_AT else READERS.get(name, read_text)(text)
    return lambda row: read
