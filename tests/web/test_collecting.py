"""The collect dialog and what could not be collected, as a person sees them (P5, P8, P13, C2–C5, R16)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jumun.channels.actions import AccountFields, create_account
from jumun.channels.models import ChannelAccount
from jumun.channels.port import LineRef
from jumun.channels.profile import Can
from jumun.companies.roles import Role
from jumun.connectors.naver.connector import NaverConnector
from jumun.core.clock import KST, now
from jumun.core.tenancy import acting_as
from jumun.intake.doubts import Named, note_lines
from jumun.intake.gaps import open_gap
from jumun.intake.models import Doubt, Gap
from jumun.jobs.models import Job

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


def change(shop, **more):
    with acting_as(shop.company):
        ChannelAccount.objects.filter(id=shop.account).update(**more)


def dialog(visitor):
    answer = visitor.page("collect", **HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def queued(name="intake.collect"):
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=f"jumun:{name}").order_by("id")]


def start(visitor, shop, **form):
    answer = visitor.send("collect", {"account": str(shop.account), **form})
    assert answer.status_code == 200, answer.content.decode()
    return queued()[-1]


def ago(text):
    return now() - datetime.fromisoformat(text)


def second(shop):
    with acting_as(shop.company):
        fields = AccountFields(name="둘째", key="second", credentials={"client_id": "i", "client_secret": "s"})
        return create_account(shop.company, "naver", fields, at=shop.at)


def make_gap(shop):
    with acting_as(shop.company):
        account = ChannelAccount.objects.get(id=shop.account)
        start, end = shop.at - 9 * DAY, shop.at - 8 * DAY
        return open_gap(account, start, end, code="window_too_old", job_id=1, at=shop.at).id


def make_doubt(shop, why=Doubt.UNREADABLE):
    with acting_as(shop.company):
        note_lines(shop.account, [Named(LineRef("x1", "X-ORDER-1", "x1"), why, "ODD_STATE")], at=shop.at)


@pytest.mark.parametrize("place", ["items?status=paid", "items?status=preparing", "items?status=shipped", "items"])
def test_p5_the_four_lists_lead_to_the_collection(shop, owner, place):
    page = owner.page(place).content.decode()
    assert 'href="/c/shop/collect" data-open="collect"' in page
    assert "주문 자동 수집" in page


def test_without_scripts_the_dialog_is_a_page_and_its_job_another(shop, owner):
    page = owner.page("collect")
    assert page.status_code == 200 and "<html" in page.content.decode()
    answer = owner.send("collect", {"account": str(shop.account)}, htmx=False)
    with acting_as(shop.company):
        job = Job.objects.get(kind="collect").id
    assert (answer.status_code, answer["Location"]) == (302, f"/c/shop/jobs/{job}")


def test_who_may_not_collect_gets_no_dialog(shop, someone):
    viewer = someone(Role.VIEWER)
    assert viewer.page("collect").status_code == 403
    assert 'data-open="collect"' not in viewer.page("items").content.decode()


def test_all_accounts_are_ticked_and_those_that_cannot_say_why(shop, owner):
    second(shop)
    assert dialog(owner).count(" checked />") >= 2
    change(shop, state="reauth", state_code="bad_credentials")
    told = dialog(owner)
    assert " disabled />" in told and "키를 확인해 주세요" in told
    change(shop, state="off", state_code="")
    assert "꺼져 있습니다" in dialog(owner)


def test_the_dialog_tells_the_last_and_the_next_collection(shop, owner):
    told = dialog(owner)
    assert "수집 전" in told and "자동 꺼짐" in told
    change(shop, last_collected_at=now() - timedelta(minutes=4), collected_until=now(), auto_collect=True)
    told = dialog(owner)
    assert "4분 전" in told and "다음 오늘" in told or "다음 내일" in told


def test_it_asks_how_far_back_only_when_somebody_was_never_collected(shop, owner):
    told = dialog(owner)
    assert 'name="first"' in told and 'value="12h"' in told and '<option value="7d" selected>' in told
    change(shop, collected_until=now())
    assert 'name="first"' not in dialog(owner)


@pytest.mark.parametrize(("chosen", "hours"), [("12h", 12), ("7d", 168), ("30d", 720)])
def test_the_first_collection_begins_where_it_was_told(shop, owner, chosen, hours):
    args = start(owner, shop, span="since", first=chosen)
    assert abs(ago(args["start"]) - timedelta(hours=hours)) < timedelta(minutes=1) and args["end"] is None


def test_the_first_collection_from_a_day_of_ones_own(shop, owner):
    args = start(owner, shop, span="since", first="own", first_day="2026-11-01")
    assert args["start"] == "2026-11-01T00:00:00+09:00"


def test_others_go_on_from_their_last_collection(shop, owner):
    other = second(shop)
    change(shop, collected_until=now() - DAY)
    owner.send("collect", {"account": [str(shop.account), str(other)], "span": "since", "first": "12h"})
    starts = {args["account_id"]: args["start"] for args in queued()}
    assert starts[shop.account] is None and starts[other] is not None


def test_back_from_now_and_a_period(shop, owner):
    change(shop, collected_until=now())
    assert abs(ago(start(owner, shop, span="back", back="3d")["start"]) - 3 * DAY) < timedelta(minutes=1)
    with acting_as(shop.company):
        Job.objects.all().delete()
    args = start(owner, shop, span="period", **{"from": "2026-11-01", "to": "2026-11-03"})
    assert (args["start"], args["end"]) == ("2026-11-01T00:00:00+09:00", "2026-11-04T00:00:00+09:00")


@pytest.mark.parametrize(
    "form",
    [
        {"span": "period"},
        {"span": "period", "from": "x"},
        {"span": "back", "back": "99y"},
        {"span": "back", "back": "own"},
        {"span": "since", "first": "own", "first_day": "1990-01-01"},
        {"account": "x"},
        {"account": ""},
    ],
)
def test_what_makes_no_sense_is_refused_in_place(shop, owner, form):
    answer = owner.send("collect", {"account": str(shop.account), **form})
    assert answer.status_code == 400 and answer["HX-Retarget"] == "#notices"
    assert queued() == []


def test_p13_the_tick_confirms_while_collecting(shop, owner):
    assert "결제완료 주문을 주문확인 자동 처리하여 수집하기" in dialog(owner)
    assert start(owner, shop, auto_confirm="on")["confirm"] is True


@pytest.mark.parametrize(
    ("missing", "told"), [((), "자동 처리를 켜거나"), ((Can.CONFIRM,), "쇼핑몰에서 먼저 확인하세요")]
)
def test_p8_a_channel_that_lets_nothing_in_unconfirmed_says_so(shop, owner, monkeypatch, missing, told):
    assert "수집할 수 없는 쇼핑몰" not in dialog(owner)
    can = NaverConnector.profile.can - {Can.COLLECT_UNCONFIRMED, *missing}
    monkeypatch.setattr(NaverConnector, "profile", replace(NaverConnector.profile, can=can))
    assert "수집할 수 없는 쇼핑몰" in dialog(owner) and told in dialog(owner)


def test_a_collection_that_runs_is_shown_instead_of_a_second_one(shop, owner):
    first = owner.send("collect", {"account": str(shop.account)})
    with acting_as(shop.company):
        job = Job.objects.get(kind="collect").id
    assert f'id="card-{job}"' in first.content.decode() and "every 2s" in first.content.decode()
    assert f"/c/shop/jobs/{job}" in dialog(owner) and "수집 중" in dialog(owner)
    assert f'id="card-{job}"' in owner.send("collect", {"account": str(shop.account)}).content.decode()
    assert len(queued()) == 1


def test_what_could_not_be_collected_is_counted_on_every_page(shop, owner):
    assert "/c/shop/doubts" not in owner.page("items").content.decode()
    assert "확인할 것이 없습니다" in owner.page("doubts").content.decode()
    make_gap(shop)
    make_doubt(shop)
    assert 'href="/c/shop/doubts"><span>확인 필요</span> <b>2</b>' in owner.page("items").content.decode()
    page = owner.page("doubts").content.decode()
    assert "수집하지 못한 기간" in page and "X-ORDER-1" in page and "ODD_STATE" in page and "다시 읽기" in page


def test_only_the_owner_closes_a_gap_and_only_with_a_reason(shop, owner, someone):
    gap = make_gap(shop)
    manager = someone(Role.MANAGER)
    assert "소유자만 닫을 수 있습니다" in manager.page("doubts").content.decode()
    assert manager.send(f"gaps/{gap}/close", {"reason": "x"}).status_code == 403
    assert owner.send(f"gaps/{gap}/close", {"reason": " "}).status_code == 400
    answer = owner.send(f"gaps/{gap}/close", {"reason": "센터에서 봄"})
    assert answer.status_code == 200 and "수집하지 못한 기간" not in answer.content.decode()
    with acting_as(shop.company):
        assert Gap.objects.get().reason == "센터에서 봄"
    assert "센터에서 봄" in owner.page("doubts").content.decode()
    assert owner.send(f"gaps/{gap + 99}/close", {"reason": "x"}).status_code == 404


def test_without_scripts_closing_leads_back(shop, owner):
    gap = make_gap(shop)
    answer = owner.send(f"gaps/{gap}/close", {"reason": "센터에서 봄"}, htmx=False)
    assert (answer.status_code, answer["Location"]) == (302, "/c/shop/doubts")


def test_reading_again_starts_a_job(shop, owner, someone):
    make_doubt(shop, Doubt.UNCONFIRMED)
    assert "발주확인 전이라" in owner.page("doubts").content.decode()
    assert someone(Role.VIEWER).send("doubts/read").status_code == 403
    answer = owner.send("doubts/read")
    assert answer.status_code == 200 and "못 읽은 주문 다시 읽기" in answer.content.decode()
    (args,) = queued("intake.reread")
    assert args["account_id"] == shop.account


def test_a_gap_is_collected_again_by_its_days(shop, owner):
    make_gap(shop)
    page = owner.page("doubts").content.decode()
    (first, last) = ((shop.at - days * DAY).astimezone(KST).date() for days in (9, 8))
    assert f'name="from" value="{first}"' in page and f'name="to" value="{last}"' in page
    args = start(owner, shop, span="period", **{"from": str(first), "to": str(last)})
    assert args["start"].startswith(str(first)) and args["end"].startswith(str(last + DAY))


def test_a_job_tells_what_it_left_until_it_is_confirmed(shop, owner):
    from jumun.channels.account_jobs import account_entry
    from jumun.intake.actions import start_collection
    from jumun.jobs.actions import record_entries
    from jumun.jobs.models import EntryOutcome

    with acting_as(shop.company):
        job = start_collection([shop.account], by=shop.owner, at=now())
        row = account_entry(shop.account, EntryOutcome.DONE, message="read=5 new=2 moved=0 waiting=3")
        record_entries(job, [row], at=now())
    assert "읽음 5 · 새 주문 2 · 바뀜 0 · 발주확인 전이라 두고 옴 3" in owner.page(f"jobs/{job}").content.decode()
