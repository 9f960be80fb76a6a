"""The waybill grid on the server: a row a shipment, rules as data, what is saved over what, corrections."""

import re

import pytest

from jumun.channels.actions import AccountFields, create_account
from jumun.companies.roles import Role
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.jobs.models import Job
from jumun.orders.models import OrderItem
from jumun.waybills.carriers import CARRIERS, doubt_number, refuse_number
from tests.making import good_number


def ready(shop, *orders, lines=1):
    with acting_as(shop.company):
        for order in orders:
            shop.order(order, *(f"{order}-{line}" for line in range(lines)))
        shop.put(status="ready")
        return shop.items()


def rows(page):
    return [row.row for row in page.context["shown"].shipped]


def modes(page):
    return [row["mode"] for row in page.context["shown"].rows]


def save(owner, *typed, **more):
    columns = zip(*typed, strict=True)
    names = ("item", "carrier", "number", "was")
    return owner.send("waybills", dict(zip(names, map(list, columns), strict=False)) | more)


def told(answer):
    return {verdict.item: (verdict.ok, verdict.text) for verdict in answer.context["verdicts"]}


def test_a_row_is_a_shipment_with_its_orders_items_and_masked_recipient(shop, owner):
    items = ready(shop, "2026112300001", "2026112300002", lines=3)
    page = owner.page("items?status=ready")
    assert [(row.orders, row.kinds, row.quantity, len(row.ids)) for row in rows(page)] == [
        (["2026112300002"], 3, 3, 3),
        (["2026112300001"], 3, 3, 3),
    ]
    text = page.content.decode()
    assert modes(page) == ["type", "type"]
    assert "홍*동" in text and "홍길동" not in text and "202호" not in text
    assert {row.shipment for row in rows(page)} == {item.bundle_no for item in items}
    assert "외 2" in text


def test_pages_of_shipments_follow_each_other_and_none_comes_twice(shop, owner):
    ready(shop, *(f"20261123{n:05d}" for n in range(110)), lines=2)
    seen, address = [], "rows?status=ready"
    while address:
        answer = owner.page(address).json()
        seen += [row["bundle"] for row in answer["rows"]]
        address = answer["next_cursor"] and f"rows?status=ready&cursor={answer['next_cursor']}"
    assert len(seen) == len(set(seen)) == 110
    assert owner.page("items?status=ready&cursor=%00").status_code == 400
    assert owner.page("rows?status=ready&cursor=%00").status_code == 400


def test_rows_asked_for_by_id_come_only_while_they_belong_to_the_step(shop, owner):
    first, second = ready(shop, "2026112300001", "2026112300002")
    save(owner, (first.id, "cj", good_number(1), ""))
    answer = owner.page(f"rows?status=ready&ids={first.id},{second.id}").json()
    assert [(row["item"], row["ids"], row["bundle"]) for row in answer["rows"]] == [
        (second.id, [second.id], second.bundle_no)
    ]
    assert answer["total"] == "1"
    assert owner.page("rows?status=ready&ids=x").status_code == 400


def test_the_rules_of_every_carrier_are_served_as_data(shop, owner):
    """What the page checks while a number is typed is what the server checks when it is saved."""
    ready(shop, "2026112300001")
    text = owner.page("items?status=ready").content.decode()
    options = dict(re.findall(r'<option value="(\w+)" (data-lengths=[^>]+)>', text))
    assert set(options) == set(CARRIERS)
    for carrier in CARRIERS.values():
        lengths = re.search(r'data-lengths="([^"]*)"', options[carrier.id])[1].split()
        checks = re.search(r'data-checks="([^"]*)"', options[carrier.id])[1].split()
        for length in (10, 11, 12, 13):
            for number in (str(n) for n in range(10 ** (length - 1), 10 ** (length - 1) + 14)):
                allowed = not lengths or str(length) in lengths
                assert allowed == (not refuse_number(carrier.id, number)) or carrier.id == "direct"
                rules = [pair.split(":") for pair in checks]
                holds = all(
                    len(number) != int(of) or int(number[int(start) : -1]) % 7 == int(number[-1]) for of, start in rules
                )
                if allowed:
                    assert holds == (not doubt_number(carrier.id, number)), (carrier.id, number)


def test_a_row_typed_over_an_older_state_is_refused_by_name(shop, owner):
    first, second = ready(shop, "2026112300001", "2026112300002")
    save(owner, (first.id, "cj", good_number(1), ""))
    answer = save(owner, (first.id, "cj", good_number(2), ""), (second.id, "cj", good_number(3), ""))
    assert told(answer)[second.id] == (True, "")
    ok, text = told(answer)[first.id]
    assert not ok and good_number(1) in text
    page = answer.content.decode()
    assert first.bundle_no in page and text in page
    with acting_as(shop.company):
        assert set(OrderItem.objects.values_list("waybill", flat=True)) == {good_number(1), good_number(3)}


def test_checking_first_tells_each_row_and_saves_nothing(shop, owner):
    first, second = ready(shop, "2026112300001", "2026112300002")
    answer = save(owner, (first.id, "cj", good_number(1), ""), (second.id, "cj", "123", ""), check="1")
    assert told(answer) == {first.id: (True, ""), second.id: (False, sentence("waybill_length"))}
    assert "1줄은 저장됩니다" in answer.content.decode() and "되돌리기" not in answer.content.decode()
    with acting_as(shop.company):
        assert set(OrderItem.objects.values_list("status", "waybill")) == {("ready", "")}


def test_more_refusals_than_an_answer_names_are_all_told(shop, owner):
    items = ready(shop, *(f"20261123{n:05d}" for n in range(90)), lines=3)
    first = {}
    for item in items:
        first.setdefault(item.shipment_id, item)
    owner.send("items/do", {"action": "hold", "ids": [item.id for item in items[3:]], "reason": "stock"})
    typed = [(item.id, "cj", good_number(place), "") for place, item in enumerate(first.values())]
    verdicts = told(save(owner, *typed))
    assert sum(ok for ok, _ in verdicts.values()) == 1
    assert {text for ok, text in verdicts.values() if not ok} == {sentence("held")}


def test_a_doubtful_number_is_saved_and_said(shop, owner):
    (item,) = ready(shop, "2026112300001")
    answer = save(owner, (item.id, "cj", "680000000012", ""))
    assert told(answer)[item.id][0] and "검증 숫자" in answer.content.decode()
    assert [row.waybill for row in rows(owner.page("items?status=labelled"))] == ["680000000012"]


def test_numbers_are_changed_in_labelled_and_shipped(shop, owner):
    (item,) = ready(shop, "2026112300001")
    for step, number in (("labelled", good_number(1)), ("labelled", good_number(2)), ("shipped", good_number(3))):
        was = number_of(shop, item)
        assert told(save(owner, (item.id, "cj", number, was)))[item.id] == (True, "")
        owner.send("items/do", {"action": "hand_over", "ids": item.id}) if step == "shipped" else None
    save(owner, (item.id, "cj", good_number(4), good_number(3)))
    assert [(row.waybill, row.status) for row in rows(owner.page("items?status=shipped"))] == [
        (good_number(4), "shipped")
    ]


def number_of(shop, item):
    with acting_as(shop.company):
        return OrderItem.objects.get(id=item.id).waybill


def test_what_grows_after_the_number_says_print_again(shop, owner):
    ready(shop, "2026112300001")
    with acting_as(shop.company):
        OrderItem.objects.update(reprint=True)
    assert "내용 바뀜: 다시 출력" in owner.page("items?status=ready").content.decode()


def in_transit(shop, channel="naver"):
    with acting_as(shop.company):
        account = shop.account
        if channel != "naver":
            keys = {"vendor_id": "A1", "access_key": "a", "secret_key": "s"}
            account = create_account(
                shop.company, channel, AccountFields(name="쿠팡", key="wing", credentials=keys), at=shop.at
            )
        (item,) = shop.order("2026112300001", "L1")
        shop.put(status="shipped")
        OrderItem.objects.update(status="in_transit", push="confirmed", channel=channel, account_id=account)
        return OrderItem.objects.get(id=item.id)


def test_where_the_channel_cannot_correct_the_row_says_where_else(shop, owner):
    from jumun.connectors.naver.connector import PROFILE

    item = in_transit(shop)
    for language, sentence_of in (("ko", 0), ("en", 1)):
        owner.post("/language", {"language": language})
        page = owner.page("items?status=in_transit")
        text = page.content.decode()
        (row,) = page.context["shown"].rows
        assert row["mode"] == "by_hand"
        assert row["by_hand"] == PROFILE.correct_by_hand[sentence_of] and row["outside"] == PROFILE.seller_centre
        assert 'id="typing"' not in text
    owner.post("/language", {"language": "ko"})
    answer = save(owner, (item.id, "cj", good_number(9), item.waybill))
    assert told(answer)[item.id] == (False, sentence("cannot_correct"))


def test_where_it_can_the_click_is_warned_of_and_a_job_tells_the_channel(shop, owner):
    item = in_transit(shop, "coupang")
    page = owner.page("items?status=in_transit")
    text = page.content.decode()
    assert modes(page) == ["correct"]
    assert "쇼핑몰에 바로 알립니다. 알린 뒤에는 되돌릴 수 없습니다." in text
    answer = save(owner, (item.id, "cj", good_number(9), item.waybill))
    assert told(answer)[item.id] == (True, "")
    with acting_as(shop.company):
        job = Job.objects.get(kind="correct")
        assert OrderItem.objects.get().push == "planned"
    body = answer.content.decode()
    assert f"/jobs/{job.id}?part=card" in body and "되돌리기" not in body and "운송장 정정" in body
    assert "운송장 정정" in owner.page("jobs").content.decode()


def test_a_packer_corrects_nothing_a_channel_was_told(shop, owner, someone):
    item = in_transit(shop, "coupang")
    packer = someone(Role.PACKER)
    assert modes(packer.page("items?status=in_transit")) == [""]
    answer = save(packer, (item.id, "cj", good_number(9), item.waybill))
    assert told(answer)[item.id] == (False, sentence("not_allowed"))
    with acting_as(shop.company):
        assert OrderItem.objects.get().push == "confirmed"


@pytest.mark.parametrize("status", ["ready", "labelled", "shipped", "in_transit", "delivered"])
def test_no_button_of_the_bar_leads_nowhere(shop, owner, status):
    """label, relabel, renumber and correct are done in the grid; every button that is shown has a preview."""
    in_transit(shop, "coupang")
    with acting_as(shop.company):
        OrderItem.objects.update(status=status)
    page = owner.page(f"items?status={status}")
    actions = [button.action for button in page.context["buttons"]]
    assert not {"label", "relabel", "renumber", "correct"} & set(actions)
    for action in actions:
        answer = owner.send("items/preview", {"action": action, "ids": rows(page)[0].ids})
        assert answer.status_code == 200, (status, action)


def test_a_viewer_reads_the_grid_and_types_nothing(shop, owner, someone):
    ready(shop, "2026112300001")
    page = someone(Role.VIEWER).page("items?status=ready")
    assert modes(page) == [""] and 'id="typing"' not in page.content.decode()
