"""One cell as one value: texts, numbers of orders, phones, postcodes, dates, quantities, amounts. Nothing is guessed.

Every reader answers the normalised text and a code: "" when it is sound (an empty text is sound: nothing is said),
`UNSURE` when it is taken as written but may have lost digits, else the code of a `Problem`.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from jumun.channels.port import Carriage
from jumun.intake.order_rules import LONGEST_NUMBER, LONGEST_URL
from jumun.sheets.cells import Cell, CellError

EXACT = 2**53
"""Whole numbers up to here are exact in a spreadsheet's number cell."""
UNSURE = "digits_maybe_lost"
NAME_LONGEST = 20
PHONE_LONGEST = 15
MOST = 1_000_000

_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_QUOTED = re.compile(r'="(.*)"\Z', re.DOTALL)
_E_NOTATION = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE]\+\d{1,3}\Z|[-+]?\d[.,]\d+[eE]\d{1,2}\Z")
_WHOLE_FLOAT = re.compile(r"(\d{5,})\.0+\Z")
_NOTHING = frozenset(
    {"", "-", "--", "---", ".", "x", "없음", "없슴", "무", "n/a", "na", "null", "none", "nan", "미입력", "해당없음"}
)
_ERRORS = frozenset(
    {"#ref!", "#n/a", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#spill!", "#calc!", "#getting_data"}
)


class Read(NamedTuple):
    """A cell as read: its text and what is wrong with it."""

    text: str
    code: str = ""


EMPTY = Read("")


def is_error(cell: Cell) -> bool:
    """Whether a cell holds a spreadsheet's error, as such or written out."""
    if isinstance(cell, CellError):
        return True
    return isinstance(cell, str) and cell[:1] == "#" and cell.strip().lower() in _ERRORS


def show(cell: Cell) -> str:
    """A cell as a person sees it, for lists and samples; 200 characters at most.

    >>> show(2.0), show(None), show(" a  b "), show(True)
    ('2', '', 'a b', 'TRUE')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell
        if text.isascii() and text.isalnum():
            return text[:200]
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
        quoted = _QUOTED.match(text)
        return _SPACES.sub(" ", quoted.group(1) if quoted else text).strip()[:2000]
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= EXACT else repr(cell)
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return str(cell)


def read_text(cell: Cell) -> Read:
    """Free text: NFC, one space between words."""
    return Read(show(cell))


def read_plain(cell: Cell) -> Read:
    """Text where a dash or 없음 says nothing."""
    text = show(cell)
    return EMPTY if text.lower() in _NOTHING else Read(text)


def read_number(cell: Cell) -> Read:
    """A number that names something (order, line, code, waybill): all its digits, or a code.

    >>> read_number(2026112212345678), read_number("2.02611E+18").code, read_number(1e18).code
    (Read(text='2026112212345678', code=''), 'digits_lost', 'digits_lost')
    """
    if isinstance(cell, str):
        text = show(cell).removeprefix("'")
        if not text or text in {"-", "--"}:
            return EMPTY
        if ("E" in text or "e" in text) and _E_NOTATION.match(text):
            return Read(text, "digits_lost")
        if "." in text and (whole := _WHOLE_FLOAT.match(text)):
            return Read(text, "digits_lost") if int(whole.group(1)) > EXACT else Read(whole.group(1))
        return Read(text)
    text = show(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) > EXACT:
            return Read(text, "digits_lost")
        if len(text) >= 16 and text.endswith("0"):
            return Read(text, UNSURE)
    return Read(text)


def read_key(cell: Cell) -> Read:
    """The number of an order or a line: `read_number`, and no longer than one may be (Q4)."""
    read = read_number(cell)
    if len(read.text) > LONGEST_NUMBER or (isinstance(cell, str) and len(cell.strip()) > 2 * LONGEST_NUMBER):
        return Read(read.text, "field_long")
    return read


_COLLECT = ("착불", "후불", "수취인부담", "수취인지불", "collect")
_PREPAID = ("선불", "선결제", "무료", "신용", "발송인부담", "조건부", "prepaid", "free")


def read_currency(cell: Cell) -> Read:
    """A currency as its three capitals, also where it is said by its sign or name.

    >>> read_currency("원").text, read_currency("usd").text, read_currency("대한민국 원").code
    ('KRW', 'USD', 'currency_unusable')
    """
    text = show(cell)
    if text.lower() in _NOTHING:
        return EMPTY
    code = _CURRENCIES.get(text.lower().replace(" ", "")) or text.upper()
    return Read(code) if re.fullmatch("[A-Z]{3}", code) else Read(text, "currency_unusable")


def read_carriage(cell: Cell) -> Read:
    """Who pays the carrier, where the cell says it: free for the buyer is paid by the seller, so prepaid.

    >>> [read_carriage(said).text for said in ("착불", "배송비 선결제", "무료", "신용", "유료")]
    ['collect', 'prepaid', 'prepaid', 'prepaid', '']
    """
    text = show(cell).lower().replace(" ", "")
    if any(word in text for word in _COLLECT) and not any(word in text for word in ("선불", "선결제")):
        return Read(Carriage.COLLECT.value)
    return Read(Carriage.PREPAID.value) if any(word in text for word in _PREPAID) else EMPTY


def read_name(cell: Cell) -> Read:
    """A recipient's name, 20 characters at most (Q8)."""
    text = show(cell)
    return Read(text, "name_too_long") if len(text) > NAME_LONGEST else Read(text)


_DASHES = re.compile(r"[\u2010-\u2015\u2212\uFE58\uFE63\u30FC\u3161\u00B7.~]")
_ABROAD = re.compile(r"\(?\+?82\)?-?\(?0?\)?-?(?=[1-9])")
_PHONE = re.compile(r"[0-9()+-]+\Z")
_LOST_ZERO = re.compile(r"(?:10\d{8}|1[16789]\d{7,8}|2\d{7,8}|[3-6][1-5]\d{7,8}|[789]0\d{8}|50\d{8,9})\Z")


def read_phone(cell: Cell) -> Read:
    """A phone number of digits ( ) + -, 15 characters at most (Q9); +82 taken back to 0, a lost leading 0 put back.

    >>> read_phone(1012345678).text, read_phone("+82 10-1234-5678").text, read_phone("010.1234.5678").text
    ('01012345678', '010-1234-5678', '010-1234-5678')
    >>> read_phone("010-****-5678").code, read_phone("없음"), read_phone("1.01E+09").code
    ('phone_unusable', Read(text='', code=''), 'digits_lost')
    """
    read = read_number(cell)
    if read.code == "digits_lost":
        return read
    text = read.text
    if not text.isascii() or not text.isdigit():
        text = unicodedata.normalize("NFKC", text).replace(" ", "")
        if text.lower() in _NOTHING:
            return EMPTY
        text = _DASHES.sub("-", text)
        if text[:3] in {"+82", "82-", "(+8", "82)", "(82", "821"} and (abroad := _ABROAD.match(text)):
            text = "0" + text[abroad.end() :]
        elif text.startswith("10-"):
            text = "0" + text
        if not _PHONE.match(text):
            return Read(read.text, "phone_unusable")
    elif text in {"0", ""}:
        return EMPTY
    elif len(text) in {11, 12} and text.startswith("8210"):
        text = "0" + text[2:]
    elif text[0] != "0" and _LOST_ZERO.match(text):
        text = "0" + text
    if len(text) > PHONE_LONGEST:
        return Read(text, "phone_too_long")
    digits = [each for each in text if each.isdigit()]
    return Read(text, "phone_unusable") if len(digits) < 7 or set(digits) == {"0"} else Read(text)


def read_postcode(cell: Cell) -> Read:
    """A postcode; a Korean one that lost its leading 0 gets it back.

    >>> read_postcode(6236).text, read_postcode("06236").text, read_postcode("135-080").text
    ('06236', '06236', '135-080')
    """
    read = read_number(cell)
    if read.code:
        return read
    text = unicodedata.normalize("NFKC", read.text).strip("()[] ")
    text = text.removeprefix("〒").removesuffix(".0").strip()
    if text.lower() in _NOTHING or text == "0":
        return EMPTY
    return Read(text.zfill(5) if len(text) == 4 and text.isdigit() else text)


_UNITS = "개|ea|pcs?|pieces?|건|개입|세트|set|박스|box|点|個|点数|매|장|권|병|봉|팩|켤레|벌|대|통|캔|종"
_QUANTITY = re.compile(rf"[x×]?\s*(\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.0+)?\s*(?:{_UNITS})?\.?\Z", re.IGNORECASE)


def read_quantity(cell: Cell) -> Read:
    """A whole number from 1 to a million (Q13).

    >>> read_quantity("2개").text, read_quantity(2.0).text, read_quantity("1,000").text, read_quantity("2.5").code
    ('2', '2', '1000', 'quantity_unusable')
    """
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Read(str(cell)) if 1 <= cell <= MOST else Read(str(cell), "quantity_unusable")
    text = show(cell)
    if isinstance(cell, bool | datetime | date | time | timedelta):
        return Read(text, "quantity_unusable")
    if _E_NOTATION.match(text) or (isinstance(cell, float) and abs(cell) > EXACT):
        return Read(text, "digits_lost")
    found = _QUANTITY.match(unicodedata.normalize("NFKC", text).strip())
    digits = found.group(1).replace(",", "").lstrip("0") if found else ""
    if not digits or len(digits) > 7 or int(digits) > MOST:
        return Read(text, "quantity_unusable")
    return Read(digits)


_CURRENCIES = {
    "": "",
    "₩": "KRW",
    "원": "KRW",
    "원정": "KRW",
    "krw": "KRW",
    "won": "KRW",
    "\\": "KRW",
    "¥": "JPY",
    "円": "JPY",
    "jpy": "JPY",
    "jp¥": "JPY",
    "엔": "JPY",
    "yen": "JPY",
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "달러": "USD",
    "€": "EUR",
    "eur": "EUR",
    "cny": "CNY",
    "元": "CNY",
    "rmb": "CNY",
    "sg$": "SGD",
    "s$": "SGD",
    "sgd": "SGD",
    "nt$": "TWD",
    "twd": "TWD",
}
_MONEY = re.compile(r"([^\d.,+-]*)(\+?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?)([^\d]*)\Z")


def _decimal(number: float) -> Decimal:
    return Decimal(int(number)) if number.is_integer() else Decimal(repr(round(number, 4)))


def read_money(cell: Cell) -> tuple[Decimal | None, str, str]:
    """An amount, its currency where the cell says it, and a code.

    >>> read_money("12,000원"), read_money(12000.0)[0], read_money("무료")[2]
    ((Decimal('12000'), 'KRW', ''), Decimal('12000'), 'amount_unusable')
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) > EXACT:
            return None, "", "digits_lost"
        if not cell >= 0:
            return None, "", "amount_unusable"
        return Decimal(cell) if isinstance(cell, int) else _decimal(cell), "", ""
    text = show(cell)
    if text.isascii() and text.isdigit():
        return Decimal(text), "", ""
    if text.lower() in _NOTHING:
        return None, "", ""
    if _E_NOTATION.match(text):
        return None, "", "digits_lost"
    found = _MONEY.match(unicodedata.normalize("NFKC", text).removeprefix("'").replace(" ", ""))
    if not isinstance(cell, str) or not found:
        return None, "", "amount_unusable"
    before, after = (_CURRENCIES.get(found.group(side).lower()) for side in (1, 3))
    if before is None or after is None or len(found.group(2)) > 20:
        return None, "", "amount_unusable"
    return Decimal(found.group(2).lstrip("+").replace(",", "").rstrip(".")), before or after, ""


def plain(amount: Decimal) -> str:
    """An amount without exponent and without zeros at its end.

    >>> plain(Decimal("12000.00")), plain(Decimal("12.50"))
    ('12000', '12.5')
    """
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_COUNTRIES = {
    "대한민국": "KR",
    "한국": "KR",
    "korea": "KR",
    "southkorea": "KR",
    "republicofkorea": "KR",
    "kor": "KR",
    "일본": "JP",
    "japan": "JP",
    "jpn": "JP",
    "日本": "JP",
    "미국": "US",
    "usa": "US",
    "unitedstates": "US",
    "중국": "CN",
    "china": "CN",
    "대만": "TW",
    "taiwan": "TW",
    "싱가포르": "SG",
    "singapore": "SG",
    "홍콩": "HK",
    "베트남": "VN",
    "태국": "TH",
}


def read_country(cell: Cell) -> Read:
    """A country as its two capitals (Q23)."""
    text = show(cell)
    if text.lower() in _NOTHING:
        return EMPTY
    code = _COUNTRIES.get(text.lower().replace(" ", ""), text)
    return Read(code.upper()) if re.fullmatch(r"[A-Za-z]{2}", code) else Read(text, "country_unusable")


def read_url(cell: Cell) -> Read:
    """A page's address (Q24)."""
    text = show(cell)
    if text.lower() in _NOTHING:
        return EMPTY
    long = isinstance(cell, str) and len(cell.strip()) > LONGEST_URL
    return Read(text, "url_unusable") if long or not re.match(r"https?://[^\s/]+", text) else Read(text)
