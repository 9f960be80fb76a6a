"""The living style guide: every word of every enum stands on it, in light and dark, and nobody sees it signed out."""

import re
from pathlib import Path

import pytest

from jumun.channels.port import ClaimKind, ClaimStage
from jumun.channels.registry import profiles
from jumun.dispatch.models import EffectState
from jumun.jobs.models import JobStatus
from jumun.orders.actions.hold import REASONS
from jumun.orders.models import Push
from jumun.orders.states import Status
from jumun.web.columns import COLUMNS

STATIC = Path(__file__).parents[2] / "src" / "jumun" / "web" / "static" / "web"
WORDS = {
    "statuses": [status.value for status in Status],
    "claims": [f"{kind.value}_{stage.value}" for kind in ClaimKind for stage in ClaimStage],
    "pushes": [push.value for push in Push if push.value],
    "holds": list(REASONS),
    "jobs": [status.value for status in JobStatus],
    "effects": [state.value for state in EffectState],
    "channels": [profile.kind for profile in profiles()],
}


@pytest.mark.parametrize("words", WORDS)
def test_every_word_stands_on_it_in_both_looks(owner, words):
    page = owner.client.get("/styleguide").content.decode()
    shown = re.findall(r'data-word="([\w]+)"', page)
    assert [word for word in WORDS[words] if shown.count(word) < 2] == []


def test_it_is_for_those_who_are_signed_in(shop, owner):
    from tests.web.conftest import visitor

    assert visitor().client.get("/styleguide")["Location"] == "/login?next=/styleguide"
    page = owner.client.get("/styleguide").content.decode()
    assert 'data-theme="light"' in page and 'data-theme="dark"' in page
    assert not re.search(r' style="|<script>|<style>', page)


def test_it_reads_in_english(owner):
    owner.post("/language", {"language": "en", "next": "/styleguide"})
    page = owner.client.get("/styleguide").content.decode()
    left = re.sub(r"<[^>]+>", " ", page.partition("<main")[2])
    assert {word for word in re.findall(r"[가-힣]{2,}", left)} <= {"홍길동", "보리차", "티백", "가나다", "박스"}


HELPERS = {
    "c-why",
    "wrap",
    "fields",
    "notices",
    "hidden",
    "skip",
    "block",
    "end",
    "pad",
    "clip",
    "small",
    "seal",
    "htmx-request",
    "ch-cafe24",
    "inline-fields",
}
"""Places and helpers, not components."""


@pytest.mark.parametrize("sheet", ["elements.css", "parts.css"])
def test_every_component_stands_on_it(owner, sheet):
    page = owner.client.get("/styleguide").content.decode()
    shown = {name for names in re.findall(r'class="([^"]*)"', page) for name in names.split()}
    text = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", (STATIC / sheet).read_text(), flags=re.DOTALL)
    known = set(re.findall(r"\.([a-z][\w-]*)", text))
    assert known - shown - HELPERS == set()


def test_no_rule_of_ours_is_dead():
    """A class that no template, script or page module names is not styled any more."""
    room = STATIC.parents[1]
    used = "".join(path.read_text() for path in [*room.rglob("*.html"), *STATIC.glob("*.js"), *room.glob("*.py")])
    drawn = {status.value for status in Status} | {f"ch-{kind}" for kind in WORDS["channels"]}
    made = {"htmx-request", "ch-cafe24", *(f"c-{key}" for key in COLUMNS)}
    for sheet in ("elements", "parts", "shell", "plain", "settings", "narrow", "collect"):
        text = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", (STATIC / f"{sheet}.css").read_text(), flags=re.DOTALL)
        names = set(re.findall(r"\.([a-z][\w-]*)", text)) - drawn - made
        assert [name for name in sorted(names) if not re.search(rf"(?<![\w-]){name}(?![\w-])", used)] == []
