"""How alike two words are: by letters of Hangul taken apart, and by the sound of English written in Hangul. Pure."""

import re
from functools import lru_cache

_INITIALS = ("k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "j", "j", "j", "k", "t", "p", "h")
_FINALS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "n", "j", "j", "k", "t", "p", "h",
)  # fmt: skip
_FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MIDDLE = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_LAST = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FOLDS = (
    ("tion", "sn"), ("tch", "j"), ("sch", "sk"), ("ph", "p"), ("sh", "s"), ("ch", "j"), ("th", "s"), ("ck", "k"), ("gh", ""), ("kn", "n"), ("wr", "r"),
    ("qu", "k"), ("x", "ks"),
)  # fmt: skip
_LETTERS = str.maketrans({"b": "p", "f": "p", "v": "p", "d": "t", "g": "k", "q": "k", "z": "j", "r": "l"})
ALIKE = 0.72
"""From this on two words may be one with a slip in it."""


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The consonants one hears in a Korean or English word, voiced and unvoiced alike; vowels say too little.

    >>> sound("블루투스"), sound("bluetooth"), sound("스피커"), sound("speaker")
    ('plts', 'plts', 'spk', 'spk')
    """
    return _sound_of_hangul(word) if "가" <= word[:1] <= "힣" else _sound_of_latin(word)


def _sound_of_hangul(word: str) -> str:
    heard = ""
    for character in word:
        place = ord(character) - 0xAC00
        if not 0 <= place < 11_172:
            return ""
        heard += _INITIALS[place // 588] + _FINALS[place % 28]
    return _single(heard)


def _sound_of_latin(word: str) -> str:
    if not word.isalpha():
        return ""
    heard = word
    for letters, meant in _FOLDS:
        heard = heard.replace(letters, meant)
    heard = re.sub(r"c(?=[eiy])", "s", heard).replace("c", "k")
    heard = re.sub(r"r(?![aeiouy])", "", heard)
    heard = re.sub(r"(?<=[aeiou])re$", "", heard)
    heard = re.sub(r"[aeiouwy]", "", heard[:1]) + re.sub(r"[aeiouwyh]", "", heard[1:])
    return _single(heard.translate(_LETTERS))


def _single(heard: str) -> str:
    return re.sub(r"(.)\1+", r"\1", heard)


@lru_cache(maxsize=65_536)
def letters_of(word: str) -> str:
    """A word in single letters: 블랙 → ㅂㅡㄹㄹㅐㄱ; Latin stays."""
    out = []
    for character in word:
        place = ord(character) - 0xAC00
        if 0 <= place < 11_172:
            out += [_FIRST[place // 588], _MIDDLE[place % 588 // 28], _LAST[place % 28].strip()]
        else:
            out.append(character)
    return "".join(out)


@lru_cache(maxsize=262_144)
def alike(one: str, other: str) -> float:
    """How far two words are one, from 0 to 1: equal, spelt with a slip, written in the other alphabet, or part of it.

    >>> alike("블랙", "블랙"), alike("블랙", "블렉") > ALIKE, alike("bluetooth", "블루투스") > ALIKE, alike("사과", "포도")
    (1.0, True, True, 0.0)
    """
    if one == other:
        return 1.0
    if one[:1].isascii() != other[:1].isascii():
        return _alike_in_sound(sound(one), sound(other))
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and short in long:
        return 0.6 + 0.4 * len(short) / len(long)
    near = _nearness(letters_of(one), letters_of(other))
    return near if near >= ALIKE else 0.0


def _alike_in_sound(one: str, other: str) -> float:
    if len(one) >= 2 and one == other:
        return 0.85
    return 0.75 if min(len(one), len(other)) >= 4 and _nearness(one, other) >= ALIKE else 0.0


def _nearness(one: str, other: str) -> float:
    """1 − edits / length, where neighbours swapped count once; 0 as soon as it must fall below ALIKE."""
    longest = max(len(one), len(other))
    most = int(longest * (1 - ALIKE))
    if abs(len(one) - len(other)) > most:
        return 0.0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return 0.0
    return 1 - row[-1] / longest
