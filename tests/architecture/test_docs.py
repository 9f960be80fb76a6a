"""The documentation says what the code is: generated pages are fresh, nothing is missing, no link is dead."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from jumun.cli.main import COMMANDS
from jumun.core.environment import Environment
from jumun.core.sentences import SENTENCES
from jumun.orders.states import MARKS, TABLE, Status

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "src").rglob("README.md")])
WRITTEN = {
    name: (DOCS / "reference" / name).read_text() for name in ("states.md", "settings.md", "errors.md", "cli.md")
}
NOT_OURS = {".git", ".venv", "data", "vendor", "__pycache__", "node_modules", "build", "dist", "test-results"}
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".lock",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".po",
    ".sql",
    ".json",
    ".txt",
    ".yml",
    ".yaml",
    ".ini",
    "",
}
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|Users|home/\w+)/|/tmp/(?!jumun-pg-)\w|\.pyenv")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|index-url\s*=|crates\.io", re.IGNORECASE
)


def test_generated_pages_are_fresh():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "write-docs", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rule", [*TABLE, *MARKS.values()], ids=lambda rule: rule.action)
def test_every_move_and_mark_is_told(rule):
    assert f"| `{rule.action}` | {' / '.join(rule.button)} |" in WRITTEN["states.md"]


def test_every_status_setting_command_and_code_is_told():
    missing = [status for status in Status if f"`{status.value}`" not in WRITTEN["states.md"]]
    missing += [code for code in SENTENCES if f"| `{code}` |" not in WRITTEN["errors.md"]]
    missing += [name for name in COMMANDS if f"## jumun {name}\n" not in WRITTEN["cli.md"]]
    for name, field in Environment.model_fields.items():
        variable = str(field.validation_alias or f"JUMUN_{name.upper()}")
        missing += [] if f"`{variable}`" in WRITTEN["settings.md"] else [variable]
    assert missing == []


def test_every_package_has_its_line():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    told = (DOCS / "dependencies.md").read_text()
    locked = (ROOT / "requirements.lock").read_text()
    for package in wanted:
        name = re.match(r"[\w.-]+", package)[0]
        assert (row := re.search(rf"^\| {re.escape(name)} \| .+ \| .+ \| ([\w.]+) \|$", told, re.MULTILINE)), name
        assert re.search(rf"^{re.escape(name)}(\[[\w,-]+\])?=={re.escape(row[1])}\b", locked, re.MULTILINE), (
            f"{name} {row[1]}"
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there.read_text()), target


def anchors(text):
    """The anchors of a page's headings, as GitHub makes them."""
    found = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in found}


def test_every_page_is_reached_from_the_index():
    index = (DOCS / "index.md").read_text()
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).as_posix()
        assert name == "index.md" or f"({name})" in index, name


def test_decisions_have_their_four_parts():
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text()
        for part in ("**Context.**", "**Decision.**", "**Consequences.**", "**Alternatives.**"):
            assert part in text, f"{page.name} {part}"


def test_no_machine_paths_and_no_registry_hosts():
    """What is written must hold on any machine and behind any mirror."""
    found = []
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        if (
            NOT_OURS & set(inside)
            or any(part.startswith(".") and part != ".ci" for part in inside)
            or path == Path(__file__)
        ):
            continue
        if not path.is_file() or path.suffix not in TEXT:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            if MACHINE.search(line) or REGISTRY.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []
