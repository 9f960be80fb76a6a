"""Accounts that go by sheet, and the mall's sheet over REST (P31 without an API)."""

from jumun.channels.models import ChannelAccount
from jumun.core.tenancy import acting_as
from jumun.dispatch.mall_sheets import make_sheet
from jumun.dispatch.models import MallSheet
from jumun.orders.models import OrderItem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_kinds_without_a_connector_are_listed_and_accounts_of_them_made(api):
    kinds = {each["kind"]: each for each in api.walk("/channels", 50)}
    assert kinds["cafe24"]["by_sheet"]
    assert kinds["cafe24"]["label"] == {"ko": "카페24", "en": "Cafe24"}
    assert not kinds["naver"]["by_sheet"]

    made = api.post("/channel-accounts", {"channel": "cafe24", "name": "자사몰", "key": "own"})
    assert made.status == 201, made.body
    assert (made.body["by_sheet"], made.body["can"], made.body["notes"] != []) == (True, [], True)
    assert api.post(f"/channel-accounts/{made.body['id']}/check").code == "sheets_only"
    assert api.post("/collections", {"accounts": [made.body["id"]]}).code == "sheets_only"


def test_an_account_of_a_connector_s_kind_may_be_kept_without_keys(api):
    assert api.post("/channel-accounts", {"channel": "coupang", "name": "윙", "key": "w"}).code == "missing_credentials"
    made = api.post("/channel-accounts", {"channel": "coupang", "name": "윙", "key": "w", "by_sheet": True})
    assert (made.status, made.body["by_sheet"], made.body["has_credentials"]) == (201, True, False)
    assert api.patch(f"/channel-accounts/{made.body['id']}", {"by_sheet": False}).code == "missing_credentials"


def test_the_sheet_is_had_by_its_job_and_by_the_transmission(shop, api):
    """P31: `GET /jobs/{id}/file`, again and again; before it is made it says so."""
    with acting_as(shop.company):
        ChannelAccount.objects.filter(id=shop.account).update(channel="cafe24", by_sheet=True)
        shop.order("A1", "A1-01")
        OrderItem.objects.update(channel="cafe24")
        shop.put(status="shipped")
    job = api.post("/items/actions/transmit", {"filter": {"status": ["shipped"]}}).body["job"]

    details = api.get(f"/jobs/{job}").body
    [sheet] = details["sheets"]
    assert (sheet["rows"], sheet["made_at"]) == (0, None)
    assert api.get(f"/jobs/{job}/file").code == "sheet_not_ready"
    with acting_as(shop.company):
        make_sheet(shop.company, MallSheet.objects.get().id, at=shop.at)

    first = api.get(f"/jobs/{sheet['job']}/file")
    assert (first.status, first.headers["Content-Type"]) == (200, XLSX)
    assert first.body[:2] == b"PK"
    assert first.headers["Cache-Control"] == "private, no-store"
    assert api.get(f"/jobs/{job}/file").body == first.body
    [entry] = api.get(f"/jobs/{sheet['job']}").body["entries"]
    assert (entry["outcome"], entry["code"]) == ("done", "told_by_sheet")
    assert api.get("/jobs/999999/file").status == 404
