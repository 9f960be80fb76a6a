"""Text can be read: every text on every background it stands on has a contrast of 4.5 (WCAG 2.2 AA), in both looks.

The pairs come from the style sheets themselves: a rule that sets both a text and a background colour is one pair, a
rule that sets a text colour alone is measured on every surface pages are made of.
"""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src" / "jumun" / "web" / "static" / "web"
SHEETS = sorted(STATIC.glob("*.css"))
LEAST = 4.5
SURFACES = ("paper", "surface", "raised", "hover", "select")
ALSO_SUNKEN = ("ink", "ink-2", "ink-3")
"""Table heads and what the pointer is on."""
NOT_TEXT = {"focus", "seal", "line", "line-strong", "cell-line", "on-ink", "on-act"}
"""Outlines and marks; and text of its own backgrounds only, which the rules name together."""


def tokens(look):
    """Colour tokens of one look as (red, green, blue)."""
    found = re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\);", (STATIC / "tokens.css").read_text()
    )
    return {name: rgb(light if look == "light" else dark) for name, light, dark in found}


def rgb(text):
    text = text.lstrip("#")
    text = "".join(each * 2 for each in text) if len(text) == 3 else text
    return tuple(int(text[at : at + 2], 16) for at in (0, 2, 4))


def brightness(colour):
    parts = [each / 255 for each in colour]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def rules():
    """(selector, declarations) of every rule of every sheet."""
    for sheet in SHEETS:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
            yield f"{sheet.name} {' '.join(selector.split())}", body


def read(body, name, look):
    """The colour a declaration gives, or None: a token, a plain colour, or one for each look."""
    found = re.search(rf"(?:^|[;\s]){name}:\s*([^;]+)", body)
    value = found[1].strip() if found else ""
    if token := re.fullmatch(r"var\(--([\w-]+)\)(?: !important)?", value):
        return token[1], tokens(look).get(token[1])
    if pair := re.fullmatch(r"light-dark\((#\w+), (#\w+)\)", value):
        return value, rgb(pair[1] if look == "light" else pair[2])
    if re.fullmatch(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?", value):
        return value, rgb(value)
    return None


def pairs(look):
    """(where, text, background) of everything pages write."""
    known = tokens(look)
    for where, body in rules():
        text = read(body, "color", look)
        if text is None or text[1] is None:
            continue
        ground = read(body, "background", look) or read(body, "background-color", look)
        if ground is not None and ground[1] is not None:
            yield f"{where}: {text[0]} on {ground[0]}", text[1], ground[1]
        elif text[0] in known and text[0] not in NOT_TEXT:
            for surface in (*SURFACES, *(("sunken",) if text[0] in ALSO_SUNKEN else ())):
                yield f"{text[0]} on {surface}", text[1], known[surface]


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_text_can_be_read(look):
    poor = {where: round(contrast(text, ground), 2) for where, text, ground in pairs(look)}
    assert {where: measured for where, measured in poor.items() if measured < LEAST} == {}


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_soft_pair_can_be_read(look):
    known = tokens(look)
    soft = [name.removesuffix("-soft") for name in known if name.endswith("-soft")]
    poor = {name: contrast(known[name], known[f"{name}-soft"]) for name in soft}
    assert len(soft) > 7
    assert {name: measured for name, measured in poor.items() if measured < LEAST} == {}


def test_the_measure_is_the_standards():
    assert round(contrast(rgb("#000"), rgb("#fff")), 1) == 21.0
    assert round(contrast(rgb("#777777"), rgb("#ffffff")), 2) == 4.48


def test_every_token_is_used_and_every_used_token_is_there():
    known = set(re.findall(r"^\s*--([\w-]+):", (STATIC / "tokens.css").read_text(), re.MULTILINE))
    local = {name for sheet in SHEETS for name in re.findall(r"(?:^|\s)--([\w-]+):", sheet.read_text())}
    used = {name for sheet in SHEETS for name in re.findall(r"var\(--([\w-]+)", sheet.read_text())}
    assert used - local == set()
    assert {name for name in known - used if not re.fullmatch(r"[sr]\d", name)} == set()
