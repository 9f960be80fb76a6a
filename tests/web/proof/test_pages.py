"""Every page in a real browser: readable by everyone, light, still, quiet, named, and in one language.

Each page of the list is opened in a company with something of everything, in Korean, light and wide, with a cold cache,
and in English, dark and small; and in a company with nothing.
"""

import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection

from jumun.core.clock import now
from jumun.core.masking import mask_detail, mask_name
from jumun.core.tenancy import acting_as
from tests.web.proof.conftest import half_sign_in
from tests.web.proof.pages import PAGES
from tests.web.proof.seen import TEXTS, new_context, opened

pytestmark = [pytest.mark.browser]

LOOKS = {"ko": "light", "en": "dark"}
HEAVIEST = 150_000
"""Bytes of script over the wire, beside the grid library."""
GRID = "/vendor/tabulator-"
STILL = 0.01
"""Cumulative layout shift; 0.1 is what browsers call good."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EXCUSED = {("scrollable-region-focusable", "tabulator-tableholder")}
"""(rule of axe, class of an element): the grid around this scroller has the focus, and its arrow keys scroll it."""
HANGUL = re.compile("[ㄱ-ㅎㅏ-ㅣ가-힣]")
KOREAN_ONLY = ("판매관리 > 배송현황 관리 > 송장수정", "도착보장", "ㅅㅈㅊㄹ")
"""What a seller must find under its Korean name: menus of a seller centre, names of a channel's own services, first consonants to type."""
SAME_PAGE = {"items-grouped", "items-filtered"}
"""Other looks at a list that is in the list of pages already: they have its title."""
EACH = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


@pytest.fixture(scope="module")
def look(chromium, served, world):  # noqa: F811
    """Open a page of the list in one of the companies; a browser without scripts or cold is another one."""
    kept = {}

    @contextmanager
    def open_it(page, slug, language, width, *, scripts=True, cold=False):
        made = {"full": world.full, "empty": world.empty}[slug]
        path = page.path.format(**made.ids)
        address = path if path.startswith("/") else f"/c/{slug}/{path}".removesuffix("./")
        kind = (language, width, scripts)
        context = None if cold else kept.get(kind)
        if context is None:
            context = new_context(chromium, language, width, scripts=scripts)
        try:
            with opened(
                context, served, address, what=page, cookie=cookie_of(world, page, language), language=language,
                theme=LOOKS[language], scripts=scripts,
            ) as seen:  # fmt: skip
                yield seen
        finally:
            if cold:
                context.close()
            else:
                kept[kind] = context

    yield open_it
    for context in kept.values():
        context.close()


@pytest.fixture(scope="module")
def told(world):
    """Every text with Hangul that people or channels wrote, longest first, as it is and as it is masked."""
    texts: set[str] = set()
    for made in (world.full, world.empty):
        with acting_as(made.house.company), connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
                " AND data_type IN ('text', 'character varying') AND table_name NOT LIKE 'procrastinate%'"
            )
            for table, column in cursor.fetchall():
                cursor.execute(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" ~ \'[가-힣]\'')
                texts |= {" ".join(text.split()) for (text,) in cursor.fetchall()}
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
                " AND data_type = 'jsonb' AND table_name ~ '^(intake|waybills)_'"
            )
            for table, column in cursor.fetchall():  # headers and cells of uploaded sheets
                cursor.execute(
                    f"SELECT DISTINCT v #>> '{{}}' FROM \"{table}\", jsonb_path_query(\"{column}\", '$.**') v"
                    " WHERE jsonb_typeof(v) = 'string'"
                )
                texts |= {" ".join(text.split()) for (text,) in cursor.fetchall()}
    texts |= set(KOREAN_ONLY)
    texts |= {mask_name(text) for text in texts} | {mask_detail(text) for text in texts}
    return sorted((text for text in texts if HANGUL.search(text)), key=len, reverse=True)


def cookie_of(world, page, language):
    """The session key of whoever looks at a page; empty for a stranger."""
    if page.seen_by == "half":
        return half_sign_in(now())
    return world.cookies[language] if page.seen_by == "person" else ""


def check(seen, page, language):
    """What must hold of every page wherever it is looked at; answers what does not."""
    found = list(seen.wrong)
    if seen.status != page.status:
        found.append(f"answered {seen.status}")
    shifted, shifts = seen.page.evaluate("[window.shifted, window.shifts]")
    if shifted > STILL:  # a busy machine may paint before a font came; what shifts of itself does so again
        seen.page.reload(wait_until="load")
        seen.page.wait_for_timeout(200)
        shifted, shifts = seen.page.evaluate("[window.shifted, window.shifts]")
    if shifted > STILL:
        found.append(f"shifted by {shifted:.4f}: " + "; ".join(shifts[:6]))
    if wide := seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
        found.append(f"{wide}px wider than the window")
    if seen.page.get_attribute("html", "lang") != language:
        found.append("lang is not the page's language")
    if (heads := seen.page.locator("h1").count()) != 1:
        found.append(f"{heads} h1")
    answer = (
        Axe()
        .run(
            seen.page,
            options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]},
        )
        .response
    )
    for broken in answer["violations"]:
        rule = broken["id"]
        those = [
            node for node in broken["nodes"] if not any(rule == name and word in node["html"] for name, word in EXCUSED)
        ]
        if those:
            told = "; ".join(f"{node['html'][:150]} ({node['failureSummary'][:200]})" for node in those[:3])
            found.append(f"axe {rule} ×{len(those)}: {told}")
    return found


def say(found):
    """Fail with every fault of a page at once."""
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def weigh(seen):
    return {url: size for url, size in seen.scripts.items() if GRID not in url}


@EACH
def test_full_in_korean(look, page):
    """Axe clean, still, quiet, at its address and nowhere else, one heading, at most 150 kB of script."""
    with look(page, "full", "ko", 1920, cold=True) as seen:
        found = check(seen, page, "ko")
        weights = weigh(seen)
        if sum(weights.values()) > HEAVIEST:
            found.append(f"{sum(weights.values())} bytes of script: {weights}")
    say(found)


@EACH
def test_full_in_english(look, told, page):
    """The same in English, in the dark and on a small screen; no Korean but what people and channels wrote."""
    with look(page, "full", "en", 1280) as seen:
        found = check(seen, page, "en")
        found += left_in_korean(seen, told)
    say(found)


@pytest.mark.slow
@EACH
def test_empty(look, told, page):
    """A page with nothing on it yet, on a small screen; then its words in English."""
    if page.needs:
        pytest.skip("an empty company has no such page")
    with look(page, "empty", "ko", 1280) as seen:
        found = check(seen, page, "ko")
    if not found and page.seen_by == "person":
        with look(page, "empty", "en", 1280, scripts=False) as seen:
            found += left_in_korean(seen, told)
    say(found)


def left_in_korean(seen, told):
    """What an English page says in Korean of its own."""
    left = {rest for text in seen.page.evaluate(TEXTS) if (rest := without(text, told)) and HANGUL.search(rest)}
    return [f"Korean is left: {each!r}" for each in sorted(left)]


def without(text, told):
    """A text without what people and channels wrote."""
    text = " ".join(text.split())
    if not HANGUL.search(text):
        return ""
    for known in told:
        text = text.replace(known, "")
    return text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_titles(look, world, language):
    """Every page says where one is, differently, and whose program it is."""
    from django.test import Client

    titles = {}
    for page in (page for page in PAGES if page.name not in SAME_PAGE):
        guest = Client()
        guest.cookies["django_language"] = language
        guest.cookies["sessionid"] = cookie_of(world, page, language)
        path = page.path.format(**world.full.ids)
        address = path if path.startswith("/") else f"/c/full/{path}".removesuffix("./")
        text = guest.get(address, follow=True).content.decode()
        titles[page.name] = " ".join(re.search("<title>(.*?)</title>", text, re.DOTALL)[1].split())
    assert all(title.endswith("Jumun") and len(title) > 8 for title in titles.values()), titles
    twice = {name: title for name, title in titles.items() if list(titles.values()).count(title) > 1}
    assert not twice
