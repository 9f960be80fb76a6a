"""초성: initials typed for a word. A query of leading consonants becomes ranges of syllables, as the keyboard gives them.

The database compares code points (C.UTF-8) and knows no initials; a regular expression of ranges does: ㄱ is [ㄱ가-깋].
Where the consonant is typed double (ㄲ, or ㄱㅅ as the one key ㄳ), it is read as a clerk means it.
"""

import re

_FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
"""Initials in the order of the syllables' code points."""
_PAIRS = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ",
    "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
"""What a keyboard makes of two consonants one after the other."""
_BEGINNING = ord("가")
_EACH = 21 * 28
"""Syllables of one initial."""


def has_initials(text: str) -> bool:
    """Whether a query is to be read by initials: it holds a consonant on its own."""
    return any(character in _FIRST or character in _PAIRS for character in text)


def syllables_of(initial: str) -> tuple[str, str]:
    """The first and the last syllable of an initial.

    >>> syllables_of("ㄱ"), syllables_of("ㅎ")
    (('가', '깋'), ('하', '힣'))
    """
    first = _BEGINNING + _FIRST.index(initial) * _EACH
    return chr(first), chr(first + _EACH - 1)


def initials_pattern(text: str) -> str:
    """The regular expression of a query: consonants as ranges, everything else as it is; blanks may be any or none.

    >>> initials_pattern("김ㅅ")
    '김[ㅅ사-싷]'
    """
    spelled = "".join(_PAIRS.get(character, character) for character in text)
    return r"\s*".join("".join(_one(character) for character in word) for word in spelled.split())


def _one(character: str) -> str:
    if character in _FIRST:
        first, last = syllables_of(character)
        return f"[{character}{first}-{last}]"
    return re.escape(character)


_LAST_OF_THEIRS = ("\ud7ff", "\U0010ffff")
"""Characters that have no other right behind them."""


def first_range(text: str) -> tuple[str, str] | None:
    """Between which texts every name lies that begins with the query's first character; None when there are no such.

    The upper end is left out: it is the first text beyond.
    """
    spelled = "".join(_PAIRS.get(character, character) for character in text.strip())
    if not spelled or spelled[0] in _LAST_OF_THEIRS:
        return None
    if spelled[0] in _FIRST:
        first, last = syllables_of(spelled[0])
        return first, chr(ord(last) + 1)
    return spelled[0], chr(ord(spelled[0]) + 1)
