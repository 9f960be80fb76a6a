"""Who a parcel goes to, with spelling taken away: names and telephone numbers (C14, N8). Pure."""

import re
import unicodedata

from jumun.core.phones import normalise_phone

_NOT_A_NAME = re.compile(r"[\s.,·ㆍ'\"()\[\]{}<>_-]")
_AREAS = re.compile(r"2\d{7,8}|(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8}|(?:70|80)\d{8}|50\d{8,9}")
_SAFE = re.compile(r"050\d{7,}")
_MASKED = re.compile(r"[*＊○◯●〇□■]|(?<![a-z])x{2,}(?![a-z])|(?<!\d)0\d{1,2}-?0{3,4}-?0{4}$", re.IGNORECASE)


def plain_name(text: str) -> str:
    """A name without spaces, signs and 님, composed and in lower case.

    >>> plain_name(" 홍 길동 님"), plain_name("HONG gil-dong")
    ('홍길동', 'honggildong')
    """
    name = _NOT_A_NAME.sub("", unicodedata.normalize("NFKC", text)).casefold()
    while name.endswith("님") and len(name) > 2:
        name = name[:-1]
    return name


def is_masked(text: str) -> bool:
    """Whether signs stand in place of what a channel does not tell: 김*서, 김○○, 010-xxxx-1234, 010-0000-0000.

    >>> is_masked("김○○"), is_masked("010-XXXX-1234"), is_masked("김민서"), is_masked("010-0000-1234")
    (True, True, False, False)
    """
    return bool(_MASKED.search(text))


def plain_phone(text: str) -> str:
    """Digits of a number as it is dialled inside Korea; a dropped leading zero put back, of area codes too.

    >>> plain_phone("+82 2 123 4567"), plain_phone("31-123-4567"), plain_phone("0082 10 1234 5678")
    ('021234567', '0311234567', '01012345678')
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"\D", "", folded)
    if digits.startswith("0082"):
        digits, folded = digits[2:], "+"
    if folded.startswith(("+", "(+")) and digits.startswith("82"):
        digits = digits[2:]
    digits = normalise_phone(digits)
    return "0" + digits if _AREAS.fullmatch(digits) else digits


def is_safe_number(phone: str) -> bool:
    """안심번호: a number (050x) the channel lends for one order; it says nothing of who answers."""
    return bool(_SAFE.fullmatch(phone))


def known_phones(*texts: str) -> tuple[frozenset[str], frozenset[str]]:
    """The numbers that tell a person, and the safe numbers. One that is masked beside a known one is as good as safe.

    Where there are only masked ones, or none, there is neither.
    """
    masked = {text.strip() for text in texts if is_masked(text)}
    phones = {plain_phone(text) for text in texts if text.strip() not in masked}
    phones = {phone for phone in phones if len(phone) >= 7}
    safe = {phone for phone in phones if is_safe_number(phone)}
    known = phones - safe
    return frozenset(known), frozenset(safe | masked if known else safe)
