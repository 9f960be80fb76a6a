"""Every page route: nobody without signing in, nobody of another company, no id of another company (S01, I7)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from jumun.catalog.models import Sku
from jumun.channels.models import ChannelAccount
from jumun.channels.penalties import RuleFields, save_rule
from jumun.companies.models import Member
from jumun.companies.roles import Role
from jumun.companies.tokens import make_token
from jumun.core.tenancy import acting_as
from jumun.exports.layouts import LayoutFields, create_layout
from jumun.intake.gaps import open_gap
from jumun.matching.links import NewLink, put_links
from jumun.orders.actions.comment import add_comment
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.orders.view_actions import ViewFields, create_view
from jumun.web.urls import company
from tests.claims.making import make_claim
from tests.dispatch.mall_sheet_made import make_mall_sheet
from tests.exports.making import save_export
from tests.intake.uploaded import make_sheet
from tests.making import make_line, open_house
from tests.waybills.made import make_waybill_sheet
from tests.web.conftest import visitor

RULE = RuleFields("naver", "late", 1, Decimal(1), "", date(2026, 1, 1))
ROUTES = [str(pattern.pattern) for pattern in company]
WITH_ID = [route for route in ROUTES if "<int:" in route or "<uuid:" in route]


def filled(route: str, ids: dict[str, int | str]) -> str:
    """The route with these ids in its blanks."""
    for name, value in ids.items():
        for kind in ("int", "uuid", "slug"):
            route = route.replace(f"<{kind}:{name}>", str(value))
    assert "<" not in route, f"no id is known for {route}"
    return route


@pytest.fixture
def theirs(shop, at):
    """Another company with a row behind every kind of id that a page address names."""
    other = open_house(at, "other")
    with acting_as(other.company):
        other.store([make_line("A1", "a", at)])
        (item,) = other.items()
        batch = release(Selection(filter=ItemFilter()), by=other.owner, at=at).batch
        make_token(company_id=other.company, person_id=other.owner, name="t", role=Role.OWNER, expires_at=None, at=at)
        from jumun.companies.models import ApiToken
        from jumun.jobs.actions import open_job
        from jumun.jobs.models import Family

        job = open_job(company_id=other.company, kind="sync", family=Family.MALL, parts=1, by=None, at=at)
        make_mall_sheet(other, job)
        gap = open_gap(
            ChannelAccount.objects.get(), at - timedelta(days=9), at - timedelta(days=8), code="x", job_id=job, at=at
        )
        ids = {
            "gap_id": gap.id,
            "claim_id": make_claim(other, "A1", "a").id,
            "order_id": item.order_id,
            "view_id": create_view(other.company, ViewFields("탭", shared=True), by=other.owner, at=at),
            "comment_id": add_comment(item.order_id, "문 앞에 두기로 함", by=other.owner, at=at),
            "batch": str(batch),
            "job_id": job,
            "account_id": other.account,
            "member_id": Member.objects.get().id,
            "token_id": ApiToken.objects.get().id,
            "kind": "naver",
            "topic": "home",
            "rule_id": save_rule(other.company, RULE).id,
            "layout_id": create_layout(
                other.company,
                "items",
                LayoutFields("양식", [{"key": "order_number"}]),
                by=other.owner,
                at=at,
                language="ko",
            ),
            "export_id": save_export(other, at),
            "sku_id": Sku.objects.get().id,
            "waybill_sheet_id": make_waybill_sheet(other),
            "link_id": put_links([NewLink(item=item.id, kind="ignore")], by=None, at=at).changed[0].link,
            **make_sheet(other),
        }
    assert isinstance(batch, UUID)
    return other, ids


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_without_signing_in(theirs, method):
    """Not one page answers a stranger with anything but the way to the sign-in."""
    _, ids = theirs
    open_doors = []
    for route in ROUTES:
        stranger = visitor("other")
        path = filled(route, ids)
        answer = stranger.page(path) if method == "get" else stranger.send(path, htmx=False)
        led_in = answer.status_code == 302 and not answer["Location"].startswith("/login")
        if led_in or answer.status_code not in (302, 401, 403, 404, 405):
            open_doors.append((route, answer.status_code))
    assert open_doors == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_member_of_one_company_finds_nothing_under_another(theirs, owner, method):
    """The other company's address answers as one that does not exist."""
    _, ids = theirs
    owner.slug = "other"
    answers = {route: ask(owner, method, filled(route, ids)) for route in ROUTES}
    assert {route: status for route, status in answers.items() if status not in (404, 405)} == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_ids_of_another_company_are_not_found_in_ones_own(theirs, owner, method):
    """Guessing ids under one's own address reads and changes nothing of the other company."""
    other, ids = theirs
    for route in WITH_ID:
        status = ask(owner, method, filled(route, ids), {"role": "viewer", "reason": "x"})
        assert status in (404, 405), (route, status)
        with acting_as(other.company):
            assert OrderItem.objects.get().status == "ready", route
            assert Member.objects.get().role == Role.OWNER, route


def ask(who, method, path, data=None):
    """The status of a page, or of a form sent to its address."""
    return (who.page(path) if method == "get" else who.send(path, data)).status_code


def test_the_same_addresses_answer_their_own_owner(theirs):
    """The control: these ids exist, so that a 404 above is a wall and not a wrong number."""
    _, ids = theirs
    insider = visitor("other")
    insider.login("owner@other.kr")
    answers = {route: ask(insider, "get", filled(route, ids)) for route in ROUTES}
    assert {route: status for route, status in answers.items() if status not in (200, 302, 405)} == {}


# fmt: off
DOORS = {
    "owner manager clerk packer viewer": [
        "", "items", "items/preview", "items/do", "batches/<uuid:batch>/undo", "batches/<uuid:batch>/refused",
        "orders/<int:order_id>", "matching", "matching/links", "matching/links/<int:link_id>", "packing", "products", "products/<int:sku_id>", "allocation", "stock", "stock/moves", "claims", "claims/<int:claim_id>", "bar", "doubts", "transmissions",
        "transmissions/check", "jobs", "jobs/<int:job_id>", "accounts", "channels/<slug:kind>",
        "numbers", "views", "views/counts", "views/<int:view_id>", "views/<int:view_id>/duplicate",
        "views/<int:view_id>/move", "views/<int:view_id>/delete", "layouts",
        "ship-by", "calendar", "penalties", "channels", "rows", "live", "palette", "help/<slug:topic>",
        "exports", "exports/ask", "exports/start", "exports/<int:export_id>/file", "export-layouts",
        "export-layouts/new", "export-layouts/create", "export-layouts/<int:layout_id>",
        "export-layouts/<int:layout_id>/save", "export-layouts/<int:layout_id>/delete", "jobs/<int:job_id>/result.xlsx", "jobs/<int:job_id>/file",
        "jobs/<int:job_id>/retry",
        "waybill-sheets", "waybill-sheets/form.xlsx", "waybill-sheets/<int:waybill_sheet_id>",
        "waybill-sheets/<int:waybill_sheet_id>/result.xlsx",
        "register", "register/form.xlsx", "sheets", "sheets/<int:sheet_id>", "sheet-templates",
        "sheet-templates/<int:sheet_template_id>/form.xlsx",
        "settings", "settings/preferences", "batches", "batches/<uuid:batch>/ask", "orders/<int:order_id>/timeline",
    ],
    "owner manager clerk packer": [
        "orders/<int:order_id>/comments", "orders/<int:order_id>/comments/<int:comment_id>/delete",
        "orders/<int:order_id>/comments/<int:comment_id>/restore",
        "waybills", "waybill-sheets/upload", "waybill-sheets/<int:waybill_sheet_id>/carrier",
        "waybill-sheets/<int:waybill_sheet_id>/commit"],
    "owner manager clerk": [
        "orders/<int:order_id>/recipient", "orders/<int:order_id>/edit", "orders/<int:order_id>/save", "collect",
        "products/new", "products/make", "products/<int:sku_id>/save", "products/<int:sku_id>/combine", "products/suppliers", "products/upload", "allocation/run", "allocation/save", "allocation/forget", "allocation/split", "allocation/free",
        "stock/change", "stock/upload",
        "matching/link", "matching/skus", "matching/links/<int:link_id>/change", "matching/links/<int:link_id>/back", "packing/run", "packing/decide", "packing/kind", "packing/undo",
        "doubts/read", "transmissions/retry", "transmissions/look", "tokens",
        "tokens/<int:token_id>/revoke",
        "register/upload", "sheets/<int:sheet_id>/columns", "sheets/<int:sheet_id>/choices",
        "sheets/<int:sheet_id>/rows/<int:row>/fix", "sheets/<int:sheet_id>/rows/<int:row>/leave-out",
        "sheets/<int:sheet_id>/commit", "sheets/<int:sheet_id>/failures.xlsx", "sheets/<int:sheet_id>/delete",
        "sheet-templates/<int:sheet_template_id>/rename", "sheet-templates/<int:sheet_template_id>/delete",
        "orders/new", "orders/new/check", "orders/new/save", "orders/new/skus", "orders/new/earlier", "orders/new/copy",
    ],
    "owner manager": ["accounts/new/<slug:kind>", "accounts/<int:account_id>", "accounts/<int:account_id>/check",
        "accounts/<int:account_id>/ship-by", "settings/stock", "calendar/put", "calendar/restore", "penalties/add",
        "penalties/<int:rule_id>/switch", "penalties/<int:rule_id>/delete"],
    "owner": [
        "gaps/<int:gap_id>/close", "people", "people/add", "people/<int:member_id>/role",
        "people/<int:member_id>/remove", "people/<int:member_id>/second-factor", "settings/company", "trail",
    ],
}
# fmt: on
ROLES_OF = {route: set(roles.split()) for roles, routes in DOORS.items() for route in routes}
BY_ACTION = {"items/preview", "items/do", "batches/<uuid:batch>/undo", "transmissions/check"}
"""Open to whoever may do the action that is named (test_packer_and_collect); here none or a known one is."""


def test_every_page_is_in_the_table():
    """A page that is added says here who may open it."""
    assert set(ROUTES) == set(ROLES_OF)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_only_its_own_pages(theirs, owner, someone, role):
    """With ids of nobody: what is not for the role is refused before anybody looks whether it is there."""
    _, ids = theirs
    who = owner if role is Role.OWNER else someone(role)
    nobodys = {name: value if isinstance(value, str) else 999_999 for name, value in ids.items()}
    for route in ROUTES:
        answers = [who.page(filled(route, nobodys)).status_code, who.send(filled(route, nobodys)).status_code]
        if role.value not in ROLES_OF[route]:
            assert set(answers) <= {403, 405} and 403 in answers, (route, answers)
        elif route not in BY_ACTION:
            assert 403 not in answers, (route, answers)
        assert not [status for status in answers if status >= 500], (route, answers)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_finds_another_companys_ids(theirs, owner, someone, role):
    """Not one role, wherever it may go: 404 for what it may look for, 403 for what it may not."""
    other, ids = theirs
    who = owner if role is Role.OWNER else someone(role)
    for route in WITH_ID:
        for answer in (who.page(filled(route, ids)), who.send(filled(route, ids), {"role": "viewer", "reason": "x"})):
            assert answer.status_code in (403, 404, 405), (route, answer.status_code)
    with acting_as(other.company):
        assert OrderItem.objects.get().status == "ready"
        assert Member.objects.get().role == Role.OWNER
