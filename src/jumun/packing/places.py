"""Where a parcel goes, with spelling taken away: a Korean address as its parts (C14, C15, N8). Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from jumun.packing.people import is_masked

_PROVINCES: dict[str, tuple[str, ...]] = {
    "서울": ("서울특별시", "서울시", "서울"),
    "부산": ("부산광역시", "부산시", "부산"),
    "대구": ("대구광역시", "대구시", "대구"),
    "인천": ("인천광역시", "인천시", "인천"),
    "광주": ("광주광역시", "광주"),
    "대전": ("대전광역시", "대전시", "대전"),
    "울산": ("울산광역시", "울산시", "울산"),
    "세종": ("세종특별자치시", "세종시", "세종"),
    "경기": ("경기도", "경기"),
    "강원": ("강원특별자치도", "강원도", "강원"),
    "충북": ("충청북도", "충북"),
    "충남": ("충청남도", "충남"),
    "전북": ("전북특별자치도", "전라북도", "전북"),
    "전남": ("전라남도", "전남"),
    "경북": ("경상북도", "경북"),
    "경남": ("경상남도", "경남"),
    "제주": ("제주특별자치도", "제주도", "제주"),
}
_SPELLINGS = {spelling: short for short, spellings in _PROVINCES.items() for spelling in spellings}
_LONG = sorted((each for each in _SPELLINGS if len(each) > 2), key=len, reverse=True)
_GWANGJU = re.compile(r"광주시\s+(?:동구|서구|남구|북구|광산구)")

_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_UNIT_WORD = re.compile(
    r"(?:지하|지층|반지하|옥탑)\s*\d*\s*[층호]?|(?<![a-z0-9])b\s*\d+\s*[층호]?|(?<![가-힣0-9])제?(?:\d+|[a-z]|[가나다라마바사아자차카타파하])\s*동(?![가-힣])(?:\s*\d+\s*호?)?"
    r"|(?<=[가-힣])\d+\s*동(?=\s*\d|\s*$)(?:\s*\d+\s*호?)?|[0-9a-z]*\d\s*호|\d+\s*층|(?<![0-9a-z])(?:\d+|[a-z])\s*-\s*\d+|\d+\s*(?:단지|차)|(?:본관|별관|신관|상가|관리동|상가동)"
)
_NOT_GLUED = r"(?!\d|\s*-\s*\d|동|호|층|리|가(?!동)|\s*(?:번|[가-하])?안?길)"
_NUMBER = r"(?P<main>\d+)(?:\s*-\s*(?P<sub>\d+))?" + _NOT_GLUED
_ROAD = re.compile(r"^(?P<head>.*?[가-힣0-9](?:로|길))\s*(?P<mark>지하)?\s*" + _NUMBER)
_LOT = re.compile(
    r"^(?P<head>.*?[가-힣0-9](?:동|리|가|읍|면))\s*(?P<mark>산)?\s*"
    + _NUMBER
    + r"(?:\s*번지(?(sub)|(?:\s*(?P<ho>\d+)\s*호)?))?"
)
_PAIR = re.compile(r"(?<![0-9a-z])(\d+|[a-z])\s*[-/]\s*([a-z]?\d+)\s*호?(?![0-9])")
_BUILDING = re.compile(
    r"(?<![가-힣0-9a-z])제?(\d+|[a-z]|[가나다라마바사아자차카타파하])\s*동(?![가-힣])|(?<=[가-힣])(\d+)\s*동(?=\s*\d)|(상가동?|관리동|본관|별관|신관)"
)
_ROOM = re.compile(r"(?<![0-9])([a-z]?\d+)\s*호(?![가-힣])")
_FLOOR = re.compile(r"(지하|b)?\s*(\d+)\s*층|(?<![a-z0-9])(b)(\d)(?![0-9호])")
_BARE = re.compile(r"(?<![0-9a-z])(\d{2,5})(?![0-9가-힣a-z])")
_VILLAGE = re.compile(r"(?<![가-힣0-9])(?!상가동|관리동)([가-힣]{2,4}\d?동)(?![가-힣0-9])")
_BELOW = re.compile(r"(반지하|지하|지층|옥탑방?)(?!\s*\d+\s*층)")
_DISTRICT = re.compile(r"^([가-힣]+?[시군구])")


MOST_LOTS = 30
"""A 호 behind 번지 up to here is a part of the lot (123번지 4호 is 123-4), beyond it a door."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address in parts, spelled one way. `kind` is "road", "lot", or "" where no number was understood."""

    kind: str
    province: str
    head: str
    """Everything before the number, without spaces: 강남구테헤란로."""
    number: str
    building: str = ""
    floor: str = ""
    room: str = ""
    village: str = ""
    """법정동 or a building's name that ends so: 역삼동, 장미동. There or not, but not another."""
    words: str = ""
    """What else stands in it: a building's name, a company."""
    postcode: str = ""

    @property
    def unit(self) -> tuple[str, str, str]:
        """동, 층, 호."""
        return (self.building, self.floor, self.room)

    @property
    def site(self) -> tuple[str, str, str]:
        """What names the building, without its province and unit."""
        return (self.kind, self.head, self.number)

    @property
    def district(self) -> str:
        """시·군·구, as far as it can be told from the text."""
        found = _DISTRICT.match(self.head)
        return found[1] if found else ""


@lru_cache(maxsize=65_536)
def read_place(address1: str, address2: str = "", postcode: str = "") -> Place:
    """The parts of a Korean address.

    >>> read_place("서울특별시 강남구 테헤란로12길 34 (역삼동, 래미안)", "103동 1502호").number
    '34'
    """
    if is_masked(f"{address1} {address2}"):  # nobody knows which door it is
        return Place("", "", "", "")
    text = unicodedata.normalize("NFKC", f"{address1} {address2}").casefold()
    text = re.sub(r"[‐‑‒–—―−]", "-", text)
    text = _BRACKETS.sub(_keep_unit, text)
    text = re.sub(r"(?<=\d)\s*(번|[가-하])?\s*길(?=\s*\d)", r"\1길", text)
    text = " ".join(re.sub(r"[.,;:'\"ㆍ·*]", " ", text).split())
    province, text = _province(text)
    text = text.removeprefix("세종시 ") if province == "세종" else text
    code = re.sub(r"\D", "", unicodedata.normalize("NFKC", postcode))
    code = code.zfill(5) if len(code) == 4 else code
    for kind, pattern in (("road", _ROAD), ("lot", _LOT)):
        if found := pattern.match(text):
            return _in_parts(kind, province, found, text[found.end() :], code)
    return Place("", province, text.replace(" ", ""), "", postcode=code)


def _keep_unit(found: re.Match[str]) -> str:
    """Of what stands in brackets only 동·층·호: the rest (법정동, 아파트) is there or not."""
    return " " + " ".join(_UNIT_WORD.findall(found[1])) + " "


def _province(text: str) -> tuple[str, str]:
    text = re.sub(r"^\d{5}\s+", "", text)
    first, _, rest = text.partition(" ")
    if _GWANGJU.match(text):
        return "광주", rest
    if first in _SPELLINGS:
        return _SPELLINGS[first], rest
    for long in _LONG:
        if text.startswith(long) and (len(long) > 3 or _DISTRICT.match(text[len(long) :])):
            return _SPELLINGS[long], text[len(long) :].strip()
    return "", text


def _in_parts(kind: str, province: str, found: re.Match[str], rest: str, postcode: str) -> Place:
    parts = found.groupdict()
    house = parts.get("ho") or ""
    sub = parts["sub"] or (house if house and int(house) <= MOST_LOTS else "")
    number = (parts["mark"] or "") + str(int(parts["main"])) + (f"-{int(sub)}" if sub and int(sub) else "")
    building = floor = ""
    room = "" if sub else house
    village = ""
    if kind == "lot":
        rest = re.sub(r"^\s*번지", "", rest)
    elif told := _VILLAGE.search(rest):
        village, rest = told[1], _VILLAGE.sub(" ", rest)
    if pair := _PAIR.search(rest):
        building, room = pair[1], pair[2]
        rest = rest[: pair.start()] + " " + rest[pair.end() :]
    if not building and (named := _BUILDING.search(rest)):
        building = named[1] or named[2] or named[3].removesuffix("동")
        rest = rest[: named.start()] + " " + rest[named.end() :]
    if level := _FLOOR.search(rest):
        floor = ("b" if level[1] or level[3] else "") + (level[2] or level[4])
        rest = rest[: level.start()] + " " + rest[level.end() :]
    if not floor and (below := _BELOW.search(rest)):
        floor = "b" if below[1] == "지하" else below[1]
        rest = rest[: below.start()] + " " + rest[below.end() :]
    if not room and (door := _ROOM.search(rest) or _BARE.search(rest)):
        room = door[1]
        rest = rest[: door.start()] + " " + rest[door.end() :]
    if (letter := re.fullmatch(r"([a-z])(\d+)", room)) and not (floor if letter[1] == "b" else building):
        room = letter[2]
        floor, building = ("b", building) if letter[1] == "b" else (floor, letter[1])
    words = re.sub(r"[\s\-/_#]", "", rest)
    head = parts["head"].replace(" ", "")
    return Place(kind, province, head, number, _bare(building), _bare(floor), _bare(room), village, words, postcode)


def _bare(text: str) -> str:
    return text.lstrip("0") or text
