"""Rows of a sheet that are no rows: blank ones, totals, the header again, notices under it.

Only rows that could not be read as an order line are looked at, so this never hides a good one.
"""

import re
import unicodedata
from collections.abc import Sequence

from jumun.intake.sheet_fields import Field, Plan, RowKind
from jumun.intake.sheet_rules import fit, fit_amount
from jumun.intake.sheet_values import Read, read_phone, show
from jumun.intake.sheet_words import read_header
from jumun.sheets.cells import Row

_TOTAL = re.compile(
    r"(?:총|합계|소계|총계|총합계?|누계|계|전체|평균|total|grandtotal|subtotal|sum|合計|小計|総計|計)"
    r"(?:합계|주문|건수|수량|금액|건|개)*[:=]?[\d,.]*(?:건|개|원|행|円)?"
)
_WEAK = frozenset({Field.CARRIER, Field.COUNTRY, Field.CURRENCY, Field.ACCOUNT})
"""Fields people fill down beyond the last order."""
_WHO = (Field.RECIPIENT, Field.ADDRESS, Field.PHONE1, Field.PHONE2, Field.POSTCODE)
_NOTICE = re.compile(
    r"\A\s*(?:※|\*|▶|★|■|●|◆|☞|주의|안내|참고|예시|예\)|ex\)|note|notice|\[(?:안내|주의|필독|공지|참고)\])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{3}")
_HINT = re.compile(
    r"필수|선택|입력|예시|예\)|ex\)|자동|숫자만|텍스트|형식|yyyy|변경\s?금지|수정\s?(?:불가|금지)|최대\s?\d+|이내|작성|required|optional|format",
    re.IGNORECASE,
)


def squeeze(text: str) -> str:
    """A text without spaces, punctuation and case, for comparing headers.

    >>> squeeze("  수취인 명(필수)* "), squeeze("Order-No.")
    ('수취인명필수', 'orderno')
    """
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())


def names_field(name: Field, text: str) -> bool:
    """Whether a text is what a header calls a field, in any language: a second header row under the first.

    >>> names_field(Field.QUANTITY, "qty"), names_field(Field.PHONE1, "mobile"), names_field(Field.MEMO, "문 앞에")
    (True, True, False)
    """
    if len(text) > 40:
        return False
    header = read_header(text)
    if name in {Field.PHONE1, Field.PHONE2}:
        return bool(header.concepts & {"PHONE", "MOBILE", "LANDLINE"}) and header.unknown < 0.3
    if name in {Field.ADDRESS, Field.ADDRESS2}:
        return "ADDRESS" in header.concepts and header.unknown < 0.3
    if name is Field.AMOUNT:
        return fit_amount(header)[1] >= 0.5
    return fit(name, header) >= 0.5


def _is_sound(read: Read) -> bool:
    return bool(read.text) and not read.code


def squeeze_total(text: str) -> str:
    """A text as totals are looked for: without spaces, width and case."""
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")


class Classifier:
    """What a row is that is no good line: a refused line, or no row at all."""

    def __init__(self, plan: Plan) -> None:
        self._sources = plan.sources
        self._headers = {column: squeeze(text) for column, text in enumerate(plan.headers) if text}
        self._mapped = sorted({column for source in plan.sources.values() for column in source.columns})
        self._phones = self._columns_of(Field.PHONE1, Field.PHONE2)
        self._places = self._columns_of(Field.RECIPIENT, Field.ADDRESS)
        self._strong = sorted(
            {column for name, source in plan.sources.items() if name not in _WEAK for column in source.columns}
        )

    def _columns_of(self, *names: Field) -> tuple[int, ...]:
        return tuple(column for name in names if name in self._sources for column in self._sources[name].columns)

    def kind(self, row: Row) -> RowKind:
        """`blank`, `total`, `header` (the header again, or a notice), else `line`."""
        if self._has_parcel(row):
            return "line"
        texts = [show(cell) for cell in row]
        texts += [""] * (max(self._mapped, default=-1) + 1 - len(texts))
        said = [text for text in texts if text]
        if not said:
            return "blank"
        if self._repeats_header(texts):
            return "header"
        strong = [texts[column] for column in self._strong if texts[column]]
        if self._is_total(texts, said):
            return "total"
        if not strong:
            return "header" if any(_NOTICE.match(text) for text in said) else "blank"
        return "header" if self._is_notice(texts, said) else "line"

    def _has_parcel(self, row: Row) -> bool:
        """Whether a phone stands beside somebody or somewhere: nothing else than a line has both."""
        phoned = any(column < len(row) and _is_sound(read_phone(row[column])) for column in self._phones)
        return phoned and any(column < len(row) and row[column] not in {None, ""} for column in self._places)

    def _has(self, texts: Sequence[str], names: Sequence[Field]) -> bool:
        return any(texts[column] for name in names if name in self._sources for column in self._sources[name].columns)

    def _repeats_header(self, texts: Sequence[str]) -> bool:
        said = [column for column in self._mapped if texts[column]]
        same = sum(squeeze(texts[column]) == self._headers.get(column) for column in said)
        if same >= 2 and same * 2 >= len(said):
            return True
        if any(_DIGITS.search(texts[column]) for column in said):
            return False  # no header says a phone or a day
        named = sum(
            any(names_field(name, texts[column]) for column in source.columns if texts[column])
            for name, source in self._sources.items()
        )
        return named >= 3 and named * 2 > len(said)

    def _is_total(self, texts: Sequence[str], said: Sequence[str]) -> bool:
        """A row of sums: nobody gets it, and it says so or holds nothing but numbers."""
        labels = {text for text in said if _TOTAL.fullmatch(squeeze_total(text))}
        rest = ["" if text in labels else text for text in texts]
        if labels and not self._has(rest, (*_WHO, Field.ORDER_NO, Field.LINE_NO)):
            return True
        numbers = all(re.fullmatch(r"[-\d,.₩원 ]+", text) for text in said)
        return numbers and not self._has(texts, (*_WHO, Field.ORDER_NO, Field.PRODUCT_NAME, Field.LINE_NO))

    def _is_notice(self, texts: Sequence[str], said: Sequence[str]) -> bool:
        """A remark in a cell or two, or a row that says what to enter in each column."""
        if len(said) <= 2 and not self._has(texts, _WHO):
            if _NOTICE.match(said[0]) or (len(said) == 1 and len(said[0]) > 30):
                return True
            return not any(each.isdigit() for each in said[0].partition(":")[0]) and (
                len(said) == 1 or said[0] == texts[0]
            )
        hints = sum(bool(_HINT.search(text)) for text in said)
        if len(said) < 3 or hints * 2 < len(said):
            return False
        phones = [
            texts[column]
            for name in (Field.PHONE1, Field.PHONE2)
            if name in self._sources
            for column in self._sources[name].columns
        ]
        return not any(text and not read_phone(text).code for text in phones)
