"""Looking at a page: opened in a browser context of ours, measured, and everything that went wrong kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.web.proof.pages import Page

WATCH = """
window.shifted = 0;
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    window.shifted += entry.value;
    for (const source of entry.sources) {
      const node = source.node && (source.node.nodeType === 1 ? source.node : source.node.parentElement);
      window.shifts.push(entry.value.toFixed(4) + " " + (node ? node.outerHTML.slice(0, 90) : "?"));
    }
  }
}).observe({type: "layout-shift", buffered: true});
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""
TEXTS = """() => {
  const found = [];
  const foreign = (node) => node.closest("[lang]:not(html), .seal");
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!parent || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(parent.tagName) || foreign(parent)) continue;
    found.push(walk.currentNode.textContent);
  }
  for (const node of document.querySelectorAll("[title],[aria-label],[placeholder],[alt]"))
    for (const name of ["title", "aria-label", "placeholder", "alt"])
      if (node.hasAttribute(name) && !foreign(node)) found.push(node.getAttribute(name));
  return found;
}"""


@dataclass
class Seen:
    """An open page."""

    page: Any
    status: int
    wrong: list[str] = field(default_factory=list)
    scripts: dict[str, int] = field(default_factory=dict)
    """Bytes on the wire, by address."""


def new_context(browser: Any, language: str, width: int, *, scripts: bool = True) -> Any:
    """A browser as somebody has it at first: with an empty cache."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale={"ko": "ko-KR", "en": "en-GB"}[language],
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    context.add_init_script(WATCH)
    return context


@contextmanager
def opened(
    context: Any, base: str, path: str, *, what: Page, cookie: str, language: str, theme: str, scripts: bool = True
) -> Iterator[Seen]:
    """Open an address, with no cookies but ours, and wait until it is quiet."""
    host = {"domain": "127.0.0.1", "path": "/"}
    cookies = [
        {"name": "jumun_theme", "value": theme, **host},
        {"name": "django_language", "value": language, **host},
    ]
    if cookie:
        cookies.append({"name": "sessionid", "value": cookie, **host})
    context.clear_cookies()
    context.add_cookies(cookies)
    page = context.new_page()
    seen = Seen(page, 0)
    page.on("console", lambda message: _note(seen, message, what))
    page.on("pageerror", lambda failure: seen.wrong.append(str(failure)))
    page.on("request", lambda request: _stay(seen, base, request.url))
    page.on("requestfinished", lambda request: _weigh(seen, request))
    try:
        answer = page.goto(base + path, wait_until="load")
        seen.status = answer.status
        if scripts:
            page.evaluate("document.fonts.ready.then(() => 1)")
            page.wait_for_timeout(200)  # what a page fetches by itself; a stream of events never ends
        yield seen
    finally:
        page.close()


def _note(seen: Seen, message: Any, what: Page) -> None:
    if message.type != "error":
        return
    if what.status >= 400 and f"status of {what.status}" in message.text:
        return  # the browser says so of the page itself
    seen.wrong.append(message.text)


def _stay(seen: Seen, base: str, url: str) -> None:
    if not url.startswith((base, "data:", "blob:")):
        seen.wrong.append(f"asked for {url}")


def _weigh(seen: Seen, request: Any) -> None:
    if request.resource_type == "script":
        seen.scripts[request.url] = request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"]
