"""Exports over REST: what the list means is what the sheet has; reasons, masks, layouts, links that end."""

import csv
import io
from datetime import timedelta

import pytest

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.exports.models import Export
from tests.api.conftest import Api, store, token_for
from tests.exports.making import make_export, run


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))


@pytest.fixture
def some(shop):
    for place in range(5):
        store(shop, f"N{place}", f"n{place}")


@pytest.mark.parametrize(
    "asked", [{}, {"status": ["preparing"]}, {"held": True}, {"held": False}, {"number": ["N1", "N3"]}, {"q": "홍길동"}]
)
def test_the_sheet_has_what_the_list_has(api, shop, some, asked):
    item = api.get("/items?number=N1").body["items"][0]["id"]
    assert api.post("/items/actions/hold", {"ids": [item], "params": {"reason": "stock"}}).body["done"] == 1
    query = "&".join(
        f"{name}={','.join(value) if isinstance(value, list) else str(value).lower()}" for name, value in asked.items()
    )
    listed = [row["id"] for row in api.walk(f"/items?{query}", 2)]
    export = make_export(shop, api, filter=asked, kind="csv", columns=[{"key": "item_id"}, {"key": "order_number"}])
    told = api.get(f"/exports/{export}").body
    assert (told["state"], told["rows"], told["total"], told["done"]) == (
        "ready",
        len(listed),
        len(listed),
        len(listed),
    )
    answer = api.get(f"/exports/{export}/file")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert [int(row["품목 ID"]) for row in rows_of(answer)] == listed


def test_before_it_is_written_there_is_no_file(api, shop, some):
    made = api.post("/exports", {"filter": {}, "reason": "접수"}).body
    assert made["state"] == "waiting"
    answer = api.get(f"/exports/{made['id']}/file")
    assert (answer.status, answer.code) == (400, "export_not_ready")
    run(shop, made["id"], made["job"])
    assert api.get(f"/jobs/{made['job']}").body["status"] == "done"
    assert api.get(f"/exports/{made['id']}/file").status == 200


def test_personal_data_needs_a_reason_and_a_role(api, shop, some):
    answer = api.post("/exports", {"filter": {}})
    assert (answer.status, answer.code) == (400, "reason_needed")
    masked = make_export(shop, api, reason="", masked=True, kind="csv")
    assert {row["받는분 성명"] for row in rows_of(api.get(f"/exports/{masked}/file"))} == {"홍*동"}
    viewer = Api(token_for(shop, Role.VIEWER))
    seen = make_export(shop, viewer, reason="", kind="csv")
    assert viewer.get(f"/exports/{seen}").body["personal"] is False
    assert {row["받는분 성명"] for row in rows_of(viewer.get(f"/exports/{seen}/file"))} == {"홍*동"}
    clear = make_export(shop, api, kind="csv")
    assert {row["받는분 성명"] for row in rows_of(api.get(f"/exports/{clear}/file"))} == {"홍길동"}
    narrow = viewer.get(f"/exports/{clear}/file")  # the same person, by a token that may not see it
    assert (narrow.status, narrow.code) == (403, "not_allowed")
    trail = [row for row in api.get("/access-trail").body["items"] if row["subject"] == f"export:{clear}"]
    assert sorted((row["did"], row["reason"]) for row in trail) == [("download", "택배 접수"), ("export", "택배 접수")]


def test_another_person_of_the_company_finds_no_file(api, shop, some):
    from jumun.companies.actions import add_member
    from jumun.companies.models import Person

    with acting_as(shop.company):
        add_member(email="m@shop.kr", name="관리", password="manager-26", role=Role.MANAGER, at=shop.at)
        other = Person.objects.get(email="m@shop.kr").id
    export = make_export(shop, api)
    manager = Api(token_for(shop, Role.MANAGER, person=other))
    for path in (f"/exports/{export}", f"/exports/{export}/file"):
        answer = manager.get(path)
        assert (answer.status, answer.code) == (404, "not_found")
    theirs = make_export(shop, manager)
    assert api.get(f"/exports/{theirs}").body["by"] == other  # the owner reads the history, not the file
    assert api.get(f"/exports/{theirs}/file").status == 404
    assert {row["id"] for row in api.get("/exports").body["items"]} == {export, theirs}
    assert {row["id"] for row in manager.get("/exports").body["items"]} == {theirs}


def test_a_link_ends(api, shop, some):
    export = make_export(shop, api)
    with acting_as(shop.company):
        row = Export.objects.get(id=export)
        Export.objects.filter(id=export).update(expires_at=row.created_at - timedelta(seconds=1))
    assert api.get(f"/exports/{export}").body["state"] == "expired"
    answer = api.get(f"/exports/{export}/file")
    assert (answer.status, answer.code) == (400, "export_expired")


def test_layouts_are_kept_shared_changed_and_deleted(api, shop, some):
    columns = [{"key": "fixed", "title": "박스", "value": "소"}, {"key": "bundle_no", "title": "관리번호"}]
    made = api.post("/export-layouts", {"name": "한진", "what": "parcels", "columns": columns, "shared": True})
    assert made.status == 201
    assert made.body["columns"][1] == {"key": "bundle_no", "title": "관리번호", "value": ""}
    again = api.post("/export-layouts", {"name": "한진", "what": "parcels", "columns": columns})
    assert (again.status, again.code) == (409, "layout_name_taken")
    layout = made.body["id"]
    export = make_export(shop, api, layout=layout, kind="csv", reason="")
    rows = rows_of(api.get(f"/exports/{export}/file"))
    assert len(rows) == 5 and {row["박스"] for row in rows} == {"소"}
    changed = api.patch(f"/export-layouts/{layout}", {"name": "한진 접수", "columns": [{"key": "recipient"}]})
    assert (changed.body["name"], changed.body["columns"][0]["title"]) == ("한진 접수", "받는분 성명")
    assert api.delete(f"/export-layouts/{layout}").status == 204
    assert api.get("/export-layouts").body["items"] == []
    assert api.get(f"/exports/{export}").body["titles"] == ["박스", "관리번호"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"columns": [{"key": "nothing"}]}, 400), ({"columns": []}, 422), ({"kind": "pdf"}, 422), ({"what": "x"}, 422),
        ({"ids": [1]}, 422), ({"password": "abc"}, 400), ({"layout": 99}, 404), ({"reason": "x" * 301}, 422),
        ({"filter": {"number": ["none"]}}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(api, some, more, status):
    answer = api.post("/exports", {"filter": {}, "reason": "접수"} | more)
    assert answer.status == status and answer.code


def test_columns_are_told_in_both_languages(api):
    told = api.get("/export-columns?what=parcels").body
    assert {"key": "message", "title": "배송메세지", "kind": "text", "personal": True} in told["items"]
    assert set(told["default"]) <= {row["key"] for row in told["items"]}
    assert api.get("/export-columns", Accept_Language="en").body["items"][0]["title"] == "Order number"


def test_the_same_key_makes_one_export(api, some):
    body = {"filter": {}, "reason": "접수"}
    first = api.post("/exports", body, Idempotency_Key="k1").body["id"]
    assert api.post("/exports", body, Idempotency_Key="k1").body["id"] == first
    assert len(api.get("/exports").body["items"]) == 1
