"""The typeface as we serve it: the vendored rules, but text that was painted is not set anew when the font comes late.

`python -m tests.web.proof.test_fonts` writes it anew after the vendored files changed.
"""

from pathlib import Path

import jumun.web

STATIC = Path(jumun.web.__file__).parent / "static"
SERVED = STATIC / "web" / "fonts.css"
NOTE = "/* Written by tests/web/proof/test_fonts.py from the vendored file: no text is set anew, and moves, once it was painted. */\n"


def write():
    (folder,) = (STATIC / "vendor").glob("pretendard-*")
    rules = (folder / "pretendardvariable-dynamic-subset.css").read_text()
    rules = rules.replace("font-display: swap", "font-display: optional")
    return NOTE + rules.replace("url(./", f"url(../vendor/{folder.name}/")


def test_the_typeface_is_the_vendored_one_and_moves_nothing():
    assert SERVED.read_text() == write()
    assert SERVED.read_text().count("font-display: optional") > 80


if __name__ == "__main__":
    SERVED.write_text(write())
