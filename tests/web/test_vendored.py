"""What we serve of others' is what they published, and every word of ours is in both languages."""

import hashlib
import json
from pathlib import Path

import pytest

import jumun.web

WEB = Path(jumun.web.__file__).parent
VENDORED = sorted((WEB / "static" / "vendor").iterdir())


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_vendored_files_are_unchanged(folder):
    card = json.loads((folder / "vendor.json").read_text())
    assert folder.name == f"{card['name'].removesuffix('.org')}-{card['version']}"
    assert card["integrity"].startswith("sha512-")
    files = {
        str(path.relative_to(folder)): "sha256-" + hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "vendor.json"
    }
    assert files == card["files"]
    assert "LICENSE" in files


def test_nothing_is_fetched_from_elsewhere():
    for path in [*WEB.rglob("*.html"), *(WEB / "static" / "web").rglob("*.*")]:
        text = path.read_text(errors="ignore")  # pictures among them
        for word in ('src="http', 'href="http', "url(http", "@import"):
            assert word not in text, path


def test_every_word_is_translated_and_compiled():
    catalogue = (WEB / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text()
    assert 'msgstr ""\n\n' not in catalogue and "fuzzy" not in catalogue
    import gettext

    with (WEB / "locale" / "en" / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        english = gettext.GNUTranslations(compiled)
    import re

    words = set()
    for path in WEB.rglob("*.html"):
        words |= set(re.findall(r"""{% translate ["']([^"']+?)["'](?: context "(.+?)")? %}""", path.read_text()))
    assert [
        word
        for word, place in sorted(words)
        if (english.pgettext(place, word) if place else english.gettext(word)) == word
    ] == []
