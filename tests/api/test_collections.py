"""Collecting over REST: how far back, what could not be collected, and closing that with a reason (P1, C2, C3, R16)."""

from datetime import timedelta

from procrastinate.contrib.django.models import ProcrastinateJob

from jumun.channels.models import ChannelAccount
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from tests.api.test_walls import make_gap


def queued():
    return ProcrastinateJob.objects.filter(task_name="jumun:intake.collect").latest("id").args


def test_where_the_first_collection_begins_is_told_once_for_all(api, shop):
    first = (now() - timedelta(hours=12)).isoformat()
    answer = api.post("/collections", {"accounts": [shop.account], "first_from": first})
    assert answer.status == 202 and queued()["start"] == first and queued()["end"] is None
    with acting_as(shop.company):
        from jumun.jobs.models import Job

        Job.objects.all().delete()
        ChannelAccount.objects.update(collected_until=shop.at)
    api.post("/collections", {"accounts": [shop.account], "first_from": first})
    assert queued()["start"] is None


def test_a_gap_is_listed_and_closed_with_a_reason(api, shop):
    gap = make_gap(shop)
    [row] = api.get("/gaps?closed=false").body["items"]
    assert (row["id"], row["channel_account"], row["code"]) == (gap, shop.account, "window_too_old")
    assert row["from"] < row["to"] and row["why"] and row["closed_at"] is None
    address = f"/channel-accounts/{shop.account}/gaps/{gap}/close"
    assert api.post(address, {}).status == api.post(address, {"reason": "  "}).status == 422
    answer = api.post(address, {"reason": "판매자센터에서 확인"})
    assert (answer.status, answer.body["closed_reason"]) == (200, "판매자센터에서 확인")
    again = api.post(address, {"reason": "또"})
    assert (again.status, again.code) == (409, "gap_closed")
    assert api.get("/gaps?closed=false").body["items"] == []
    assert [each["id"] for each in api.get("/gaps?closed=true").body["items"]] == [gap]


def test_unread_lines_are_listed_and_read_again(api, shop):
    assert api.post("/unread-lines/read", {}).code == "nothing_unread"
    make_gap(shop)
    [row] = api.get("/unread-lines").body["items"]
    assert (row["order_number"], row["line_no"], row["channel_status"], row["why"]) == ("X1", "x1", "ODD", "unreadable")
    answer = api.post("/unread-lines/read", {})
    assert answer.status == 202
    assert api.post("/unread-lines/read", {"accounts": [shop.account]}).body == answer.body
    task = ProcrastinateJob.objects.get(task_name="jumun:intake.reread")
    assert (task.args["job_id"], task.args["account_id"]) == (answer.body["job"], shop.account)
