"""Every shortcut, in one table: the sheet of shortcuts and keys.js are made from it (parts/keys.html)."""

from dataclasses import dataclass

from jumun.web.errors import language

GO, LIST, PAGE = ("이동", "Go to"), ("목록", "In a list"), ("어디서나", "Anywhere")


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One shortcut: where it leads (`go`, within the company) or what a page is asked to do (`do`)."""

    key: str
    group: tuple[str, str]
    label: tuple[str, str]
    go: str | None = None
    do: str = ""
    single: bool = True
    """False: works although single-key shortcuts are switched off, or is no business of keys.js."""


SHORTCUTS = (
    Shortcut("/", PAGE, ("검색", "Search"), do="search"),
    Shortcut("Ctrl K", PAGE, ("명령과 페이지 찾기 (초성 가능)", "Find a command or page"), single=False),
    Shortcut("?", PAGE, ("단축키 보기", "Shortcuts"), do="keys"),
    Shortcut("i", PAGE, ("이 화면 도움말", "Help on this page"), do="help"),
    Shortcut("p", PAGE, ("인쇄", "Print"), do="print"),
    Shortcut("Esc", PAGE, ("닫기 · 선택 해제", "Close, clear the choice"), single=False),
    Shortcut("j", LIST, ("다음 줄", "Next row"), do="next"),
    Shortcut("k", LIST, ("이전 줄", "Previous row"), do="previous"),
    Shortcut("x", LIST, ("줄 선택", "Choose the row"), do="tick"),
    Shortcut("enter", LIST, ("주문 열기", "Open the order"), do="open"),
    Shortcut(
        "e",
        LIST,
        ("고른 줄 내려받기 · 고르지 않았으면 칸에 입력", "Export what is chosen, else type into the row"),
        do="edit-or-export",
    ),
    Shortcut("y", LIST, ("합포 화면: 합포", "Combine page: combine"), do="combine"),
    Shortcut("n", LIST, ("합포 화면: 미합포", "Combine page: leave apart"), do="apart"),
    Shortcut("u", LIST, ("합포 화면: 되돌리기", "Combine page: take back"), do="undo"),
    Shortcut("g h", GO, ("오늘 할 일", "To-do"), go=""),
    Shortcut("g o", GO, ("주문", "Orders"), go="items"),
    Shortcut("g s", GO, ("발송기한", "Ship-by board"), go="ship-by"),
    Shortcut("g c", GO, ("클레임", "Claims"), go="claims"),
    Shortcut("g j", GO, ("작업", "Jobs"), go="jobs"),
    Shortcut("g t", GO, ("전송 내역", "Transmissions"), go="transmissions"),
)


@dataclass(frozen=True, slots=True)
class ShortcutShown:
    """A shortcut as the sheet shows it."""

    key: str
    caps: tuple[str, ...]
    label: str
    go: str
    do: str
    single: bool


def list_shortcuts(slug: str) -> list[tuple[str, list[ShortcutShown]]]:
    """The table by groups, in the page's language, for a company's pages."""
    place = 1 if language() == "en" else 0
    return [
        (
            group[place],
            [
                ShortcutShown(
                    each.key,
                    tuple(cap.upper() if len(cap) == 1 else cap.capitalize() for cap in each.key.split()),
                    each.label[place],
                    f"/c/{slug}/{each.go}" if each.go is not None else "",
                    each.do,
                    each.single,
                )
                for each in SHORTCUTS
                if each.group == group
            ],
        )
        for group in (PAGE, LIST, GO)
    ]


def keys_of(path: str) -> str:
    """The shortcut that leads to a page, as it is shown; empty when there is none."""
    found = next((each.key for each in SHORTCUTS if each.go == path), "")
    return found.upper()
