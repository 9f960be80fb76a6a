"""C14, C15: two households never share a parcel, however their addresses are written and whoever stands between them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.making import make_line
from tests.packing.test_combining import HERE, order, pack, shipments

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.channels.actions import AccountFields, create_account
from jumun.channels.port import Address
from jumun.intake.storing import store_lines
from jumun.matching.links import ListingRef, NewLink, put_links
from jumun.packing.choices import set_standing
from jumun.packing.deciding import settle_review
from jumun.packing.grouping import group_parcels
from jumun.packing.leaving import uncombine
from jumun.packing.load import Load
from jumun.packing.models import Candidate
from jumun.packing.rules import COMBINE, NEVER, Parcel, Rules, judge

BASE = Parcel(1, "홍길동", "010-1234-5678", "", "", "", ship_from=1)
S = "서울 중구 세종대로 110"


def verdict(one, other, **both):
    first = replace(BASE, address1=one, **both)
    return judge(first, replace(first, id=2, address1=other)).kind


@pytest.mark.parametrize(("one", "other"), [
    (f"{S} 101호", f"{S} 지하 101호"),
    (f"{S} 1호", f"{S} 지층 1호"),
    (f"{S} 301호", f"{S} 옥탑 301호"),
    (f"{S} (가동 101호)", f"{S} (나동 101호)"),
    (f"{S} (1층)", f"{S} (지하 1층)"),
    (f"{S} (A-101)", f"{S} (B-101)"),
    (f"{S} (제1동 2호)", f"{S} (제2동 2호)"),
    (f"{S} (래미안101동)1502호", f"{S} (래미안102동)1502호"),
    (f"{S} (2단지) 101동 1호", f"{S} (3단지) 101동 1호"),
    (f"{S} (본관) 1호", f"{S} (별관) 1호"),
    (f"{S} 래미안1동 2호", f"{S} 래미안2동 2호"),
    (f"{S} 래미안101동 2호", f"{S} 2호"),
    (f"{S} 장미동 101호", f"{S} 국화동 101호"),
    (f"{S} 상가동 101호", f"{S} 101호"),
    (f"{S} 별관 301호", f"{S} 301호"),
    ("부산 해운대구 마린시티2로 33 우동 101동 101호", "부산 해운대구 마린시티2로 33 우동 101호"),
    ("서울 관악구 난곡로24라길 12 101호", "서울 관악구 난곡로24 101호"),
    ("전남 여수시 봉산로 12안길 3 101호", "전남 여수시 봉산로 12 101호"),
    ("서울 강남구 역삼동 123번지 101호", "서울 강남구 역삼동 123-101"),
    (f"{S} ***", f"{S} ***"),
])  # fmt: skip
def test_two_places_are_never_sure(one, other):
    assert verdict(one, other) != COMBINE


def test_one_street_in_two_cities():
    one = replace(BASE, address1="중구 중앙대로 12 101호", postcode="48920")
    assert judge(one, replace(one, id=2, postcode="41900")).kind != COMBINE


@pytest.mark.parametrize(("one", "other"), [
    ("서울시강남구 테헤란로 12 101호", "서울 강남구 테헤란로 12 101호"),
    ("경기도성남시 분당구 판교역로 166 101호", "경기도 성남시 분당구 판교역로 166 101호"),
    ("세종특별자치시 세종시 한누리대로 2130 101호", "세종특별자치시 한누리대로 2130 101호"),
    ("부산 해운대구 마린시티2로 33 우동 101동 101호", "부산 해운대구 마린시티2로 33 (우동) 101동 101호"),
])  # fmt: skip
def test_one_place(one, other):
    assert verdict(one, other) == COMBINE


@pytest.mark.parametrize(("one", "other"), [
    (f"{S} 지하101호", f"{S} B101호"),
    ("서울 강남구 테헤란로 12 A1502호", "서울 강남구 테헤란로 12 A동 1502호"),
])  # fmt: skip
def test_one_place_is_at_least_asked(one, other):
    assert verdict(one, other) != NEVER


@pytest.mark.parametrize("who", [
    {"name": "홍○동"}, {"name": "홍＊동"}, {"phone1": "010-○○○○-5678"}, {"phone1": "010-＊＊＊＊-5678"},
    {"phone1": "010-xxxx-5678"}, {"phone1": "010-0000-0000"}, {"phone1": "0502-1111-2222,123"},
])  # fmt: skip
def test_what_is_masked_tells_nobody(who):
    one = replace(BASE, address1=S, address2="101호", **who)
    assert judge(one, replace(one, id=2)).kind != COMBINE


def test_a_masked_number_beside_a_known_one():
    one = replace(BASE, address1=S, address2="101호", phone1="010-****-5678", phone2="02-123-4567")
    assert judge(one, replace(one, id=2, phone1="010-****-9999")).kind != COMBINE


def test_kept_apart_is_not_joined_through_a_third(house):
    order(house, "B")
    order(house, "C")
    pack(house)
    uncombine([house.items("B")[0].shipment_id], by=house.owner, at=house.at)
    order(house, "A", ordered_at=house.at - timedelta(days=3))
    pack(house)
    assert shipments(house)["B"] != shipments(house)["C"]


def test_three_taken_apart_stay_three(house):
    for number in "ABC":
        order(house, number)
    pack(house)
    uncombine([house.items("A")[0].shipment_id], by=house.owner, at=house.at)
    pack(house)
    assert len(set(shipments(house).values())) == 3


@pytest.mark.parametrize(("reason", "a", "b", "c"), [
    ("safe_number", {"phone1": "0502-1111-2222"}, {"phone1": "010-1111-1111"}, {"phone1": "010-2222-2222"}),
    ("unit_missing", {"address2": ""}, {"address2": "101호"}, {"address2": "202호"}),
])  # fmt: skip
def test_a_standing_kind_joins_only_that_kind(house, reason, a, b, c):
    order(house, "A", ordered_at=house.at - timedelta(days=3), **a)
    order(house, "B", ordered_at=house.at - timedelta(days=2), **b)
    order(house, "C", **c)
    set_standing(house.account, reason, on=True, by=house.owner, at=house.at)
    pack(house)
    pack(house)
    assert shipments(house)["B"] != shipments(house)["C"]


def test_a_group_settled_does_not_join_two_units(house):
    order(house, "A", address2="", ordered_at=house.at - timedelta(days=3))
    order(house, "B", address2="101호", ordered_at=house.at - timedelta(days=2))
    order(house, "C", address2="202호")
    run, _ = pack(house)
    base = Candidate.objects.get(run=run, reasons=["base"])
    settle_review(base.id, "combine", by=house.owner, at=house.at)
    assert shipments(house)["B"] != shipments(house)["C"]


def test_words_through_a_third(house):
    order(house, "A", address2="301호", ordered_at=house.at - timedelta(days=3))
    order(house, "B", address2="공학관 301호", ordered_at=house.at - timedelta(days=2))
    order(house, "C", address2="인문관 301호")
    pack(house)
    assert shipments(house)["B"] != shipments(house)["C"]


@pytest.mark.parametrize("flags", [{"storage": "frozen"}, {"never_combine": True}])
def test_goods_matched_again_leave_a_parcel_they_may_not_be_in(house, flags):
    skus = [SkuFields("PLAIN", ship_from="main"), SkuFields("ICE", ship_from="main", **flags)]
    put_products(house.company, [ProductFields("Q", "q", skus)])
    order(house, "A")
    house.order("B", "b", product_code="PB", option_code="", seller_code="", product_name="만두", option_text="")
    put_links([NewLink(ListingRef(house.account, "PB"), parts=[("PLAIN", 1)])], by=house.owner, at=house.at)
    pack(house)
    put_links([NewLink(ListingRef(house.account, "PB"), parts=[("ICE", 1)])], by=house.owner, at=house.at)
    pack(house)
    assert len(set(shipments(house).values())) == 2


def test_kakao_gifts_go_alone(house):
    fields = AccountFields(name="카카오 선물", key="kg", credentials={})
    account = create_account(house.company, "kakaogift", fields, at=house.at)
    lines = [make_line(n, n.lower(), house.at, recipient=Address(**HERE)) for n in "AB"]
    store_lines(account, lines, by=house.owner, at=house.at)
    assert pack(house)[1].done == 0


def test_the_twenty_first_pair_is_combined_too():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    many = [
        replace(BASE, id=n, address1=S, address2="101호", ordered_at=start + timedelta(hours=n)) for n in range(1, 61)
    ]
    found = group_parcels(many, Rules(caps=Load(2)))
    assert sum(each.verdict == COMBINE and each.base != each.parcel for each in found) == 30


def test_kept_apart_holds_in_a_second_run_too(house):
    order(house, "B")
    order(house, "C")
    pack(house)
    uncombine([house.items("B")[0].shipment_id], by=house.owner, at=house.at)
    order(house, "A", ordered_at=house.at - timedelta(days=3))
    pack(house)
    pack(house)
    assert shipments(house)["B"] != shipments(house)["C"]
