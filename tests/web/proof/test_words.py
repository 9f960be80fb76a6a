"""Every Korean word that pages say has its English, wherever it stands: in templates and in Python."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import jumun

SOURCE = Path(jumun.__file__).parent
COMPILED = SOURCE / "web" / "locale" / "en" / "LC_MESSAGES" / "django.mo"
HANGUL = re.compile("[ㄱ-ㅎㅏ-ㅣ가-힣]")
CALLS = {"_", "gettext", "gettext_lazy"}
TRANSLATE = re.compile(r"{% translate (\"[^\"]+\"|'[^']+')")
BLOCK = re.compile(r"{% blocktranslate([^%]*)%}(.*?){% endblocktranslate %}", re.DOTALL)


def said_in_python(path: Path) -> Iterator[tuple[str, str]]:
    """(context, msgid) of every call with words in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
            word = node.args[0]
            if isinstance(word, ast.Constant) and isinstance(word.value, str):
                yield "", word.value


def said_in_template(path: Path) -> Iterator[tuple[str, str]]:
    """(context, msgid) of every translated piece, as Django writes it."""
    text = path.read_text()
    for word in TRANSLATE.findall(text):
        yield "", word[1:-1]
    for head, body in BLOCK.findall(text):
        said = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", body.split("{% plural %}")[0])
        if "trimmed" in head:
            said = " ".join(line.strip() for line in said.strip().splitlines())
        context = re.search(r'context "(\w+)"', head)
        yield (context[1] if context else ""), said


@pytest.mark.parametrize("kind", ["py", "html"])
def test_every_word_has_its_english(kind):
    """No msgid is left without a translation, and none means itself."""
    with COMPILED.open("rb") as compiled:
        english = gettext.GNUTranslations(compiled)
    missing = set()
    for path in SOURCE.rglob(f"*.{kind}"):
        for context, word in said_in_python(path) if kind == "py" else said_in_template(path):
            told = english.pgettext(context, word) if context else english.gettext(word)
            if HANGUL.search(word) and told == word:
                missing.add(f"{path.relative_to(SOURCE)}: {word}")
    assert not missing, "\n".join(sorted(missing))
