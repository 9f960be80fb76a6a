"""Filters in the address: every axis as a chip, periods to the minute, default periods, pasted numbers."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from jumun.companies.roles import Role
from jumun.core.clock import in_kst
from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold
from jumun.orders.models import View
from jumun.orders.selection import Selection
from tests.web.conftest import visitor


def store(shop, *numbers, **more):
    with acting_as(shop.company):
        return [item for number in numbers for item in shop.order(number, f"{number}-1", **more)]


def chips(page):
    return [(chip.axis, chip.label, chip.value) for chip in page.context["chips"]]


EVERY_AXIS = [
    ("claim=open", "클레임", "처리 중"),
    ("claim=cancel_requested", "클레임", "취소요청"),
    ("held=true", "보류", "보류 중"),
    ("held=false", "보류", "보류 아님"),
    ("hold=stock,address", "보류 사유", "재고 부족, 주소 확인 필요"),
    ("matched=false", "매칭", "매칭 안 됨"),
    ("reprint=true", "출력", "다시 출력해야 함"),
    ("push=rejected", "쇼핑몰 전송", "전송 실패"),
    ("ordered=7d", "주문일", "최근 7일"),
    ("period=7d&by=paid", "결제일", "최근 7일"),
    ("ship_by=late", "발송기한", "지남"),
    ("status_since=2026-11-01T09:30~2026-11-02T10:00", "상태 변경일", "11.01 09:30 ~ 11.02 10:00"),
    ("from=2025-11-01&to=2025-11-02", "주문일", "2025.11.01 ~ 2025.11.02"),
    ("amount_from=1000&amount_to=20000", "금액", "1,000 ~ 20,000"),
    ("sku=TSH-BLK-L", "SKU", "TSH-BLK-L"),
    ("recipient=홍길동", "받는 분", "홍길동"),
    ("memo=any", "메모", "있음"),
    ("carrier=cj", "택배사", "CJ대한통운"),
    ("waybill=none", "송장", "미등록"),
    ("status=paid,ready", "상태", "결제완료, 출고대기"),
    ("number=1,2", "번호", "1, 2"),
    ("q=티셔츠", "검색", "티셔츠"),
]


@pytest.mark.parametrize(("query", "label", "value"), EVERY_AXIS)
def test_i2_each_axis_is_a_chip_that_can_be_taken_off(shop, owner, query, label, value):
    page = owner.page(f"items?{query}")
    assert page.status_code == 200
    found = [chip for chip in page.context["chips"] if not chip.default]
    assert [(chip.label, chip.value) for chip in found] == [(label, value)]
    without = owner.client.get(f"/c/shop/items?{found[0].without}")
    assert [chip for chip in without.context["chips"] if not chip.default] == []


@pytest.mark.parametrize(
    "query",
    [
        "status=nope",
        "from=yesterday",
        "ordered=7x",
        "paid=2026-13-01~",
        "ordered=~",
        "ordered=2026-11-02~2026-11-01",
        "by=nothing&period=7d",
        "channel_account=x",
        "held=maybe",
        "amount_from=much",
        "moved_by=1",
        "list=999999",
        "list=x",
        "ordered=0001-01-01~",
        "ship_by=9999-12-31~",
        "q=%00",
    ],
)
def test_a_condition_nobody_can_read_is_told_in_a_sentence(shop, owner, query):
    answer = owner.page(f"items?{query}")
    assert answer.status_code == 400
    assert "card error" in answer.content.decode()


def test_c43_a_period_counts_to_the_minute_in_korean_time(shop, owner):
    (item,) = store(shop, "2026112300001")
    there = in_kst(item.ordered_at)
    minute = f"{there:%Y-%m-%dT%H:%M}"
    before, after = (f"{there + timedelta(minutes=by):%Y-%m-%dT%H:%M}" for by in (-1, 1))
    for query, found in (
        (f"ordered={minute}~{minute}", 1),
        (f"ordered={after}~", 0),
        (f"ordered=~{before}", 0),
        (f"ordered_from={before}&ordered_to={after}&ordered=custom", 1),
        (f"from={there:%Y-%m-%d}&to={there:%Y-%m-%d}&by=ordered", 1),
    ):
        assert owner.page(f"items?{query}").context["total"] == found, query


def test_c43_steps_that_need_hands_have_no_period_and_later_lists_ones_own(shop, owner):
    old = shop.at - timedelta(days=60)
    store(shop, "2026112300001")
    store(shop, "2026092300001", ordered_at=old, paid_at=old)
    assert owner.page("items?status=preparing").context["total"] == 2
    page = owner.page("items")
    assert page.context["total"] == 1 and page.context["query"] == "ordered=1m"
    (chip,) = page.context["chips"]
    assert (chip.value, chip.default, chip.without) == ("최근 1개월", True, "period=all")
    assert owner.page("items?period=all").context["total"] == 2
    assert owner.page("items?q=2026092300001").context["total"] == 1
    assert owner.page("items?held=false").context["total"] == 2


def test_a_bulk_deed_means_the_items_that_were_shown(shop, owner):
    """The default period stands in the query that "all N" sends."""
    old = shop.at - timedelta(days=60)
    store(shop, "2026112300001")
    store(shop, "2026092300001", ordered_at=old, paid_at=old)
    page = owner.page("items")
    answer = owner.send(
        "items/preview",
        {"action": "hold", "scope": "filter", "query": page.context["query"], "as_of": page.context["as_of"]},
    )
    assert answer.context["outcome"].done == 1


def test_i2_the_panel_offers_every_axis_and_keeps_what_is_chosen(shop, owner):
    with acting_as(shop.company):
        (item,) = shop.order("2026112300001", "L1")
        hold(Selection(ids=(item.id,)), reason="stock", by=shop.owner, at=shop.at)
    page = owner.page(f"items?hold=stock&memo=any&amount_from=10&ordered=2026-11-01~&recipient={quote('ㅎㄱㄷ')}")
    text = page.content.decode()
    for axis in (
        "status",
        "channel_account",
        "ordered",
        "paid",
        "ship_by",
        "status_since",
        "claim",
        "held",
        "matched",
        "reprint",
        "hold",
        "push",
        "recipient",
        "sku",
        "amount",
        "memo",
        "carrier",
        "waybill",
    ):
        assert f'data-axis="{axis}"' in text, axis
    assert 'value="stock" checked' in " ".join(text.split())
    assert 'value="2026-11-01T00:00"' in text and 'value="ㅎㄱㄷ"' in text


def test_pasted_numbers_open_what_was_found_and_name_what_was_not(shop, owner):
    first, second = store(shop, "2026112300001", "2026112300002")
    pasted = "2026112300001\n2026112300002\t2026112300001, 없는번호\r\n010 0000 1234\n 'X-1'"
    answer = owner.send("numbers", {"numbers": pasted})
    assert answer.status_code == 200
    assert answer.context["given"] == 5 and answer.context["found"] == 3
    assert answer.context["missing"] == ["없는번호", "X-1"]
    page = owner.page(f"items?list={answer.context['list']}")
    assert page.context["total"] == 2 and chips(page) == [("", "붙여넣은 번호", "3개")]
    assert first.bundle_no in page.content.decode() and second.bundle_no in page.content.decode()
    assert owner.page("items").context["tabs"] == []


def test_pasted_numbers_have_an_upper_limit_and_a_lower_one(shop, owner):
    whole = owner.send("numbers", {"numbers": "\n".join(str(number) for number in range(10_000, 11_000))})
    assert whole.context["given"] == 1000 and len(whole.context["missing"]) == 1000 and whole.context["list"] is None
    assert owner.send("numbers", {"numbers": "\n".join(map(str, range(1001)))}).status_code == 400
    assert owner.send("numbers", {"numbers": " ,\n"}).status_code == 400


def test_lists_of_numbers_go_after_a_week_unless_a_tab_names_them(shop, owner):
    store(shop, "2026112300001")
    ids = [owner.send("numbers", {"numbers": "2026112300001"}).context["list"] for _ in range(2)]
    owner.send("views", {"name": "이 번호", "query": f"list={ids[0]}"})
    with acting_as(shop.company):
        View.objects.update(created_at=shop.at - timedelta(days=8))
    owner.send("numbers", {"numbers": "2026112300001"})
    assert owner.page(f"items?list={ids[0]}").status_code == 200
    assert owner.page(f"items?list={ids[1]}").status_code == 400


def test_another_company_sees_no_list_and_no_tab(shop, owner, at):
    from tests.making import open_house

    store(shop, "2026112300001")
    made = owner.send("numbers", {"numbers": "2026112300001"}).context["list"]
    owner.send("views", {"name": "우리 탭", "query": "", "shared": "true"})
    open_house(at, "other")
    stranger = visitor("other")
    stranger.login("owner@other.kr")
    assert stranger.page(f"items?list={made}").status_code == 400
    assert stranger.page("items").context["tabs"] == []
    assert stranger.send(f"views/{made + 1}/delete").status_code == 404


def test_the_strip_keeps_the_account_and_drops_the_rest(shop, owner, someone):
    page = owner.page(f"items?status=paid&channel_account={shop.account}&held=true")
    ready = next(step for step in page.context["steps"] if step.key == "ready")
    assert ready.address == f"status=ready&channel_account={shop.account}"
    assert someone(Role.VIEWER).page("items?part=flow").status_code == 200
