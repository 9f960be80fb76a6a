"""Keys, the palette and the scanner, on the scripts themselves: IME, wedge bursts, 초성, the switch (C-keys, WCAG 2.1.4).

The page here is the sheet of shortcuts, the palette's dialog and a few fields; the whole product is in
test_keys_in_a_browser.
"""

# ruff: noqa: F401, F811 - fixtures of another module

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

from tests.web.test_browser import chromium

pytestmark = [pytest.mark.browser]

STATIC = Path(__file__).parents[2] / "src/jumun/web/static/web"
SCRIPTS = ("hangul", "scanner", "keys")
PAGE = """<!DOCTYPE html><html lang="ko"><body data-shortcuts="{on}">
<form class="search" action="/c/desk/items"><input id="search" name="q"></form>
<input id="cell" data-number><a id="link" href="#there">link</a>{sheet}
</body></html>"""
LISTEN = """
window.asked = []; window.scans = [];
document.addEventListener("desk-key", (event) => { asked.push(event.detail.key); event.preventDefault(); });
document.addEventListener("scanned", (event) => { scans.push(event.detail.code); event.preventDefault(); });
window.send = (key, more = {}, at = null) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  if (at !== null) Object.defineProperty(event, "timeStamp", { value: at });
  return (document.activeElement || document.body).dispatchEvent(event);
};
"""
JAMO = {"I": "ㅑ", "N": "ㅜ", "V": "ㅍ"}


def make(chromium: Any, *, on: bool = True) -> Any:
    """The bare page with the scripts."""
    seat = {"desk": SimpleNamespace(slug="desk"), "preferences": SimpleNamespace(shortcuts=on)}
    page = chromium.new_page()
    page.set_content(PAGE.format(on="on" if on else "off", sheet=render_to_string("web/parts/keys.html", seat)))
    for name in SCRIPTS:
        page.add_script_tag(path=STATIC / f"{name}.js")
    page.add_script_tag(content=LISTEN)
    return page


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    made = make(chromium)
    yield made
    made.close()


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(120)


def burst(page: Any, text: str, *, hangul: bool = False, gap: int = 5) -> None:
    """What a wedge scanner sends: keys stamped a few milliseconds apart, then Enter."""
    page.evaluate(
        """([text, jamo, gap]) => {
          const start = performance.now();
          [...text, "Enter"].forEach((letter, place) => {
            const code = letter === "Enter" ? letter
              : /[A-Z]/.test(letter) ? `Key${letter}` : letter === "-" ? "Minus" : `Digit${letter}`;
            send(jamo?.[letter] ?? letter, { code, shiftKey: /^[A-Z]$/.test(letter) }, start + place * gap);
          });
        }""",
        [text, JAMO if hangul else None, gap],
    )
    page.wait_for_timeout(80)


def test_letters_ask_the_page(page):
    press(page, "j", "k", "x", "Enter", "p", "e")
    assert page.evaluate("asked") == ["next", "previous", "tick", "open", "print", "export"]


def test_letters_work_with_the_hangul_ime_on(page):
    """The key's place counts where its character is no letter."""
    page.evaluate("send('ㅓ', {code: 'KeyJ'})")
    page.wait_for_timeout(120)
    assert page.evaluate("asked") == ["next"]


def test_keys_of_a_composition_are_none(page):
    """I: isComposing and key code 229."""
    page.evaluate("send('j', {code: 'KeyJ', isComposing: true})")
    page.evaluate("send('Process', {code: 'KeyJ', keyCode: 229})")
    page.wait_for_timeout(120)
    assert page.evaluate("asked") == []


def test_enter_that_ends_a_composition_sends_no_form(page):
    page.evaluate(
        "document.forms[0].addEventListener('submit', (event) => { event.preventDefault(); window.sent = 1; })"
    )
    page.focus("#search")
    assert page.evaluate("!send('Enter', {code: 'Enter', isComposing: true})")
    assert page.evaluate("window.sent") is None
    page.keyboard.press("Enter")
    assert page.evaluate("window.sent") == 1


def test_nothing_happens_while_somebody_types(page):
    page.focus("#cell")
    page.keyboard.type("jkx", delay=60)
    assert page.input_value("#cell") == "jkx"
    assert page.evaluate("asked") == []


def test_enter_on_a_link_follows_the_link(page):
    page.focus("#link")
    press(page, "Enter")
    assert page.evaluate("asked") == []
    assert page.evaluate("location.hash") == "#there"


def test_search_and_the_sheet(page):
    press(page, "/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.evaluate("document.activeElement.blur()")
    press(page, "?")
    assert page.evaluate("document.getElementById('keys').open")
    press(page, "j")
    assert page.evaluate("asked") == [], "no shortcut works behind a dialog"


def test_single_keys_can_be_switched_off_and_the_palette_stays(chromium):
    """WCAG 2.1.4."""
    page = make(chromium, on=False)
    page.evaluate("document.addEventListener('open-palette', () => (window.palette = 1))")
    press(page, "j", "/", "?", "g", "o", "Control+k")
    assert page.evaluate("asked") == []
    assert page.evaluate("document.activeElement.id") == ""
    assert page.evaluate("window.palette") == 1
    page.close()


@pytest.mark.parametrize("hangul", [False, True])
def test_a_burst_is_one_code_and_fires_no_shortcut(page, hangul):
    """The Hangul IME on: "INV" comes as "ㅑㅜㅍ"."""
    burst(page, "INV-20260042", hangul=hangul)
    assert page.evaluate("scans") == ["INV-20260042"]
    assert page.evaluate("asked") == []


def test_a_burst_that_begins_with_a_shortcuts_letter_fires_none(page):
    burst(page, "XJK1234")
    assert page.evaluate("asked") == []
    assert page.evaluate("scans") == ["XJK1234"]


def test_a_person_is_no_scanner(page):
    burst(page, "X123456", gap=60)
    assert page.evaluate("scans") == []


def test_a_burst_in_a_cell_stays_in_the_cell(page):
    page.focus("#cell")
    page.keyboard.type("688100000005")
    page.keyboard.press("Enter")
    assert page.input_value("#cell") == "688100000005"
    assert page.evaluate("scans") == []


def test_a_burst_in_a_field_with_the_hangul_ime_on_is_mended(page):
    page.focus("#cell")
    page.evaluate(
        "document.getElementById('cell').value = 'ㅑㅜㅍ-1234'; document.getElementById('cell').setSelectionRange(0, 0)"
    )
    page.evaluate("document.getElementById('cell').value = ''")
    burst(page, "INV-1234", hangul=True)
    assert page.input_value("#cell") == "INV-1234"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ㅅㅈㅊㄹ", True),
        ("송장", True),
        ("송자", True),
        ("thdwkd", True),
        ("waybill", True),
        ("ㅈㅁㅅㅈ", False),
        ("ㅊㄹ 송장", True),
        ("클레임", False),
    ],
)
def test_the_palette_finds_by_any_way_of_typing(page, asked, found):
    assert page.evaluate("([asked]) => Hangul.finds('송장 처리 Waybills', asked)", [asked]) is found


def test_the_wrong_ime_finds_english(page):
    """ "orders" typed with the Hangul IME on is "ㅐㄱㅇㄷㄱㄴ"."""
    assert page.evaluate("Hangul.finds('Orders 주문', 'ㅐㄱㅇㄷㄱㄴ')")
