"""What a column's cells look like, whatever its header says: phones, postcodes, dates, addresses, names, numbers."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from jumun.intake.sheet_moments import read_moment
from jumun.intake.sheet_values import read_country, read_money, read_phone, read_quantity, show
from jumun.sheets.cells import Cell, Row

_NOTHING = frozenset({"", "-", "없음", "n/a", "null", "none"})
_PHONE_SHAPE = re.compile(r"\(?\+?\d[\d\s().-]{6,17}\Z")
_MASKED = re.compile(r"[\d*xX]{2,4}-[\d*]{3,4}-[\d*]{4}\Z")
_ADDRESS = re.compile(
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|충청|전북|전남|전라|경북|경남|경상|제주)|"
    r"[가-힣]{1,10}(?:시|군|구)\s+[가-힣0-9]+|[가-힣0-9]{1,12}(?:로|길)\s?\d|(?:동|리)\s?\d+-?\d*|[都道府県市区町村]|\b(?:street|st\.|road|ave|city)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"[가-힣]{1,2}[가-힣*○Oo]{1,3}(?:\([^)]*\)|님)?\Z|[A-Za-z]+(?:[ .,-][A-Za-z.]+){1,3}\Z|[\u3040-\u30ff\u3400-\u9fff]{1,5}[\s　]?[\u3040-\u30ff\u3400-\u9fff]{1,5}\Z"
)
_LOGIN = re.compile(r"(?=.*[a-z0-9_])[A-Za-z0-9_.@*+-]{3,}\Z")
_CARRIERS = re.compile(
    r"(?:cj|대한통운|한진|로젠|롯데|우체국|경동|대신|일양|합동|건영|천일|gs|cu|편의점|택배|logistics|dhl|fedex|ups|ems|yamato|sagawa|ヤマト|佐川)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?\Z")


@dataclass(frozen=True, slots=True)
class Column:
    """Shares (0 … 1) of a column's said cells that look like something.

    said      how many cells say anything
    rows      how many rows were looked at
    """

    place: int
    texts: tuple[str, ...]
    said: int
    rows: int
    phone: float = 0.0
    mobile: float = 0.0
    postcode: float = 0.0
    moment: float = 0.0
    clock: float = 0.0
    address: float = 0.0
    person: float = 0.0
    login: float = 0.0
    carrier: float = 0.0
    quantity: float = 0.0
    money: float = 0.0
    big: float = 0.0
    number: float = 0.0
    identity: float = 0.0
    country: float = 0.0
    url: float = 0.0
    letters: float = 0.0
    distinct: float = 0.0
    length: float = 0.0


def profile(place: int, rows: Sequence[Row]) -> Column:
    """What one column of these rows looks like."""
    cells = [row[place] if place < len(row) else None for row in rows]
    texts = tuple(show(cell) for cell in cells)
    said = [(cell, text) for cell, text in zip(cells, texts, strict=True) if text.lower() not in _NOTHING]
    if not said:
        return Column(place, texts, 0, len(rows))
    count = len(said)

    def share(test: Callable[[Cell, str], bool]) -> float:
        return sum(1 for cell, text in said if test(cell, text)) / count

    return Column(
        place,
        texts,
        count,
        len(rows),
        phone=share(_is_phone),
        mobile=share(lambda cell, text: _is_phone(cell, text) and read_phone(cell).text[:3] in _MOBILES),
        postcode=share(_is_postcode),
        moment=share(_is_moment),
        clock=share(lambda cell, text: isinstance(cell, time | timedelta) or bool(_TIME.match(text))),
        address=share(lambda cell, text: len(text) >= 8 and bool(_ADDRESS.search(text))),
        person=share(lambda cell, text: bool(_PERSON.match(text))),
        login=share(lambda cell, text: bool(_LOGIN.match(text))),
        carrier=share(lambda cell, text: len(text) <= 20 and bool(_CARRIERS.search(text))),
        quantity=share(lambda cell, text: len(text) <= 10 and not read_quantity(cell).code and _small(cell)),
        money=share(lambda cell, text: len(text) <= 20 and read_money(cell)[0] is not None),
        big=share(lambda cell, text: (read_money(cell)[0] or 0) >= 100),
        number=share(lambda cell, text: text.replace(",", "").replace(".", "").isdigit()),
        identity=share(
            lambda cell, text: (
                bool(re.fullmatch(r"[A-Za-z0-9_./#-]{6,40}", text)) and any(each.isdigit() for each in text)
            )
        ),
        country=share(lambda cell, text: not read_country(cell).code),
        url=share(lambda cell, text: text.startswith(("http://", "https://"))),
        letters=share(lambda cell, text: sum(each.isalpha() for each in text) >= 2),
        distinct=len({text for _, text in said}) / count,
        length=sum(len(text) for _, text in said) / count,
    )


_MOBILES = frozenset({"010", "011", "016", "017", "018", "019", "090", "080", "070"})


def _is_phone(cell: Cell, text: str) -> bool:
    if isinstance(cell, date | time | timedelta | bool) or len(text) > 20:
        return False
    if _MASKED.match(text):
        return True
    plain = unicodedata.normalize("NFKC", text).removeprefix("'")
    read = read_phone(cell)
    if read.code or not _PHONE_SHAPE.match(plain):
        return False
    digits = "".join(each for each in read.text if each.isdigit())
    return (
        8 <= len(digits) <= 12
        and (read.text[0] in "0+(" or "-" in read.text or digits[:2] in {"15", "16", "18"})
        and not _is_day(text)
    )


def _is_day(text: str) -> bool:
    return bool(re.match(r"(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}(?!\d)", text))


def _is_postcode(cell: Cell, text: str) -> bool:
    return bool(re.fullmatch(r"\d{5}|\d{3}-\d{3,4}|〒?\d{3}-?\d{4}|\d{4}", text)) and not isinstance(cell, float)


def _is_moment(cell: Cell, text: str) -> bool:
    if isinstance(cell, date):
        return True
    if isinstance(cell, str):
        return 6 <= len(text) <= 40 and (not read_moment(cell, "mdy").code or not read_moment(cell, "dmy").code)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    shaped = 40_000 <= cell < 60_000 or (text.isdecimal() and text[:2] == "20" and len(text) in {8, 12, 14})
    return shaped and not read_moment(cell).code


def _small(cell: Cell) -> bool:
    text = read_quantity(cell).text
    return text.isdecimal() and int(text) < 100_000


def looks_like_data(cell: Cell) -> bool:
    """Whether a cell holds what a header never says: a number, a day, a phone, a long text."""
    if cell is None:
        return False
    if not isinstance(cell, str):
        return True
    text = show(cell)
    digits = sum(each.isdigit() for each in text)
    return len(text) > 40 or (digits >= 4 and digits * 2 >= len(text)) or (len(text) <= 8 and digits == len(text) > 0)
