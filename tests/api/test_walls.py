"""Every route walked: another company's ids are unknown (S01), and a role opens only its own doors."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from jumun.api.app import api as interface
from jumun.channels.port import Address, LineRef
from jumun.channels.queries import list_accounts
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.intake.doubts import Named, note_lines
from jumun.intake.gaps import open_gap
from jumun.intake.models import Doubt
from jumun.orders.actions.comment import add_comment
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.selection import Selection
from tests.api.conftest import Api, store, token_for
from tests.claims.making import make_claim
from tests.dispatch.making import make_effect
from tests.dispatch.mall_sheet_made import make_mall_sheet
from tests.exports.making import make_export
from tests.intake.made_sheets import make_sheet, make_template
from tests.waybills.made import make_waybill_sheet

DESCRIBED = interface.get_openapi_schema(path_prefix="/api/v1/")
ROUTES = [
    (method.upper(), path.removeprefix("/api/v1"), operation)
    for path, methods in DESCRIBED["paths"].items()
    for method, operation in methods.items()
]
NO_IDS = ("{action}", "{day}")
WITH_IDS = [(method, path) for method, path, _ in ROUTES if "{" in path and not any(name in path for name in NO_IDS)]
DAY = "2026-12-24"
SEOUL = {"name": "홍길동", "postcode": "04524", "address1": "서울 중구 세종대로 110"}
RULE = {"channel": "naver", "condition": "late", "days": 1, "points": 1, "valid_from": "2026-01-01"}
BODIES = {
    ("PATCH", "/members/{member_id}"): {"role": "viewer"},
    ("PATCH", "/channel-accounts/{account_id}"): {"name": "mine now"},
    ("POST", "/packing/reviews/{review_id}"): {"decision": "combine"},
    ("POST", "/orders/{order_id}/comments"): {"text": "mine now"},
    ("PATCH", "/views/{view_id}"): {"name": "mine now"},
    ("PATCH", "/export-layouts/{layout_id}"): {"name": "mine now"},
    ("PATCH", "/waybill-sheets/{waybill_sheet_id}"): {"carrier": "cj"},
    ("PATCH", "/sheets/{sheet_id}"): {"on_known": "refuse"},
    ("PATCH", "/sheets/{sheet_id}/rows/{row}"): {"left_out": True},
    ("PATCH", "/sheet-templates/{template_id}"): {
        "name": "mine now",
        "plan": {"header_row": 1, "headers": ["주문번호"], "sources": {"order_no": {"columns": [0]}}},
    },
    ("PATCH", "/orders/{order_id}"): {"memo": "mine now", "revision": 1},
    ("POST", "/channel-accounts/{account_id}/gaps/{gap_id}/close"): {"reason": "mine now"},
    ("PUT", "/channel-accounts/{account_id}/ship-by-rule"): {"ship_within": 1},
    ("PUT", "/penalty-rules/{rule_id}"): RULE,
    ("PUT", "/allocation/criteria/{criteria_id}"): {"name": "mine now"},
}
# fmt: off
MAY = {
    "owner manager clerk packer viewer": [
        "GET /me", "GET /items", "GET /items/counts", "GET /orders", "GET /orders/{order_id}", "GET /shipments",
        "GET /batches/{batch_id}", "GET /batches/{batch_id}/refused", "GET /jobs", "GET /jobs/{job_id}", "GET /skus",
        "GET /ship-froms", "GET /suppliers", "GET /carriers", "GET /channels", "GET /channel-accounts",
        "GET /channel-accounts/{account_id}", "GET /claims", "GET /claims/{claim_id}",
        "GET /gaps", "GET /unread-lines", "GET /effects", "GET /effects/{effect_id}",
        "GET /views", "POST /views", "PATCH /views/{view_id}", "DELETE /views/{view_id}",
        "GET /orders/{order_id}/comments", "GET /batches",
        "GET /exports", "POST /exports", "GET /exports/{export_id}", "GET /exports/{export_id}/file",
        "GET /export-columns", "GET /export-layouts", "POST /export-layouts", "PATCH /export-layouts/{layout_id}",
        "DELETE /export-layouts/{layout_id}", "GET /jobs/{job_id}/result.xlsx", "GET /jobs/{job_id}/file",
        "POST /jobs/{job_id}/retry",
        "GET /waybill-sheets", "GET /waybill-sheets/form.xlsx", "GET /waybill-sheets/{waybill_sheet_id}",
        "GET /waybill-sheets/{waybill_sheet_id}/rows", "GET /waybill-sheets/{waybill_sheet_id}/result.xlsx",
        "GET /sheets", "GET /sheets/{sheet_id}", "GET /sheet-templates",
        "GET /matching/unmatched", "GET /matching/suggestions", "POST /matching/suggestions", "GET /matching/links",
        "GET /matching/automatic", "GET /company/stock-rules",
        "GET /packing/reviews", "GET /packing/late", "GET /packing/standing",
        "GET /allocation/runs", "GET /allocation/runs/{run_id}", "GET /allocation/runs/{run_id}/results",
        "GET /allocation/criteria", "GET /stock", "GET /stock/moves",
        "GET /todo", "GET /ship-by", "GET /holidays", "GET /penalty-rules",
    ],
    "owner manager clerk packer": [
        "POST /waybill-sheets", "PATCH /waybill-sheets/{waybill_sheet_id}",
        "POST /waybill-sheets/{waybill_sheet_id}/commit",
        "POST /waybills", "POST /items/actions/{action}", "POST /batches/{batch_id}/undo",
        "POST /orders/{order_id}/comments", "DELETE /orders/{order_id}/comments/{comment_id}",
    ],
    "owner manager clerk": [
        "GET /orders/{order_id}/recipient", "POST /products", "POST /products/sheet", "POST /products/combine", "POST /suppliers", "POST /ship-froms", "POST /collections", "POST /syncs",
        "GET /tokens", "POST /tokens", "DELETE /tokens/{token_id}",
        "PATCH /orders/{order_id}", "POST /orders",
        "POST /unread-lines/read", "POST /matching/links", "POST /matching/links/sheet",
        "POST /packing/runs", "POST /packing/reviews/{review_id}", "POST /packing/review-kinds", "POST /packing/uncombine",
        "POST /packing/decisions", "PUT /packing/standing",
        "PUT /stock", "POST /stock/sheet", "POST /stock/actions/{action}",
        "POST /allocation/runs", "POST /allocation/split-unallocated", "POST /allocation/release", "POST /allocation/criteria",
        "PUT /allocation/criteria/{criteria_id}", "DELETE /allocation/criteria/{criteria_id}",
        "POST /sheets", "PATCH /sheets/{sheet_id}", "DELETE /sheets/{sheet_id}", "POST /sheets/{sheet_id}/commit",
        "GET /sheets/{sheet_id}/rows", "PATCH /sheets/{sheet_id}/rows/{row}", "GET /sheets/{sheet_id}/failures.xlsx",
        "POST /sheet-templates", "PATCH /sheet-templates/{template_id}", "DELETE /sheet-templates/{template_id}",
    ],
    "owner manager": [
        "POST /channel-accounts", "PATCH /channel-accounts/{account_id}", "DELETE /channel-accounts/{account_id}",
        "POST /channel-accounts/{account_id}/check", "PUT /matching/automatic", "PUT /company/stock-rules",
        "PUT /channel-accounts/{account_id}/ship-by-rule", "POST /holidays", "DELETE /holidays/{day}",
        "POST /penalty-rules", "PUT /penalty-rules/{rule_id}", "DELETE /penalty-rules/{rule_id}",
    ],
    "owner": [
        "GET /members", "POST /members", "PATCH /members/{member_id}", "DELETE /members/{member_id}",
        "GET /access-trail", "POST /channel-accounts/{account_id}/gaps/{gap_id}/close",
    ],
}
# fmt: on
ROLES_OF = {route: set(roles.split()) for roles, routes in MAY.items() for route in routes}


def make_review(house, caller):
    """Two orders of one person with another number each, which wait for a decision; answers the group's id."""
    for name, phone in {"W1": "010-0000-1234", "W2": "010-9999-1234"}.items():
        store(house, name, name.lower(), recipient=Address(phone1=phone, **SEOUL))
    assert caller.post("/packing/runs", {}).body["reviews"] == 1
    return caller.get("/packing/reviews?waiting=true").body["items"][0]["review"]


def make_gap(house):
    """A stretch that could not be collected, and a line that did not come in; answers the stretch's id."""
    with acting_as(house.company):
        [account] = list_accounts()
        note_lines(account.id, [Named(LineRef("x1", "X1", "x1"), Doubt.UNREADABLE, "ODD")], at=house.at)
        start, end = house.at - timedelta(days=9), house.at - timedelta(days=8)
        return open_gap(account, start, end, code="window_too_old", job_id=1, at=house.at).id


@pytest.fixture
def foreign(rival):
    """One of everything in the rival's company, by the name of its path parameter."""
    return one_of_everything(rival)


def one_of_everything(rival):
    """Ids that are there, by the name of their path parameter, and the item they are about."""
    [item] = store(rival, "R1", "r1")
    bearer = token_for(rival)
    caller = Api(bearer)
    assert caller.post("/holidays", {"day": DAY, "off": True, "name": "theirs"}).status == 200
    with acting_as(rival.company):
        batch = release(Selection(filter=ItemFilter()), by=rival.owner, at=rival.at).batch
        claim = make_claim(rival, "R1", "r1").id
        effect = make_effect(rival, item).id
        sheet = make_sheet(rival)
        numbers = make_waybill_sheet(rival)
        template = make_template(rival, sheet)
        comment = add_comment(item.order_id, "문 앞에 두기로 함", by=rival.owner, at=rival.at)
    review = make_review(rival, caller)
    job = caller.post("/syncs", {"accounts": [rival.account]}).body["job"]
    with acting_as(rival.company):
        make_mall_sheet(rival, job)
    return {
        "order_id": item.order_id,
        "comment_id": comment,
        "review_id": review,
        "claim_id": claim,
        "effect_id": effect,
        "gap_id": make_gap(rival),
        "sheet_id": sheet,
        "waybill_sheet_id": numbers,
        "template_id": template,
        "row": 2,
        "view_id": caller.post("/views", {"name": "theirs", "shared": True}).body["id"],
        "run_id": caller.post("/allocation/runs", {}).body["id"],
        "criteria_id": caller.post("/allocation/criteria", {"name": "theirs"}).body["id"],
        "rule_id": caller.post("/penalty-rules", RULE).body["id"],
        "export_id": make_export(rival, caller),
        "layout_id": caller.post(
            "/export-layouts", {"name": "theirs", "columns": [{"key": "order_number"}], "shared": True}
        ).body["id"],
        "day": DAY,
        "account_id": rival.account,
        "batch_id": batch,
        "job_id": job,
        "member_id": caller.get("/me").body["member"]["id"],
        "token_id": caller.get("/tokens").body["items"][0]["id"],
        "item": item,
    }


def test_another_companys_ids_are_unknown(api, rival, foreign):
    own = Api(token_for(rival))
    for method, path in WITH_IDS:
        theirs = re.sub(r"{(\w+)}", lambda name: str(foreign[name[1]]), path)
        answer = api.call(method, theirs, BODIES.get((method, path), {}) if method != "GET" else None)
        assert (answer.status, answer.code) == (404, "not_found"), (method, path)
        if method == "GET":
            assert own.get(theirs).status == 200, path


@pytest.mark.parametrize("role", list(Role))
def test_no_role_finds_another_companys_ids(shop, rival, foreign, role):
    """Not one role, wherever it may go: 404 for what it may look for, 403 for what it may not."""
    caller = Api(token_for(shop, role))
    for method, path in WITH_IDS:
        theirs = re.sub(r"{(\w+)}", lambda name: str(foreign[name[1]]), path)
        answer = caller.call(method, theirs, BODIES.get((method, path), {}) if method != "GET" else None)
        may = role.value in ROLES_OF[f"{method} {path}"]
        assert (answer.status, answer.code) == ((404, "not_found") if may else (403, "not_allowed")), (method, path)


LISTS = (
    "/items",
    "/orders",
    "/shipments",
    "/jobs",
    "/effects",
    "/skus",
    "/ship-froms",
    "/members",
    "/tokens",
    "/channel-accounts",
    "/claims",
    "/gaps",
    "/unread-lines",
    "/penalty-rules",
    "/exports",
    "/export-layouts",
    "/sheets",
    "/sheet-templates",
    "/waybill-sheets",
)


def test_lists_never_show_another_companys_rows(api, rival, foreign):
    own = Api(token_for(rival))
    for path in LISTS:
        theirs = [row["id"] for row in own.walk(path, 200)]
        assert theirs, path
        assert not {row["id"] for row in api.walk(path, 200)} & set(theirs), path
        assert api.get(f"{path}?ids={','.join(map(str, theirs))}").body["items"] == [], path


def test_another_companys_items_are_not_moved_labelled_or_told(api, rival, foreign):
    item = foreign["item"]
    for action in ("hold", "withdraw", "confirm", "cancel", "take_out"):
        answer = api.post(f"/items/actions/{action}", {"ids": [item.id]}).body
        assert (answer["done"], [row["code"] for row in answer["refused"]]) == (0, ["not_found"])
    for name in ({"item": item.id}, {"shipment": item.shipment_id}, {"bundle_no": item.bundle_no}):
        given = [name | {"carrier": "cj", "number": "1234567890"}]
        answer = api.post("/waybills", {"waybills": given}).body
        assert (answer["done"], [row["code"] for row in answer["rows"]]) == (0, ["not_found"])
    assert api.get("/orders?number=R1").body["items"] == []
    with acting_as(rival.company):
        assert [(row.status, row.waybill) for row in rival.items() if row.id == item.id] == [("ready", "")]


def test_another_companys_calendar_is_not_read_or_changed(api, rival, foreign):
    theirs = Api(token_for(rival)).get("/holidays").body["items"]
    assert [row["day"] for row in theirs] == [DAY]
    assert api.get("/holidays").body["items"] == []
    assert api.call("DELETE", f"/holidays/{DAY}", {}).status == 204
    assert api.post("/holidays", {"day": DAY, "off": False}).status == 200
    assert Api(token_for(rival)).get("/holidays").body["items"] == theirs


def test_every_route_is_in_the_table():
    assert {f"{method} {path}" for method, path, _ in ROUTES} == set(ROLES_OF)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_only_its_own_doors(shop, role):
    for method, path, _ in ROUTES:
        caller = Api(token_for(shop, role))
        there = path.replace("{batch_id}", str(uuid4())).replace("{action}", "hand_over")
        there = re.sub(r"{\w+}", "999999", there)
        answer = caller.call(method, there, None if method == "GET" else {})
        if role.value in ROLES_OF[f"{method} {path}"]:
            assert answer.status in (200, 201, 202, 204, 400, 404, 422, 428), (method, path, answer.body)
        else:
            assert (answer.status, answer.code) == (403, "not_allowed"), (method, path)
            assert "errors" in answer.body and answer.body["errors"] == []


def test_nothing_opens_without_a_token(db):
    for method, path, _ in ROUTES:
        there = re.sub(r"{\w+}", "1", path.replace("{batch_id}", str(uuid4())))
        assert Api("").call(method, there, None if method == "GET" else {}).code == "bad_token", (method, path)
