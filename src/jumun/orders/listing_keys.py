"""What one thing a channel account sells is known by: its product and its option, by code, else by words (C12, C13)."""

from hashlib import md5

PRODUCT_KEY = "CASE WHEN {l}.product_code <> '' THEN {l}.product_code ELSE '~' || md5({l}.product_name) END"
OPTION_KEY = (
    "CASE WHEN {l}.option_code <> '' THEN {l}.option_code WHEN {l}.option_text <> '' THEN '~' || md5({l}.option_text)"
    " ELSE '' END"
)
"""SQL of the two keys of a row `l` with a line's columns."""


def product_key(code: str, name: str) -> str:
    """The product's code, or a digest of its name where the channel gives none."""
    return code or f"~{_digest(name)}"


def option_key(code: str, text: str) -> str:
    """The option's code, or a digest of its text; empty for goods without options."""
    return code or (f"~{_digest(text)}" if text else "")


def _digest(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
