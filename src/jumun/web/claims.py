"""클레임: cancels, returns and exchanges as the channels tell them, and where each of them is to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jumun.channels.queries import list_accounts
from jumun.channels.registry import find_profile
from jumun.claims.queries import ClaimFilter, ClaimRow, count_open_claims, get_claim, list_claims
from jumun.companies.roles import May
from jumun.orders.states import GONE, IN_HOUSE
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.shell import page, part

ROWS = 100
STATES = ("open", "closed")
BIGGEST = 18
"""Digits of the longest id."""

STEPS = {
    "cancel_requested": gettext_lazy(
        "보내지 말고 판매자센터에서 취소를 승인하세요. 보내면 취소를 거부하는 것이 됩니다."
    ),
    "cancel_approved": gettext_lazy("쇼핑몰이 환불하는 중입니다. 보내지 마세요."),
    "return_requested": gettext_lazy("판매자센터에서 수거를 확인하세요. 물건이 오면 검수한 뒤 승인합니다."),
    "return_collecting": gettext_lazy("물건이 오면 검수하고, 판매자센터에서 반품을 승인하거나 거부하세요."),
    "return_approved": gettext_lazy("쇼핑몰이 환불하는 중입니다. 끝나면 여기에도 끝난 것으로 나옵니다."),
    "exchange_requested": gettext_lazy("판매자센터에서 수거를 확인하고, 바꿔 보낼 물건을 준비하세요."),
    "exchange_collecting": gettext_lazy("물건이 오면 검수하고, 판매자센터에서 바꿔 보낼 송장을 넣으세요."),
    "exchange_approved": gettext_lazy("바꿔 보낸 물건이 가는 중입니다. 도착하면 끝납니다."),
}
"""What a person does next about an open claim, by kind and stage."""
TOO_LATE = gettext_lazy("이미 보낸 주문입니다. 택배사에 회수를 부탁하거나 판매자센터에서 거부하세요.")
"""The same for a cancel that came after the parcel left."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim in words. `todo` and `centre` (the channel's seller centre) are empty when it is over."""

    claim: ClaimRow
    word: str
    product: str
    more: int
    ordered: int
    todo: str
    centre: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind, or all of them."""

    label: str
    count: int
    address: str
    on: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Open claims, or those that are over, a page at a time."""

    state: str
    title: str
    rows: Sequence[Shown]
    more: str
    """Address of the next page; empty at the end."""


@require_GET
@company_page(May.READ)
def claims(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page, open claims first; for htmx the next rows of one section."""
    wanted = read_address(request.GET)
    if request.GET.get("part") == "rows":
        return part(request, desk, "web/parts/claim_rows.html", section=_section(request, wanted, wanted.state))
    sections = [_section(request, wanted, state) for state in STATES if wanted.state in ("", state)]
    counts = count_open_claims()
    tabs = [Tab(_("전체"), sum(counts.values()), _address(request, kind=""), not wanted.kind)]
    tabs += [
        Tab(str(label), counts[kind], _address(request, kind=kind), wanted.kind == kind)
        for kind, label in words.CLAIMS.items()
    ]
    return page(
        request,
        desk,
        "web/claims.html",
        "claims",
        tabs=tabs,
        switches=_switches(request, wanted),
        sections=sections,
        nothing=not any(section.rows for section in sections),
        narrowed=wanted != ClaimFilter(),
        wanted_claims=wanted,
        kept=[(name, request.GET[name]) for name in ("kind", "state", "account") if request.GET.get(name)],
    )


@require_GET
@company_page(May.READ)
def claim(request: HttpRequest, desk: Desk, claim_id: int) -> HttpResponse:
    """One claim with its lines and where their items are."""
    return page(request, desk, "web/claim.html", "claims", shown=show(get_claim(claim_id)))


def show(row: ClaimRow) -> Shown:
    """A claim in the page's language."""
    first = row.parts[0] if row.parts else None
    profile = find_profile(row.channel)
    return Shown(
        claim=row,
        word=words.name_claim(f"{row.kind}_{row.stage}"),
        product=f"{first.product_name} {first.option_text}".strip() if first else "",
        more=max(0, len(row.parts) - 1),
        ordered=sum(each.ordered for each in row.parts),
        todo=_todo(row),
        centre=profile.seller_centre if profile and row.open else "",
    )


def _todo(row: ClaimRow) -> str:
    if not row.open:
        return ""
    items = [item for each in row.parts for item in each.items if item.status not in GONE]
    if row.kind == "cancel" and items and not any(item.status in IN_HOUSE for item in items):
        return str(TOO_LATE)
    return str(STEPS.get(f"{row.kind}_{row.stage}", _("판매자센터에서 확인하세요.")))


def read_address(query: QueryDict) -> ClaimFilter:
    """The filter an address stands for; what makes no sense asks nothing."""
    kind, state, account = (query.get(name, "") for name in ("kind", "state", "account"))
    known = account.isascii() and account.isdigit() and len(account) <= BIGGEST
    return ClaimFilter(
        kind=kind if kind in words.CLAIMS else "",
        state=state if state in STATES else "",
        channel_account=(int(account),) if known else (),
        q=query.get("q", "").replace("\0", "")[:200],
    )


def _section(request: HttpRequest, wanted: ClaimFilter, state: str) -> Section:
    chosen = ClaimFilter(wanted.kind, state, wanted.channel_account, wanted.q)
    found = list_claims(chosen, cursor=request.GET.get("cursor") or None, limit=ROWS)
    more = _address(request, state=state, part="rows", cursor=found.next_cursor) if found.next_cursor else ""
    title = _("처리 중") if state == "open" else _("끝난 클레임")
    return Section(state, title, [show(row) for row in found.items], more)


def _switches(request: HttpRequest, wanted: ClaimFilter) -> list[Tab]:
    """Each takes its condition on or off: open or over, and the account where there are several."""
    labels = (_("처리 중"), _("끝난 클레임"))
    switches = [
        Tab(label, 0, _address(request, state="" if wanted.state == state else state), wanted.state == state)
        for state, label in zip(STATES, labels, strict=True)
    ]
    accounts = list_accounts()
    if len(accounts) > 1 or wanted.channel_account:
        for account in accounts:
            on = account.id in wanted.channel_account
            switches.append(Tab(account.name, 0, _address(request, account="" if on else str(account.id)), on))
    return switches


def _address(request: HttpRequest, **changed: str) -> str:
    """This list's query string with some of it changed."""
    kept = QueryDict(mutable=True)
    for name in ("kind", "state", "account", "q", "part", "cursor"):
        value = changed.get(name, request.GET.get(name, "") if name not in ("part", "cursor") else "")
        if value:
            kept[name] = value
    return kept.urlencode()
