"""Kin: the same goods of a seller under another promotion's headline (N19). Pure."""

from hashlib import md5

from jumun.matching.tokens import read_text


def kin_of(name: str, option: str) -> str:
    """A digest of what a listing says once words of selling are gone; order and spelling of words do not matter.

    >>> kin_of("[무료배송] 순면 티셔츠 1+1", "색상: 블랙") == kin_of("★특가★ 티셔츠 순면 1+1", "01_BLACK")
    True
    >>> kin_of("순면 티셔츠 1+1", "블랙") == kin_of("순면 티셔츠", "블랙")
    False
    """
    title, chosen = read_text(name), read_text(option, option=True)
    said = [
        sorted(title.words),
        sorted(map(list, title.traits)),
        sorted((count.number, count.sort) for count in title.counts),
        sorted(chosen.words),
        sorted(map(list, chosen.traits)),
        sorted((count.number, count.sort) for count in chosen.counts),
    ]
    if not title.words:
        return ""
    return md5(repr(said).encode(), usedforsecurity=False).hexdigest()
