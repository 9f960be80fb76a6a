"""Jobs, channel accounts, people and tokens."""

import re
from datetime import timedelta

import pytest

from jumun.channels.models import Breaker, ChannelAccount
from jumun.channels.unreadable import KeptUnreadable
from jumun.companies.models import ApiToken, Member
from jumun.companies.roles import Role
from jumun.companies.tokens import read_token
from jumun.core.clock import in_kst, now
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.jobs.actions import EntryRow, finish_part, open_job, record_entries, start_job
from jumun.jobs.models import EntryOutcome, Family
from tests.making import open_house

SECRET = "$2a$04$kEFycSBkcp7.zUlpchIcI."


def make_job(shop, outcome=EntryOutcome.FAILED, **entry):
    with acting_as(shop.company):
        job = open_job(
            company_id=shop.company,
            kind="collect",
            family=Family.MALL,
            parts=1,
            total=2,
            by=shop.owner,
            at=shop.at,
            params={"accounts": [shop.account]},
        )
        start_job(job, at=shop.at)
        record_entries(job, [EntryRow(f"account:{shop.account}", "스마트스토어", outcome, **entry)], at=shop.at)
    return job


def test_a_running_job_looks_again_by_itself_and_a_finished_one_does_not(shop, owner):
    job = make_job(shop, code="bad_credentials")
    page = owner.page(f"jobs/{job}").content.decode()
    assert 'hx-trigger="every 2s"' in page and sentence("bad_credentials") in page
    assert 'hx-trigger="every 2s"' in owner.page("jobs").content.decode()
    with acting_as(shop.company):
        finish_part(job, at=shop.at)
    page = owner.page(f"jobs/{job}").content.decode()
    assert 'hx-trigger="every 2s"' not in page and f"/jobs/{job}/retry" in page
    assert 'hx-trigger="every 2s"' not in owner.page("jobs").content.decode()
    card = owner.page(f"jobs/{job}?part=card")
    assert card["HX-Trigger-After-Settle"] == "items-changed, bar-changed"


def test_the_channels_own_words_stand_beside_our_sentence(shop, owner):
    job = make_job(shop, code="104442", message="상품주문 상태를 <b>확인</b>해 주세요.")
    text = owner.page(f"jobs/{job}").content.decode()
    assert "쇼핑몰이 거절했습니다: 상품주문 상태를 &lt;b&gt;확인&lt;/b&gt;해 주세요. (104442)" in text


def test_what_failed_is_tried_again_in_a_new_job(shop, owner):
    job = make_job(shop, code="channel_busy")
    with acting_as(shop.company):
        finish_part(job, at=shop.at)
    answer = owner.send(f"jobs/{job}/retry", htmx=False)
    assert answer.status_code == 302
    assert answer["Location"] != f"/c/shop/jobs/{job}"


def test_the_sheet_tab_says_what_will_be_there(shop, owner):
    assert "엑셀 작업이 여기에 남습니다." in owner.page("jobs?tab=sheet").content.decode()


def test_a_collection_is_started_from_the_dialog(shop, owner):
    answer = owner.send(
        "collect", {"account": shop.account, "auto_confirm": "on", "from": "2026-11-20", "to": "2026-11-22"}
    )
    assert answer.status_code == 200
    again = owner.send("collect", {"account": shop.account})
    assert again.context["job"].id == answer.context["job"].id
    assert owner.send("collect", {"account": shop.account, "from": "x"}).status_code == 400
    assert owner.send("collect", {}).status_code == 400


def test_secrets_are_never_shown_again(shop, owner):
    for path in ("accounts", f"accounts/{shop.account}"):
        assert SECRET not in owner.page(path).content.decode()
    form = {
        "name": "새 이름",
        "key": "store",
        "credential-client_secret": "$2a$04$another",
        "brand": "",
        "base_url": "",
    }
    answer = owner.send(f"accounts/{shop.account}", form, htmx=False)
    assert answer.status_code == 200
    assert "another" not in answer.content.decode() and "새 이름" in answer.content.decode()
    wrong = owner.send("accounts/new/naver", form | {"credential-client_id": ""}, htmx=False)
    assert wrong.status_code == 422
    assert "another" not in wrong.content.decode()


def test_an_account_is_added_changed_and_switched_off(shop, owner):
    form = {"name": "둘째", "key": "second", "credential-client_id": "a", "credential-client_secret": SECRET}
    made = owner.send("accounts/new/naver", form, htmx=False)
    assert made.status_code == 302
    owner.send(
        made["Location"].removeprefix("/c/shop/"), {"name": "둘째", "key": "second", "enabled": "off"}, htmx=False
    )
    with acting_as(shop.company):
        assert ChannelAccount.objects.get(key="second").state == "off"
    twice = owner.send("accounts/new/naver", form, htmx=False)
    assert twice.status_code == 422 and sentence("duplicate", field="key") in twice.content.decode()
    outside = owner.send("accounts/new/naver", form | {"key": "x", "base_url": "https://evil.example"}, htmx=False)
    assert sentence("bad_base_url") in outside.content.decode()


def test_a_mere_save_does_not_clear_reauthentication(shop, owner):
    with acting_as(shop.company):
        ChannelAccount.objects.update(state="reauth", state_code="bad_credentials")
    owner.send(f"accounts/{shop.account}", {"name": "이름만", "key": "store", "enabled": "on"}, htmx=False)
    with acting_as(shop.company):
        assert ChannelAccount.objects.get().state == "reauth"
    assert sentence("bad_credentials") in owner.page("accounts").content.decode()


def test_a_channels_page_says_what_it_can_and_cannot(shop, owner):
    text = owner.page("channels/naver").content.decode()
    assert "보낸 운송장번호는 API로 고칠 수 없습니다." in text
    assert owner.page("channels/nope").status_code == 404


def test_another_companys_account_is_not_there(shop, owner, at):
    other = open_house(at, "other")
    for path in (f"accounts/{other.account}",):
        assert owner.page(path).status_code == 404
    assert owner.send(f"accounts/{other.account}/check").status_code == 404


def test_people_are_added_changed_and_removed(shop, owner):
    form = {"email": "clerk@shop.kr", "name": "박담당", "password": "first-pass-2026", "role": "clerk"}
    assert "박담당" in owner.send("people/add", form, htmx=False).content.decode()
    with acting_as(shop.company):
        member = Member.objects.get(role=Role.CLERK)
    owner.send(f"people/{member.id}/role", {"role": "packer"}, htmx=False)
    with acting_as(shop.company):
        assert Member.objects.get(id=member.id).role == Role.PACKER
    owner.send(f"people/{member.id}/remove", htmx=False)
    with acting_as(shop.company):
        assert Member.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"email": "no-address"}, {"name": ""}, {"password": "short"}, {"role": "king"}, {"email": "owner@shop.kr"}],
)
def test_a_person_is_refused_with_a_sentence(shop, owner, change):
    form = {"email": "clerk@shop.kr", "name": "박담당", "password": "first-pass-2026", "role": "clerk"}
    answer = owner.send("people/add", form | change, htmx=False)
    assert answer.status_code == 422
    assert 'class="trouble"' in answer.content.decode()


def test_the_last_owner_stays(shop, owner):
    with acting_as(shop.company):
        member = Member.objects.get()
    for answer in (
        owner.send(f"people/{member.id}/role", {"role": "viewer"}, htmx=False),
        owner.send(f"people/{member.id}/remove", htmx=False),
    ):
        assert answer.status_code == 409
        assert sentence("last_owner") in answer.content.decode()


def test_a_token_is_shown_once_and_can_be_revoked(shop, owner):
    answer = owner.send("tokens", {"name": "창고", "days": "90"}, htmx=False)
    bearer = re.search(r"jmn_\w{40,}", answer.content.decode())[0]
    assert read_token(bearer, at=now()) is not None
    assert bearer not in owner.page("tokens").content.decode()
    with acting_as(shop.company):
        token = ApiToken.objects.get()
    owner.send(f"tokens/{token.id}/revoke", htmx=False)
    assert read_token(bearer, at=now()) is None
    assert "창고" not in owner.page("tokens").content.decode()


def trouble(shop, **values):
    """Give the account something to see to."""
    with acting_as(shop.company):
        ChannelAccount.objects.update(**values)


def strip(page):
    """The strip about accounts, as text."""
    found = re.search(
        r'<div id="attention"\s+class="attention (\w*)"[^>]*>(.*?)</div>', page.content.decode(), re.DOTALL
    )
    return found[1], " ".join(re.sub(r"<[^>]+>", " ", found[2]).split())


def test_every_page_says_which_accounts_need_a_look(shop, owner):
    """R11, R13, R31: one strip counts them and leads to what to do; without any there is none."""
    assert strip(owner.page("items")) == ("", "")
    trouble(shop, keys_expire_on=in_kst(now()).date() + timedelta(days=20))
    assert strip(owner.page("items")) == ("calm", "확인이 필요한 판매처 계정 1곳 스마트스토어 무엇을 할지 보기")
    trouble(shop, clock_skew=90)
    assert strip(owner.page("jobs"))[0] == "soon"
    trouble(shop, state="reauth", state_code="bad_credentials")
    assert strip(owner.page("people"))[0] == "late"
    live = owner.page("bar").content.decode()
    assert 'id="attention"' in live and 'hx-swap-oob="true"' in live
    make_job(shop, code="channel_busy")
    assert owner.page("jobs").content.decode().count('id="attention"') == 1
    trouble(shop, state="off")
    assert strip(owner.page("items")) == ("", "")


@pytest.mark.parametrize(("role", "told"), [(Role.MANAGER, True), (Role.CLERK, False), (Role.PACKER, False)])
def test_the_strip_is_for_those_who_may_see_to_it(shop, someone, role, told):
    trouble(shop, clock_skew=-90)
    person = someone(role)
    assert bool(strip(person.page("jobs"))[1]) == told


def test_an_account_that_rests_says_until_when(shop, owner):
    """R11: the state, why, and when it is tried again."""
    with acting_as(shop.company):
        Breaker.objects.create(
            company_id=shop.company,
            account_id=shop.account,
            failures=5,
            openings=1,
            open_until=now() + timedelta(minutes=1),
        )
    listed = owner.page("accounts").content.decode()
    assert sentence("channel_resting") in listed and "쉬는 중" in listed
    text = " ".join(owner.page(f"accounts/{shop.account}").content.decode().split())
    assert "연속 5번 응답 없음 · " in text and "부터 다시 시도" in text
    assert "쉬는 중" in owner.page("bar").content.decode()


def test_an_accounts_page_tells_how_it_stands(shop, owner):
    """N1, P9: last and next collection, watermark, clock, pace, what the channel can do, its limits and jobs."""
    job = make_job(shop, EntryOutcome.DONE, message="read=7 new=3 moved=2")
    trouble(shop, auto_collect=True, clock_skew=8, collected_until=now())
    text = " ".join(owner.page(f"accounts/{shop.account}").content.decode().split())
    assert "읽음 7 · 새 주문 3 · 바뀜 2" in text
    assert text.count(f"/c/shop/jobs/{job}") == 2
    for said in (
        "다음 수집",
        "여기까지 수집함",
        "판매처 시계보다 8초 빠름",
        "정해진 기한 없음",
        "초당 2회",
        "보낸 운송장번호는 API로 고칠 수 없습니다.",
        "jumun doctor --rotate-keys",
    ):
        assert said in text, said


def test_a_failed_collection_says_why(shop, owner):
    job = make_job(shop, code="window_too_old")
    text = owner.page(f"accounts/{shop.account}").content.decode()
    assert sentence("window_too_old") in text
    assert f'href="/c/shop/jobs/{job}">실패' in owner.page("accounts").content.decode()


def test_only_the_owner_is_told_of_the_encryption_key(shop, someone):
    manager = someone(Role.MANAGER)
    assert "rotate-keys" not in manager.page(f"accounts/{shop.account}").content.decode()
    assert someone(Role.CLERK).page(f"accounts/{shop.account}").status_code == 403


def test_answers_nobody_could_read_are_shown_as_their_shape(shop, owner):
    """R17: masked when kept, and escaped when shown."""
    KeptUnreadable(shop.company, shop.account)("query", 200, "<p>홍길동 010-1234-5678</p>".encode())
    text = owner.page(f"accounts/{shop.account}").content.decode()
    assert "&lt;p&gt;· ###·####·####&lt;/p&gt;" in text
    assert "홍길동" not in text and "5678" not in text


def test_the_seller_states_the_last_day_of_the_keys(shop, owner):
    form = {"name": "이름", "key": "store", "keys_expire_on": "2027-03-31"}
    text = owner.send(f"accounts/{shop.account}", form, htmx=False).content.decode()
    assert "2027.03.31까지" in text and 'value="2027-03-31"' in text
    trouble(shop, keys_expire_guessed=True)
    text = owner.page(f"accounts/{shop.account}").content.decode()
    assert "예상" in text and 'value="2027-03-31"' not in text
    wrong = owner.send(f"accounts/{shop.account}", form | {"keys_expire_on": "31.3.2027"}, htmx=False)
    assert wrong.status_code == 422


@pytest.mark.parametrize(("days", "brief"), [(12, "키 12일 남음"), (0, "키 오늘까지"), (-3, "키 만료")])
def test_the_list_counts_the_keys_days(shop, owner, days, brief):
    trouble(shop, keys_expire_on=in_kst(now()).date() + timedelta(days=days))
    assert brief in owner.page("accounts").content.decode()
