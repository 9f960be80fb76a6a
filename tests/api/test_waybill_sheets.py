"""Sheets of waybill numbers over REST: upload, preview, choose, commit, result (P21–P23, C30, C31)."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from tests.api.conftest import Api, store, token_for
from tests.making import good_number
from tests.waybills.sheets import write

NO_CARRIER = ("주문번호", "운송장번호")


def put(bearer, path, **form):
    """POST the file; answers status and JSON."""
    file = SimpleUploadedFile("접수결과.csv", path.read_bytes())
    made = Client().post(
        "/api/v1/waybill-sheets", {"file": file, **form}, headers={"Authorization": f"Bearer {bearer}"}
    )
    return made.status_code, made.json()


def waiting(shop, *orders):
    """These orders in 출고대기."""
    for order in orders:
        store(shop, order, f"{order}-1")
    with acting_as(shop.company):
        shop.put(status="ready")


def test_a_sheet_is_previewed_given_a_carrier_committed_and_its_result_taken(shop, tmp_path):
    waiting(shop, "W1", "W2")
    bearer = token_for(shop)
    api = Api(bearer)
    rows = [("W1", good_number(1)), ("W2", good_number(2)), ("W9", good_number(3))]
    status, made = put(bearer, write(tmp_path, rows, header=NO_CARRIER))
    assert (status, made["state"], made["rows"], made["to_commit"]) == (201, "ready", 3, 0)
    assert made["columns"] == {"order": "주문번호", "number": "운송장번호"}
    sheet = f"/waybill-sheets/{made['id']}"
    assert api.post(f"{sheet}/commit").code == "no_number_to_save"
    assert api.patch(sheet, {"carrier": "cj"}).body["to_commit"] == 2
    listed = api.get(f"{sheet}/rows?verdict=label").body["items"]
    assert [(row["key"], row["carrier"], row["number"]) for row in listed] == [
        ("W1", "cj", good_number(1)),
        ("W2", "cj", good_number(2)),
    ]
    assert [row["code"] for row in api.get(f"{sheet}/rows?verdict=refused").body["items"]] == ["parcel_unknown"]
    done = api.post(f"{sheet}/commit")
    assert done.status == 202 and api.post(f"{sheet}/commit").body == done.body
    assert api.get(sheet).body["counts"] == {"labelled": 2, "refused": 1}
    assert api.get(f"/jobs/{done.body['job']}").body["status"] == "partly"
    assert api.get(f"{sheet}/result.xlsx").body[:2] == b"PK"
    assert api.get("/waybill-sheets/form.xlsx").body[:2] == b"PK"
    assert [each["id"] for each in api.get("/waybill-sheets").body["items"]] == [made["id"]]
    with acting_as(shop.company):
        assert [item.status for item in shop.items()] == ["labelled", "labelled"]


def test_p23_a_sheet_without_its_columns_is_refused_and_not_kept(shop, tmp_path):
    bearer = token_for(shop)
    status, told = put(bearer, write(tmp_path, [("a", "b")], header=("이름", "메모")))
    assert (status, told["code"]) == (400, "waybill_no_columns")
    assert Api(bearer).get("/waybill-sheets").body["items"] == []


def test_a_packer_puts_numbers_on_and_a_viewer_does_not(shop, tmp_path):
    waiting(shop, "W1")
    path = write(tmp_path, [("W1", "cj", good_number(1))], header=("주문번호", "택배사", "운송장번호"))
    assert put(token_for(shop, Role.VIEWER), path)[0] == 403
    packer = token_for(shop, Role.PACKER)
    status, made = put(packer, path)
    assert status == 201 and Api(packer).post(f"/waybill-sheets/{made['id']}/commit").status == 202
