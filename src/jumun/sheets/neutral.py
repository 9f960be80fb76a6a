"""Text that a spreadsheet would take for a formula, made harmless in a csv, and taken back (X09)."""

import re

_STARTS = "=+\\-@\t\r\n|%＝＋－＠"
_DANGER = re.compile(f"'*[\\s\u3000\ufeff]*[{_STARTS}]")
_RESTORED = re.compile(f"'('*[\\s\u3000\ufeff]*[{_STARTS}])")


def neutralise(text: str) -> str:
    """The text with a quote before it where a spreadsheet, or a reader of what we wrote, would misread it."""
    return f"'{text}" if _DANGER.match(text) else text


def restore(text: str) -> str:
    """What was written by `neutralise`, as it was."""
    return text[1:] if _RESTORED.match(text) else text
