"""The transmissions page and 확인 필요: what was told, what was answered, and what a person does about it."""

from datetime import timedelta

import pytest

from jumun.companies.roles import Role
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.dispatch.models import Effect
from jumun.jobs.models import Job
from jumun.orders.models import OrderItem
from tests.dispatch.making import make_effect
from tests.making import good_number


@pytest.fixture
def ledger(shop):
    """Three orders handed over: told, rejected with the mall's own words, and unanswered."""
    with acting_as(shop.company):
        for n in (1, 2, 3):
            shop.order(f"2026112300000{n}", "a")
        shop.put(status="shipped")
        told, rejected, unknown = shop.items()
        made = {
            "confirmed": make_effect(shop, told, "confirmed"),
            "rejected": make_effect(shop, rejected, code="104417", message="발송처리할 수 없는 상태입니다."),
            "unknown": make_effect(shop, unknown, "unknown", code="channel_timeout", at=shop.at + timedelta(seconds=1)),
        }
        OrderItem.objects.filter(id=told.id).update(status="in_transit")
    return made


def states(page):
    return [line.effect.state for line in page.context["lines"]]


def test_the_list_tells_order_number_answer_and_what_to_do(shop, owner, ledger):
    page = owner.page("transmissions")
    text = page.content.decode()
    assert sorted(states(page)) == ["confirmed", "rejected", "unknown"] and states(page)[0] == "unknown"
    assert {tab.state: tab.count for tab in page.context["tabs"]} == {"confirmed": 1, "rejected": 1, "unknown": 1}
    assert "발송처리할 수 없는 상태입니다. (104417)" in text and "판매자센터" in text
    assert sentence("channel_timeout") in text and "지금 다시 확인" in text
    assert good_number(1) in text
    with acting_as(shop.company):
        assert f"/orders/{shop.items()[1].order_id}" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=rejected", ["rejected"]),
        ("verb=confirm", []),
        ("number=20261123000001,20261123000003+x", ["unknown", "confirmed"]),
        ("from=2020-01-01&to=2020-01-02", []),
        ("job=1", ["unknown", "rejected", "confirmed"]),
        ("account=999", []),
    ],
)
def test_filters(shop, owner, ledger, query, found):
    page = owner.page(f"transmissions?{query}")
    assert sorted(states(page)) == sorted(found)


@pytest.mark.parametrize("query", ["state=nope", "verb=x", "account=x", "job=x", "from=yesterday", "cursor=%00"])
def test_a_wrong_address_is_refused_with_a_sentence(shop, owner, query):
    answer = owner.page(f"transmissions?{query}")
    assert answer.status_code == 400 and "class=" in answer.content.decode()


def test_pages_follow_each_other(shop, owner, ledger, monkeypatch):
    monkeypatch.setattr("jumun.web.transmissions.ROWS", 2)
    first = owner.page("transmissions")
    rest = owner.page(f"transmissions?part=more&cursor={first.context['next_cursor']}")
    assert sorted(states(first) + states(rest)) == ["confirmed", "rejected", "unknown"]
    assert rest.context["next_cursor"] is None


def test_a_rejected_one_is_sent_again_in_a_job_and_once(shop, owner, ledger):
    form = {"ids": ledger["rejected"].id, "nonce": "n1"}
    first, second = owner.send("transmissions/retry", form), owner.send("transmissions/retry", form)
    assert first.content == second.content
    with acting_as(shop.company):
        assert Job.objects.filter(kind="transmit").count() == 1
        assert Effect.objects.filter(state="planned").count() == 1
    assert "?part=card" in first.content.decode()
    third = owner.send("transmissions/retry", {"ids": ledger["rejected"].id})
    assert [left.code for each in third.context["again"] for left in each["left"]] == ["nothing_to_retry"]


def test_all_of_the_filter_are_sent_again_and_only_what_was_shown(shop, owner, ledger):
    as_of = owner.page("transmissions?state=rejected").context["as_of"]
    with acting_as(shop.company):
        (late,) = shop.order("20261123000009", "z")
        OrderItem.objects.filter(id=late.id).update(status="shipped")
        make_effect(shop, late, at=shop.at + timedelta(days=1))
    form = {"scope": "filter", "query": "state=rejected", "as_of": as_of}
    owner.send("transmissions/retry", form)
    with acting_as(shop.company):
        assert list(Effect.objects.filter(state="planned").values_list("order_number", flat=True)) == [
            ledger["rejected"].order_number
        ]


def test_a_rejected_correction_is_told_again_with_its_own_number(shop, owner):
    with acting_as(shop.company):
        (item,) = shop.order("2026112300001", "a")
        shop.put(status="shipped")
        OrderItem.objects.update(status="in_transit", channel="coupang")
        item = shop.items()[0]
        effect = make_effect(shop, item, verb="correct", number=good_number(9))
    answer = owner.send("transmissions/retry", {"ids": effect.id})
    assert answer.status_code == 200
    with acting_as(shop.company):
        planned = Effect.objects.get(state="planned")
    assert (planned.verb, planned.number) == ("correct", good_number(9))


def test_the_unanswered_are_looked_at_now_and_queued_once(shop, owner, ledger):
    from procrastinate.contrib.django.models import ProcrastinateJob

    with acting_as(shop.company):
        Effect.objects.filter(id=ledger["unknown"].id).update(next_look_at=shop.at + timedelta(hours=5))
    for _ in range(2):
        assert owner.send("transmissions/look", {"ids": ledger["unknown"].id}).status_code == 200
    with acting_as(shop.company):
        assert Effect.objects.get(state="unknown").next_look_at < shop.at + timedelta(hours=1)
    assert ProcrastinateJob.objects.filter(task_name="jumun:dispatch.push").count() == 1
    assert (
        "확인 중인 것이 없습니다" in owner.send("transmissions/look", {"ids": ledger["rejected"].id}).content.decode()
    )


def test_what_waits_for_a_person_stands_under_check_and_in_the_menu(shop, owner, ledger):
    page = owner.page("transmissions/check")
    assert sorted(states(page)) == ["rejected", "unknown"]
    assert 'data-need="rejected"' in page.content.decode() and 'data-need="unknown"' in page.content.decode()
    owner.send("transmissions/retry", {"ids": ledger["rejected"].id})
    assert states(owner.page("transmissions/check")) == ["unknown"]
    assert 'data-need="rejected"' not in owner.page("bar").content.decode()


def test_empty_pages_say_what_will_be_there(shop, owner):
    assert "쇼핑몰에 알린 것이 모두 여기에 남습니다." in owner.page("transmissions").content.decode()
    assert "확인할 전송이 없습니다." in owner.page("transmissions/check").content.decode()
    owner.post("/language", {"language": "en"})
    assert "Everything told to a channel stays here." in owner.page("transmissions").content.decode()


@pytest.mark.parametrize(("role", "may"), [(Role.CLERK, True), (Role.PACKER, False), (Role.VIEWER, False)])
def test_who_may_send_again(shop, owner, someone, ledger, role, may):
    person = someone(role)
    assert ("다시 보내기" in person.page("transmissions").content.decode()) == may
    answer = person.send("transmissions/retry", {"ids": ledger["rejected"].id})
    assert (answer.status_code == 200) == may


def test_nonsense_is_refused(shop, owner, ledger):
    for form in ({}, {"ids": "x"}, {"scope": "filter", "query": "", "as_of": "x"}, {"ids": ledger["confirmed"].id}):
        assert owner.send("transmissions/retry", form).status_code == 400


def test_a_job_says_why_on_top_and_takes_back_what_is_not_sent_yet(shop, owner, ledger):
    with acting_as(shop.company):
        shop.order("20261123000009", "z")
        OrderItem.objects.filter(order_number="20261123000009").update(status="paid")
        item = shop.items("20261123000009")[0]
    done = owner.send("items/do", {"action": "confirm", "ids": item.id})
    job = done.context["outcome"].job
    page = owner.page(f"jobs/{job}")
    text = page.content.decode()
    batch = page.context["batch"]
    assert batch.planned == 1 and f"/batches/{batch.id}/undo" in text
    assert f"transmissions?job={job}" in text
    owner.send(f"batches/{batch.id}/undo")
    assert owner.page(f"jobs/{job}").context["batch"] is None
    with acting_as(shop.company):
        from jumun.jobs.actions import EntryRow, record_entries
        from jumun.jobs.models import EntryOutcome

        rows = [EntryRow(f"effect:{n}", f"주문 {n}", EntryOutcome.FAILED, "cancelled_there") for n in (1, 2)]
        record_entries(job, rows, at=shop.at)
    text = owner.page(f"jobs/{job}").content.decode()
    assert text.index("2건") < text.index("progress-sheet") and sentence("cancelled_there") in text


def test_the_pill_looks_again_only_while_something_runs(shop, owner):
    idle = owner.page("bar").content.decode()
    assert 'data-running="0"' in idle and "load delay" not in idle
    owner.send("collect", {"account": str(shop.account)})
    busy = owner.page("bar").content.decode()
    assert 'data-running="1"' in busy and "load delay" in busy and "처리 중" in busy
    row = owner.page("jobs").content.decode()
    assert "<progress" in row and "스마트스토어" in row
