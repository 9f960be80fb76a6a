"""REST of sheets: upload → preview → choices and corrections → commit → failure file; templates; locked files."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jumun.core.tenancy import acting_as
from jumun.intake.sheet_storing import commit_rows, end_commit
from jumun.orders.models import OrderLine
from jumun.sheets.reading import open_book
from jumun.sheets.writing import SheetColumn, write_table
from tests.api.conftest import Answer, token_for
from tests.intake.uploaded import HEADER, row, write


def send(shop, path, **form):
    headers = {"Authorization": f"Bearer {token_for(shop)}"} | form.pop("headers", {})
    file = SimpleUploadedFile(path.name, path.read_bytes())
    made = Client().post("/api/v1/sheets", {"file": file, **form}, headers=headers)
    return Answer(made.status_code, json.loads(made.content), made.headers)


@pytest.fixture
def sent(shop, tmp_path):
    """A sheet with one good and one bad order, uploaded."""
    path = write(tmp_path, [row("A", "a1"), row("B", "b1", 수량="0"), row("B", "b2")])
    answer = send(shop, path, account=shop.account)
    assert answer.status == 201, answer.body
    return answer.body


def test_a_sheet_is_previewed_corrected_committed_and_its_failures_come_back(api, shop, sent, tmp_path):
    assert (sent["state"], sent["counts"], sent["to_commit"]) == ("ready", {"new": 1, "refused": 2}, 1)
    assert {(each["code"], each["rows"]) for each in sent["codes"]} == {("quantity_unusable", 1), ("companion_row", 1)}
    made = sent["id"]
    [bad] = api.get(f"/sheets/{made}/rows?code=quantity_unusable").body["items"]
    assert (bad["row"], bad["fault"]) == (3, {"column": "수량", "field": "quantity", "value": "0"})
    job = api.post(f"/sheets/{made}/commit")
    assert job.status == 202 and api.post(f"/sheets/{made}/commit").body == job.body
    assert api.patch(f"/sheets/{made}", {"on_known": "update"}).code == "sheet_busy"
    with acting_as(shop.company):
        commit_rows(shop.company, made, by=shop.owner, at=shop.at)
        end_commit(made, job.body["job"], at=shop.at)
    assert api.get(f"/sheets/{made}").body["state"] == "done"
    assert api.get(f"/jobs/{job.body['job']}").body["status"] == "partly"
    file = Client().get(f"/api/v1/sheets/{made}/failures.xlsx", headers={"Authorization": f"Bearer {token_for(shop)}"})
    (tmp_path / "failures.xlsx").write_bytes(b"".join(file.streaming_content))
    with open_book(tmp_path / "failures.xlsx") as book:
        assert [each[0] for each in book.rows(book.sheets[0].name)] == ["주문번호", "B", "B"]
    fixed = api.patch(f"/sheets/{made}/rows/3", {"fields": {"quantity": "2"}}).body
    assert (fixed["verdict"], fixed["fields"]["quantity"]) == ("new", "2")
    again = api.post(f"/sheets/{made}/commit").body["job"]
    with acting_as(shop.company):
        commit_rows(shop.company, made, by=shop.owner, at=shop.at)
        end_commit(made, again, at=shop.at)
        assert OrderLine.objects.count() == 3
    gone = api.call("DELETE", f"/sheets/{made}").body
    assert (gone["lines"], gone["orders"], gone["moved_total"]) == (3, 2, 0)


def test_templates_are_kept_listed_changed_and_forgotten(api, sent):
    body = {"name": "우리 양식", "plan": sent["plan"], "account": sent["account"]}
    made = api.post("/sheet-templates", body)
    assert made.status == 201
    [listed] = api.get("/sheet-templates").body["items"]
    assert (listed["id"], listed["name"]) == (made.body["id"], "우리 양식")
    assert api.patch(f"/sheet-templates/{listed['id']}", body | {"name": "다른 이름"}).body["name"] == "다른 이름"
    assert api.call("DELETE", f"/sheet-templates/{listed['id']}").status == 204
    assert api.post("/sheet-templates", body | {"plan": sent["plan"] | {"sources": {}}}).status == 422
    assert api.post("/sheet-templates", body | {"account": 2**40}).status == 404


def test_the_same_upload_under_one_key_is_one_upload(api, shop, tmp_path):
    path = write(tmp_path, [row("A", "a1")])
    key = {"Idempotency-Key": "once"}
    first, second = (send(shop, path, account=shop.account, headers=key) for _ in range(2))
    assert first.status == second.status == 201 and first.body["id"] == second.body["id"]
    other = send(shop, write(tmp_path, [row("B", "b1")]), account=shop.account, headers=key)
    assert other.code == "key_reused"


def test_x08_a_locked_file_asks_for_its_password_which_is_never_kept(api, shop, tmp_path):
    path = tmp_path / "locked.xlsx"
    write_table(path, [SheetColumn(name) for name in HEADER], [row("A", "a1")], kind="xlsx", password="비밀-1234")
    assert send(shop, path, account=shop.account).code == "sheet_password_needed"
    assert send(shop, path, account=shop.account, password="아님").code == "sheet_password_wrong"
    made = send(shop, path, account=shop.account, password="비밀-1234")
    assert made.status == 201 and made.body["counts"] == {"new": 1}
    assert [each["id"] for each in api.get("/sheets").body["items"]] == [made.body["id"]]


def test_what_is_no_sheet_is_refused_with_a_reason_and_leaves_nothing(api, shop, tmp_path):
    path = tmp_path / "orders.xlsx"
    path.write_bytes(b"\x00\x01\x02 nothing of the kind \xff" * 50)
    answer = send(shop, path, account=shop.account)
    assert answer.code.startswith("sheet_") and answer.body["detail"]
    assert api.get("/sheets").body["items"] == []
