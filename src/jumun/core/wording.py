"""What a sentence is: one reason, in both languages."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """One reason in both languages. Blanks (`{name}`) are filled by `core.sentences.sentence`."""

    ko: str
    en: str
