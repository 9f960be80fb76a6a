"""What a listing's text says, taken apart: words, traits (colour, size, measures) and counts (C11). Pure.

Guarantees: spelling is taken away first (full width, case, brackets, `01_`, `색상:`); words of selling are dropped; the
same text reads the same every time.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from jumun.matching.words import (
    COLOURS,
    KEYS,
    MEASURES,
    NEEDS_DIGIT_BESIDE,
    PACK_UNITS,
    PIECE_UNITS,
    PROMOTIONS,
    QUANTITY_KEYS,
    SAME,
    SET_WORDS,
    SHADES,
    SIZES,
    TELLING,
)


class Sort(StrEnum):
    """What a count counts."""

    PACK = "pack"
    """What is inside one piece: 10개입."""
    PIECE = "piece"
    """Pieces: 3병. The goods, where the SKU says so too, else how many were bought."""
    SET = "set"
    """How many were bought: 1+1, 2개 세트."""


@dataclass(frozen=True, slots=True)
class Count:
    """One count a text makes; never of 1 piece, which says nothing."""

    number: int
    sort: Sort


Trait = tuple[str, str]
"""Kind and value: ("colour", "light black"), ("size", "xl"), ("ml", "500"), ("number", "240")."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text taken apart. `words` are in the order they stand, each once, in their common spelling.

    `repeats`: it says a word or a trait twice (`전선 1m 1m`), so saying it once is not saying all of it.
    """

    words: tuple[str, ...]
    traits: frozenset[Trait]
    counts: tuple[Count, ...]
    repeats: bool = False


def _variants(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {variant: meaning for meaning, variants in table.items() for variant in variants}


def _either(words: tuple[str, ...] | list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_COLOUR, _SHADE, _SIZE, _SAME = _variants(COLOURS), _variants(SHADES), _variants(SIZES), _variants(SAME)
_SETS = _either(SET_WORDS)
_UNITS = _either([*MEASURES, *PACK_UNITS, *PIECE_UNITS, *SET_WORDS])

_PRICE = re.compile(
    r"(?:[+\-]\s*\d{1,3}(?:,\d{3})+\s*원?|\d{1,3}(?:,\d{3})+\s*원)(?!권)|[+\-]?\s*\d+\s*(?:천|만)?\s*원(?![가-힣])|\d+\s*(?:%|퍼센트)\s*(?:할인|세일|off|적립|쿠폰|down|특가)|(?<!\d)\d+\s*위|free\s*배송"
)
_ORDINAL = re.compile(
    r"(?:^|(?<=[/|,;]))\s*[(\[]?(?:옵션\s*)?(?:0?\d|1\d|20|[a-eg-kn-rt-z])\s*(?:[_.)\]:]+|-(?=\D))\s*(?=[^\s\d])"
)
_KEY = re.compile(rf"(?:(?<=^)|(?<=[\s/|,;(\[]))(?:{_either(list(KEYS))}|옵션\s*\d)\s*(?:선택)?\s*[:=]\s*")
_QUANTITY = re.compile(rf"(?:{_either(list(QUANTITY_KEYS))})\s*[:=]\s*(\d{{1,3}})\s*(?:개|세트|ea)?")
_PLUS = re.compile(r"(?<![\d.,a-z+])(\d{1,2})\s*\+\s*(\d{1,2})(?![\d.,+]|\s*(?:gb|tb))(?:\s*(?:행사|이벤트|증정))?")
_AREA = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:cm|mm)?\s*[x*]\s*(\d+(?:\.\d+)?)(?:\s*[x*]\s*(\d+(?:\.\d+)?))?\s*(cm|mm)?(?![a-z0-9개팩봉병캔입박매롤])"
)
_TIMES = re.compile(
    rf"(?<![a-z])[x*]\s*(\d{{1,3}})\s*(?:({_either([*PACK_UNITS, *PIECE_UNITS, *SET_WORDS])}))?(?![a-z0-9])"
)
_AMOUNT = re.compile(rf"(?<![\d.a-z])(\d{{1,5}}(?:\.\d+)?)(\s*)({_UNITS})(?:\s*({_SETS}))?(?![a-z0-9])")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|퍼센트)")
_GRADE = re.compile(r"(?<=[a-z0-9])(\++)(?!\s*\d)")
_PART = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?|[가-힣]+|[一-龥]+")
_PROMOTION = re.compile(rf"(?:{_either(list(PROMOTIONS))})+")
_HUE = re.compile(r"(?:색상|컬러|칼라|색|빛)$")
_GENERIC = frozenset({"선택", "옵션", "색상", "사이즈", "컬러", "필수", "color", "size", "option", "택", "중"})
_TASTE = "맛향"
_SHORT = 1


def normalise(text: str) -> str:
    """Spelling taken away: NFKC (full width → plain), small letters, one kind of cross, single spaces.

    >>> normalise("ＢＬＡＣＫ（Ｌ）　２×３")
    'black(l) 2x3'
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = (
        re.sub(r"(?<=\d),(?=\d{3}(?!\d))(?!\d{3}\s*원)", "", plain)
        .replace("×", "x")
        .replace("✕", "x")
        .replace("_", " _ ")
    )
    return " ".join(plain.split()).replace(" _ ", "_")


_FIGURE = re.compile(r"[+\-]?\d+(?:[.,]\d+)*(?:\+(?!\d))*\s*(?:%|퍼센트|박스|box|팩|곽|통)?|[a-z]\++(?!\d)")


def read_figures(*texts: str) -> frozenset[str]:
    """The numbers of these texts as they are written, with sign, plus and percent, each once; `1+1` is none of the goods'.

    For what must be certain: taking a text apart may lose what tells 1+ from 1++ or 85% from 70%.

    >>> sorted(read_figures("01_한우 1++ 등심 300g", "1+1"))
    ['1++', '300']
    """
    found: set[str] = set()
    for text in texts:
        plain = _PLUS.sub(" ", _ORDINAL.sub(" ", normalise(text)))
        found.update(each.replace(" ", "").replace(",", "") for each in _FIGURE.findall(plain))
    return frozenset(found)


@lru_cache(maxsize=65_536)
def read_spelled(name: str) -> frozenset[str]:
    """Words of a name that have another spelling or may say which stock it is, as they are written.

    For what must be certain: 메밀 면 is not 메밀 코튼, and what came back (반품) is not what is new.

    >>> sorted(read_spelled("[반품] 순면 티 블랙"))
    ['반품', '순면', '티']
    """
    plain = normalise(name)
    parts = {part for part in _PART.findall(plain) if part in _SAME and part not in SET_WORDS}
    return frozenset(parts | {word for word in TELLING if word in plain})


@lru_cache(maxsize=65_536)
def read_text(text: str, *, option: bool = False) -> Reading:
    """Take a name or an option's text apart. `option`: short words (`중`, `BK`) are sizes and colours there.

    >>> read_text("색상: 블랙 / 사이즈=L", option=True).traits == {("colour", "black"), ("size", "l")}
    True
    >>> read_text("[무료배송] 물티슈 100매 10개입 1+1").counts
    (Count(number=2, sort=<Sort.SET: 'set'>), Count(number=100, sort=<Sort.PACK: 'pack'>), Count(number=10, sort=<Sort.PACK: 'pack'>))
    """
    counts: list[Count] = []
    traits: list[Trait] = []
    rest = _PRICE.sub(" ", normalise(text))
    rest = _QUANTITY.sub(lambda found: _counted(counts, int(found[1]), Sort.SET), rest)
    if option:
        rest = _ORDINAL.sub(" ", rest)
        rest = _KEY.sub(" ", rest)
        rest = _ORDINAL.sub(" ", rest.strip())
    rest = _PLUS.sub(lambda found: _counted(counts, int(found[1]) + int(found[2]), Sort.SET), rest)
    rest = _AREA.sub(lambda found: _sized(traits, found), rest)
    rest = _TIMES.sub(lambda found: _counted(counts, int(found[1]), _sort_of(found[2] or "개", "")), rest)
    rest = _AMOUNT.sub(lambda found: _measured(traits, counts, found), rest)
    traits += [("%", found) for found in _PERCENT.findall(rest)]
    rest = _PERCENT.sub(" ", rest)
    traits += [("plus", found) for found in _GRADE.findall(rest)]
    rest = _GRADE.sub(" ", rest)
    words = _read_words(_PART.findall(rest), traits, option=option)
    said = [*words, *traits]
    return Reading(tuple(dict.fromkeys(words)), frozenset(traits), tuple(counts), len(set(said)) < len(said))


def _counted(counts: list[Count], number: int, sort: Sort) -> str:
    if number > 1:
        counts.append(Count(number, sort))
    return " "


def _sort_of(unit: str, following: str) -> Sort:
    if following or unit in SET_WORDS:
        return Sort.SET
    return Sort.PACK if unit in PACK_UNITS else Sort.PIECE


def _sized(traits: list[Trait], found: "re.Match[str]") -> str:
    sides = [float(side) / (10 if found[4] == "mm" else 1) for side in (found[1], found[2], found[3]) if side]
    traits.append(("area", "x".join(f"{side:g}" for side in sides)))
    return " "


def _measured(traits: list[Trait], counts: list[Count], found: "re.Match[str]") -> str:
    number, gap, unit, following = found.groups()
    if unit in MEASURES:
        if gap and unit in NEEDS_DIGIT_BESIDE:
            return found[0]
        kind, factor = MEASURES[unit]
        value = float(number) * factor
        if unit == "mm" and 200 <= float(number) <= 320 and float(number) % 5 == 0:
            kind, value = "number", float(number)  # a shoe
        traits.append((kind, f"{value:g}"))
        return f" {following or ''} "
    if "." in number:
        return " "
    return _counted(counts, int(number), _sort_of(unit, following or ""))


def _read_words(parts: list[str], traits: list[Trait], *, option: bool) -> list[str]:
    words: list[str] = []
    shade = ""
    for part in parts:
        if part in _SHADE and (option or len(part) > _SHORT) and part not in _COLOUR:
            shade = part
            continue
        colour = read_colour(part, option=option)
        if colour:
            meant = f"{_SHADE[shade]} {colour}" if shade and " " not in colour else colour
            traits.append(("colour", meant))
        else:
            words += [shade] if shade else []
            words += _read_word(part, traits, option=option)
        shade = ""
    return words + ([shade] if shade else [])


def _read_word(part: str, traits: list[Trait], *, option: bool) -> list[str]:
    if re.fullmatch(r"\d+(?:\.\d+)?", part):
        if len(part) <= 6:
            traits.append(("number", f"{float(part):g}"))
        return []
    if part in _SIZE and (option or len(part) > _SHORT or part in "sml"):
        traits.append(("size", _SIZE[part]))
        return []
    if part in _GENERIC or _PROMOTION.fullmatch(part):
        return []
    if len(part) > 1 and part[-1] in _TASTE:
        part = part[:-1]  # 쑥맛 is 쑥
    return [_SAME.get(part, part)]


@lru_cache(maxsize=8_192)
def read_colour(part: str, *, option: bool = False) -> str:
    """The colour a word names, with its shade; empty when it names none.

    >>> read_colour("라이트그레이"), read_colour("검정색상"), read_colour("BK".lower()), read_colour("bk", option=True)
    ('light grey', 'black', '', 'black')
    """
    bare = _HUE.sub("", part) or part
    for word in (part, bare):
        known = _COLOUR.get(word)
        if known and (option or len(word) > (2 if word.isascii() else _SHORT) or word != part):
            return known
    for shade, meaning in _SHADE.items():
        if bare.startswith(shade):
            base = _COLOUR.get(bare[len(shade) :]) or _COLOUR.get(part[len(shade) :])
            if base and len(part) > len(shade) + (0 if option or shade != "연" else 1):
                return f"{meaning} {base}"
    return ""
