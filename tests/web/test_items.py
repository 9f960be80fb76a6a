"""The list: what it shows, what would happen, what happened, and taking it back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from jumun.companies.roles import Role
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold
from jumun.orders.models import Batch, Hold, OrderItem
from jumun.orders.selection import Selection
from tests.making import good_number, make_line
from tests.web.conftest import visitor


def store(shop, *numbers, **more):
    with acting_as(shop.company):
        return [item for number in numbers for item in shop.order(number, f"{number}-1", **more)]


def statuses(shop):
    with acting_as(shop.company):
        return sorted(OrderItem.objects.values_list("status", flat=True))


def put_hold(shop, item):
    with acting_as(shop.company):
        hold(Selection(ids=(item.id,)), reason="stock", by=shop.owner, at=shop.at)


def test_an_empty_list_offers_the_step_that_fills_it(shop, owner):
    text = owner.page("items").content.decode()
    assert "아직 수집한 주문이 없습니다." in text
    assert 'data-open="collect"' in text
    for status in ("paid", "preparing", "ready", "labelled", "shipped", "in_transit"):
        assert 'class="empty"' in owner.page(f"items?status={status}").content.decode()


def test_recipients_are_masked_in_the_list(shop, owner):
    store(shop, "2026112300001")
    text = owner.page("items").content.decode()
    assert "홍*동" in text and "홍길동" not in text and "202호" not in text


def test_the_flow_strip_counts_and_filters(shop, owner):
    first, second = store(shop, "2026112300001", "2026112300002")
    put_hold(shop, first)
    text = owner.page("items?status=preparing&held=true").content.decode()
    assert first.bundle_no in text and second.bundle_no not in text
    assert 'data-step="preparing"' in text
    assert "2" in owner.page("items?part=flow").content.decode()
    assert first.bundle_no in owner.page("items?q=2026112300001").content.decode()


@pytest.mark.parametrize("query", ["status=nope", "from=yesterday", "channel_account=x", "cursor=%00", "held=maybe"])
def test_a_wrong_address_is_refused_with_a_sentence(shop, owner, query):
    answer = owner.page(f"items?{query}")
    assert answer.status_code == 400
    assert "card error" in answer.content.decode()


def test_more_rows_come_by_cursor_and_none_twice(shop, owner):
    with acting_as(shop.company):
        for place in range(130):
            shop.order(f"20261123{place:05d}", f"L{place}")
    first = owner.page("items?status=preparing").context["shown"]
    rest = owner.page(f"rows?status=preparing&cursor={first.next_cursor}").json()
    assert (len(first.rows), len(rest["rows"]), rest["next_cursor"], rest["total"]) == (100, 30, None, "130")
    assert len({row["id"] for row in (*first.rows, *rest["rows"])}) == 130


def test_the_person_says_how_many_rows_come_at_once(shop, owner):
    """C43: rows a page, more than one read takes as well."""
    from jumun.companies.preferences import Preferences, save_preferences

    with acting_as(shop.company):
        shop.store(make_line(f"20261123{place:05d}", f"L{place}", shop.at) for place in range(230))
        save_preferences(shop.owner, Preferences(rows_a_page=500))
    assert len(owner.page("items?status=preparing").context["shown"].rows) == 230
    with acting_as(shop.company):
        save_preferences(shop.owner, Preferences(rows_a_page=50))
    assert len(owner.page("items?status=preparing").context["shown"].rows) == 50


def test_rows_come_in_the_order_that_was_asked_for(shop, owner):
    """I3: sorted by the server; an order that is refused is refused in words, and the page shows the usual one."""
    store(shop, "2026112300001", amount=Decimal(5000))
    store(shop, "2026112300002", amount=Decimal(9000))
    store(shop, "2026112300003", amount=Decimal(7000))
    for sort, amounts in (("amount", ["5,000", "7,000", "9,000"]), ("-amount", ["9,000", "7,000", "5,000"])):
        told = owner.page(f"rows?status=preparing&sort={sort}").json()
        assert [row["amount"] for row in told["rows"]] == amounts
        page = owner.page(f"items?status=preparing&sort={sort}")
        assert [row["amount"] for row in page.context["shown"].rows] == amounts
    refused = owner.page("rows?status=preparing&sort=nonsense")
    assert refused.status_code == 400 and refused.json()["problem"]


def test_too_many_to_sort_is_a_sentence_and_the_list_stays(shop, owner, monkeypatch):
    store(shop, "2026112300001", "2026112300002")
    monkeypatch.setattr("jumun.orders.sorting.MOST_SORTED", 1)
    refused = owner.page("rows?status=preparing&sort=product")
    assert refused.status_code == 400 and refused.json()["problem"] == sentence("too_many_to_sort", most="1")
    page = owner.page("items?status=preparing&sort=product")
    assert len(page.context["shown"].rows) == 2 and sentence("too_many_to_sort", most="1") in page.content.decode()


@pytest.mark.parametrize("by", ["channel_account", "sku", "recipient"])
def test_a_list_is_shown_in_groups_that_open_into_lists(shop, owner, by):
    store(shop, "2026112300001", "2026112300002")
    page = owner.page(f"items?status=preparing&group={by}")
    (group,) = page.context["groups"]
    assert group.items == "2" and "홍길동" not in page.content.decode()
    opened = owner.page(f"items?{group.address}")
    assert len(opened.context["shown"].rows) == 2 and not opened.context["grouped"]


def test_a_preview_says_what_would_happen_and_changes_nothing(shop, owner):
    good, held = store(shop, "2026112300001", "2026112300002")
    put_hold(shop, held)
    with acting_as(shop.company):
        batches = Batch.objects.count()
    answer = owner.send("items/preview", {"action": "release", "ids": [good.id, held.id]})
    text = answer.content.decode()
    assert "출고지시 1건" in text and sentence("held") in text and held.bundle_no in text
    assert statuses(shop) == ["preparing", "preparing"]
    with acting_as(shop.company):
        assert Batch.objects.count() == batches


def test_the_deed_moves_what_may_and_names_the_rest(shop, owner):
    good, held = store(shop, "2026112300001", "2026112300002")
    put_hold(shop, held)
    answer = owner.send("items/do", {"action": "release", "ids": f"{good.id},{held.id}"})
    text = answer.content.decode()
    assert statuses(shop) == ["preparing", "ready"]
    assert held.bundle_no in text and sentence("held") in text
    assert answer["HX-Trigger-After-Settle"] == "items-changed, bar-changed"


def test_doing_it_twice_is_harmless_and_undo_takes_it_back(shop, owner):
    (item,) = store(shop, "2026112300001")
    first = owner.send("items/do", {"action": "release", "ids": item.id})
    second = owner.send("items/do", {"action": "release", "ids": item.id})
    assert sentence("wrong_status") in second.content.decode()
    batch = first.context["undo"]
    assert owner.send(f"batches/{batch}/undo").status_code == 200
    assert statuses(shop) == ["preparing"]
    assert owner.send(f"batches/{batch}/undo").context["outcome"].done == 0


def test_all_of_a_filter_leaves_out_what_came_after_the_look(shop, owner):
    store(shop, "2026112300001", "2026112300002")
    as_of = owner.page("items?status=preparing").context["as_of"]
    late = type(shop)(shop.company, shop.owner, shop.account, shop.ship_from, shop.at + timedelta(hours=1))
    store(late, "2026112300003")
    form = {"action": "release", "scope": "filter", "query": "status=preparing", "as_of": as_of}
    assert "출고지시 2건" in owner.send("items/preview", form).content.decode()
    owner.send("items/do", form)
    assert statuses(shop) == ["preparing", "ready", "ready"]


def test_a_hold_needs_a_reason_and_keeps_its_note(shop, owner):
    (item,) = store(shop, "2026112300001")
    assert owner.send("items/do", {"action": "hold", "ids": item.id}).status_code == 400
    owner.send("items/do", {"action": "hold", "ids": item.id, "reason": "address", "note": "동 호수 확인"})
    with acting_as(shop.company):
        assert list(Hold.objects.values_list("reason", "note")) == [("address", "동 호수 확인")]
    assert "주소 확인 필요" in owner.page(f"orders/{item.order_id}").content.decode()


def test_what_blocks_a_shipment_can_be_taken_out_with_one_button(shop, owner):
    with acting_as(shop.company):
        first, second = shop.order("2026112300001", "A", "B")
    put_hold(shop, first)
    answer = owner.send("items/do", {"action": "release", "ids": [first.id, second.id]})
    assert answer.context["outcome"].done == 0
    assert [each.id for each in answer.context["left"] if each.blocks] == [first.id]
    owner.send("items/do", {"action": "take_out", "ids": first.id})
    assert owner.send("items/do", {"action": "release", "ids": second.id}).context["outcome"].done == 1


def test_nothing_chosen_and_nonsense_are_refused(shop, owner):
    for form in ({"action": "release"}, {"action": "release", "ids": "x"}, {"action": "fly", "ids": "1"}):
        answer = owner.send("items/do", form)
        assert answer.status_code == 400
        assert answer["HX-Retarget"] == "#notices"
    broken = {"action": "release", "scope": "filter", "query": "status=preparing", "as_of": "x"}
    assert owner.send("items/do", broken).status_code == 400


def test_typed_waybills_are_answered_row_by_row(shop, owner):
    good, short, taken = store(shop, "2026112300001", "2026112300002", "2026112300003")
    owner.send("items/do", {"action": "release", "ids": [good.id, short.id, taken.id]})
    page = owner.page("items?status=ready")
    assert [row["mode"] for row in page.context["shown"].rows] == ["type"] * 3
    number = good_number(1)
    answer = owner.send(
        "waybills",
        {"item": [good.id, short.id, taken.id], "carrier": ["cj"] * 3, "number": [number, "123", number]},
    )
    told = {verdict.item: (verdict.ok, verdict.text) for verdict in answer.context["verdicts"]}
    assert told == {
        good.id: (True, ""),
        short.id: (False, sentence("waybill_length")),
        taken.id: (False, sentence("waybill_taken")),
    }
    text = answer.content.decode()
    assert f'data-of="{short.id}"' in text and sentence("waybill_length") in text
    assert statuses(shop) == ["labelled", "ready", "ready"]
    batch = answer.context["undo"]
    owner.send(f"batches/{batch}/undo")
    assert statuses(shop) == ["ready"] * 3


@pytest.mark.parametrize("form", [{}, {"item": "1"}, {"item": "x", "carrier": "cj", "number": "1"}])
def test_broken_waybill_forms_are_refused(shop, owner, form):
    assert owner.send("waybills", form).status_code == 400


XSS = '<img src=x onerror="window.hit=1">"\'><script>window.hit=1</script>'


def test_what_a_channel_sends_is_inert(shop, owner):
    from jumun.channels.port import Address

    recipient = Address(name=XSS, phone1="010-0000-1234", postcode="04524", address1=XSS, address2="1", message=XSS)
    with acting_as(shop.company):
        (item,) = shop.order("2026112300001", "L1", product_name=XSS, option_text=XSS, recipient=recipient)
    put_hold(shop, item)
    answers = [
        owner.page("items"),
        owner.page("items?q=" + "%3Cscript%3Ewindow.hit%3D1%3C/script%3E"),
        owner.page(f"orders/{item.order_id}"),
        owner.send(f"orders/{item.order_id}/recipient"),
        owner.send("items/preview", {"action": "release", "ids": item.id}),
        owner.send("items/do", {"action": "release", "ids": item.id}),
    ]
    for answer in answers:
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "<img src=x" not in text and "<script>window" not in text


@pytest.mark.parametrize(
    ("role", "sees", "does"),
    [
        (Role.MANAGER, {"items", "jobs", "accounts", "tokens", "accounts/new/naver"}, {"release", "hand_over"}),
        (Role.CLERK, {"items", "jobs", "accounts", "tokens"}, {"release", "hand_over"}),
        (Role.PACKER, {"items", "jobs", "accounts"}, {"hand_over"}),
        (Role.VIEWER, {"items", "jobs", "accounts"}, set()),
    ],
)
def test_each_role_reaches_what_its_permissions_say(shop, someone, role, sees, does):
    person = someone(role)
    pages = ("items", "jobs", "accounts", "tokens", "accounts/new/naver", "people", "trail")
    assert {path for path in pages if person.page(path).status_code == 200} == sees
    (item,) = store(shop, "2026112300001")
    allowed = {
        action
        for action in ("release", "hand_over")
        if person.send("items/preview", {"action": action, "ids": item.id}).status_code == 200
    }
    assert allowed == does
    seen = person.send(f"orders/{item.order_id}/recipient").status_code
    assert seen == (200 if role in (Role.MANAGER, Role.CLERK) else 403)
    assert (person.send("collect", {"account": shop.account}).status_code == 200) == (
        role in (Role.MANAGER, Role.CLERK)
    )


def test_nobody_signed_in_changes_nothing(shop):
    (item,) = store(shop, "2026112300001")
    answer = visitor().send("items/do", {"action": "release", "ids": item.id})
    assert answer.status_code == 401
    assert statuses(shop) == ["preparing"]
