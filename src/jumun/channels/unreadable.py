"""Keeping the beginning of an answer nobody could read, so that a person sees what came: shape, never content (R17)."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from jumun.core.tenancy import acting_as

KEPT = 20
LONGEST_HEAD = 2_000
_READ = 4 * LONGEST_HEAD
"""Bytes looked at: what is hidden takes less room than before."""

HIDDEN = "·"
_KEY = re.compile(r'"[A-Za-z_$@][A-Za-z0-9_.$-]{0,39}"')
_JSON = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<text>"(?:[^"\\]|\\.)*(?:"|\\?$))|(?P<word>\b(?:true|false|null)\b)'
)
_HTML = frozenset(
    [
        "!doctype",
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "base",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "code",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "fieldset",
        "figure",
        "font",
        "footer",
        "form",
        "frame",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "label",
        "legend",
        "li",
        "link",
        "main",
        "map",
        "meta",
        "nav",
        "noscript",
        "object",
        "ol",
        "option",
        "p",
        "param",
        "pre",
        "script",
        "section",
        "select",
        "small",
        "span",
        "strong",
        "style",
        "sub",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "template",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "tt",
        "u",
        "ul",
    ]
)
"""Names of tags that are shown. Any other may be an address in angle brackets."""

_TAG = re.compile(r"<(?P<end>/?)(?P<name>!?[A-Za-z][A-Za-z0-9:]{0,19})\b[^<>]*(?P<close>>|$)")

_INSERT = """
WITH made AS (
    INSERT INTO channels_unreadable (company_id, account_id, at, call, status, size, head)
    VALUES (%(company)s, %(account)s, clock_timestamp(), %(call)s, %(status)s, %(size)s, %(head)s)
)
DELETE FROM channels_unreadable WHERE account_id = %(account)s AND id NOT IN (
    SELECT id FROM channels_unreadable WHERE account_id = %(account)s ORDER BY id DESC LIMIT %(others)s)
"""


@dataclass(frozen=True, slots=True)
class KeptUnreadable:
    """The account's unreadable answers in the database (port Keep)."""

    company_id: int
    account_id: int

    def __call__(self, call: str, status: int, body: bytes) -> None:
        """Keep one, masked; the oldest beyond 20 go."""
        values: dict[str, Any] = {
            "company": self.company_id,
            "account": self.account_id,
            "call": mask_call(call),
            "status": status,
            "size": len(body),
            "head": mask_head(body),
            "others": KEPT - 1,
        }
        with acting_as(self.company_id), connection.cursor() as cursor:
            cursor.execute(_INSERT, values)


def mask_call(call: str) -> str:
    """The name of a call; digits of ids that may stand in a path are hidden."""
    return re.sub(r"[0-9]", "#", re.sub(r"[^A-Za-z0-9_./-]+", HIDDEN, call))[:100]


def mask_head(body: bytes) -> str:
    """The shape of an answer's beginning: punctuation and keys of JSON, names of HTML's tags, `#` for each digit.

    Everything else, a value in whatever alphabet, is one dot a stretch.
    """
    text = body[:_READ].decode("utf-8", errors="replace").lstrip("\ufeff").strip()
    if text[:1] in ("{", "["):
        shown = _mask_json(text)
    elif text[:1] == "<":
        shown = _mask_markup(text)
    else:
        shown = _hide(text)
    return shown[:LONGEST_HEAD]


def _mask_json(text: str) -> str:
    parts, last = [], 0
    for found in _JSON.finditer(text):
        parts.append(_hide(text[last : found.start()], keep="{}[],:-."))
        parts.append(_mask_word(found))
        last = found.end()
    parts.append(_hide(text[last:], keep="{}[],:-."))
    return "".join(parts)


def _mask_word(found: "re.Match[str]") -> str:
    whole = found[0]
    if found["word"]:
        return whole
    if found["key"] and _KEY.fullmatch(whole):
        return re.sub(r"[0-9]", "#", whole)
    closed = len(whole) > 1 and whole.endswith('"')
    return '"' + _hide(whole[1:-1] if closed else whole[1:]) + ('"' if closed else "")


def _mask_markup(text: str) -> str:
    parts, last = [], 0
    for found in _TAG.finditer(text):
        parts.append(_hide(text[last : found.start()], keep="<>"))
        name = found["name"] if found["name"].lower() in _HTML else HIDDEN
        parts.append(f"<{found['end']}{re.sub(r'[0-9]', '#', name)}{found['close']}")
        last = found.end()
    parts.append(_hide(text[last:], keep="<>"))
    return "".join(parts)


def _hide(text: str, keep: str = "") -> str:
    """Digits as `#`, white space as one blank, the characters to keep, and a dot for each stretch of anything else."""
    kept = re.escape(keep)
    hidden = re.sub(rf"[^0-9\s{kept}]+", HIDDEN, text)
    return re.sub(r"\s+", " ", re.sub(r"[0-9]", "#", hidden))
