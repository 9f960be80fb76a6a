"""C14, C15, N8: what is one person at one place, whatever the spelling, and what never is."""

import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from jumun.packing.grouping import group_parcels
from jumun.packing.load import Load
from jumun.packing.people import plain_name, plain_phone
from jumun.packing.rules import COMBINE, NEVER, REVIEW, Parcel, Rules, choose_base, judge

BASE = Parcel(
    id=1,
    name="홍길동",
    phone1="010-1234-5678",
    phone2="02-123-4567",
    postcode="06234",
    address1="서울 강남구 테헤란로12길 34 (역삼동, 래미안)",
    address2="103동 1502호",
    ship_from=1,
)
ADDRESSES = [
    # what is written, what becomes of it beside BASE
    ("서울특별시 강남구 테헤란로12길 34", "103동 1502호", COMBINE),
    ("서울시 강남구 테헤란로 12길 34", "103-1502", COMBINE),
    ("서울시 강남구 테헤란로 12 길 34", "103동1502호", COMBINE),
    ("서울 강남구 테헤란로12길 34(역삼동)", "103 동 1502 호", COMBINE),
    ("서울특별시강남구테헤란로12길34", "103동 1502", COMBINE),
    ("서울 강남구 테헤란로12길 34, 103동 1502호", "(역삼동, 래미안)", COMBINE),
    ("서울 강남구 테헤란로12길 34", "１０３동 １５０２호", COMBINE),
    ("서울 강남구 테헤란로12길 34 (래미안 103동 1502호)", "", COMBINE),
    ("서울 강남구 테헤란로12길 34 역삼동", "103-1502호", COMBINE),
    ("서울 강남구 테헤란로12길 34", "0103동 1502호", COMBINE),
    ("[06234] 서울 강남구 테헤란로12길 34", "103동 1502호", COMBINE),
    ("서울 강남구 테헤란로12길 34", "", REVIEW),
    ("서울 강남구 테헤란로12길 34", "1502호", REVIEW),
    ("강남구 테헤란로12길 34", "103동 1502호", REVIEW),
    ("서울 강남구 역삼동 123-4", "103동 1502호", REVIEW),
    ("서울 강남구 역삼동 123-4번지 래미안", "103동 1502호", REVIEW),
    ("서울 강남구 테헤란로12길 34 래미안", "103동 1502호", COMBINE),
    ("(06234) 서울 강남구 테헤란로12길 34, 래미안아파트 103동 1502호", "", COMBINE),
    ("서울특별시　강남구　테헤란로１２길　３４", "１０３동　１５０２호", COMBINE),
    ("서울 강남구 테헤란로12길 34", "103동", REVIEW),
    ("서울 강남구 테헤란로12길 340", "103동 1502호", NEVER),
    ("서울 강남구 테헤란로12길 34", "103동 1503호", NEVER),
    ("서울 강남구 테헤란로12길 34", "104동 1502호", NEVER),
    ("서울 강남구 테헤란로12길 35", "103동 1502호", NEVER),
    ("서울 강남구 테헤란로12길 34-1", "103동 1502호", NEVER),
    ("서울 강남구 테헤란로 34", "103동 1502호", NEVER),
    ("부산 강남구 테헤란로12길 34", "103동 1502호", NEVER),
    ("서울 서초구 테헤란로12길 34", "103동 1502호", NEVER),
    ("서울 강남구 역삼동 123-4", "104동 1502호", NEVER),
]
PAIRS = [
    # one address, the other, what becomes of them
    ("경기도 성남시 분당구 판교역로 166", "경기 성남시 분당구 판교역로166", COMBINE),
    ("강원특별자치도 춘천시 중앙로 1", "강원도 춘천시 중앙로 1", COMBINE),
    ("전북특별자치도 전주시 완산구 홍산로 245", "전라북도 전주시 완산구 홍산로 245", COMBINE),
    ("제주특별자치도 제주시 첨단로 242", "제주 제주시 첨단로 242", COMBINE),
    ("세종특별자치시 한누리대로 2130", "세종시 한누리대로 2130", COMBINE),
    ("광주광역시 북구 용봉로 77", "광주시 북구 용봉로 77", COMBINE),
    ("서울 종로구 을지로3가 12-3", "서울특별시 종로구 을지로3가 12-3번지", COMBINE),
    ("경북 안동시 풍천면 도청대로 455", "경상북도 안동시 풍천면 도청대로455", COMBINE),
    ("경기 양평군 서종면 문호리 산 12-3", "경기도 양평군 서종면 문호리 산12-3번지", COMBINE),
    ("서울 마포구 상암동 1605", "서울시 마포구 상암동 1605번지", COMBINE),
    ("서울 마포구 상암동 160번지 5호", "서울시 마포구 상암동 160-5", COMBINE),
    ("서울 영등포구 여의대방로44길 10 B1층", "서울 영등포구 여의대방로44길 10 지하1층", COMBINE),
    ("서울 중구 세종대로 110 5층", "서울 중구 세종대로 110 6층", NEVER),
    ("경기 광주시 경안로 10", "광주 북구 경안로 10", NEVER),
    ("경기 양평군 서종면 문호리 산12-3", "경기 양평군 서종면 문호리 12-3", NEVER),
    ("서울 중구 세종대로 110 A동 101호", "서울 중구 세종대로 110 B동 101호", NEVER),
    ("서울 중구 세종대로 110 가동 101호", "서울 중구 세종대로 110 나동 101호", NEVER),
    ("서울 중구 세종대로 지하 110", "서울 중구 세종대로 110", NEVER),
    ("서울 중구 세종대로 110 한빛상사", "서울 중구 세종대로 110 달빛상사", NEVER),
    ("서울 중구 사서함 12", "서울 중구 사서함 13", NEVER),
    ("부산 해운대구 달맞이길 1번길 5", "부산 해운대구 달맞이길1번길 5", COMBINE),
    ("부산 해운대구 달맞이길 1번길 5", "부산 해운대구 달맞이길 5", NEVER),
    ("경기도 성남시 분당구 판교로 255번길 9-22 3층", "경기 성남시 분당구 판교로255번길 9-22 (삼평동) 3층", COMBINE),
    ("서울 강남구 역삼동 123-45 201호", "서울특별시 강남구 역삼동 123-45번지 201호", COMBINE),
    ("강원도 춘천시 동면 장학리 101-2", "강원특별자치도 춘천시 동면 장학리 101-2", COMBINE),
    ("부산 해운대구 우동 1408 마린시티 101동 3001호", "부산광역시 해운대구 우동 1408 101동 3001호", COMBINE),
    ("사서함 12호 논산우체국", "사서함 12호  논산우체국", COMBINE),
    ("서울 중구 세종대로 110 한빛상사", "서울 중구 세종대로 110", REVIEW),
    ("서울 종로구 종로1가 24", "서울 종로구 종로 24", REVIEW),
    ("서울 강남구 역삼동 123-45 201호", "서울 강남구 테헤란로 12 (역삼동) 202호", NEVER),
    ("서울 중구 세종대로 110 1층", "서울 중구 세종대로 110 지하 1층", NEVER),
    ("부산 중구 중앙대로 12", "부산 동구 중앙대로 12", NEVER),
    ("Seoul Street 1", "Seoul Street 2", NEVER),
    ("", "", NEVER),
]
PEOPLE = [
    # name, landline or mobile, the other number, what becomes of it beside BASE
    ("홍길동님", "01012345678", "021234567", COMBINE),
    ("홍 길 동", "+82 10-1234-5678", "+82-2-123-4567", COMBINE),
    ("홍길동", "1012345678", "2-123-4567", COMBINE),
    ("홍길동 님", "０１０-1234-5678", "02 123 4567", COMBINE),
    ("홍길동", "02-123-4567", "010-1234-5678", COMBINE),
    ("홍길동", "010-1234-5678", "", REVIEW),
    ("홍길동", "010-1234-5679", "02-123-4567", REVIEW),
    ("홍길동", "0502-1234-5678", "", REVIEW),
    ("홍길동", "010-1234-5678", "0504-123-4567", REVIEW),
    ("홍길순", "010-1234-5678", "02-123-4567", REVIEW),
    ("홍길순", "010-9999-5678", "", NEVER),
    ("김철수", "0502-1234-5678", "", NEVER),
    ("", "010-1234-5678", "02-123-4567", NEVER),
    ("홍*동", "010-1234-5678", "02-123-4567", NEVER),
]


@pytest.mark.parametrize(("address1", "address2", "kind"), ADDRESSES)
def test_addresses(address1, address2, kind):
    """C14, C15: the same person at an address written otherwise."""
    assert judge(BASE, replace(BASE, id=2, address1=address1, address2=address2)).kind == kind


@pytest.mark.parametrize(("one", "other", "kind"), PAIRS)
def test_pairs_of_addresses(one, other, kind):
    """C14: provinces, 번지, 산, floors and letters."""
    first = replace(BASE, address1=one, address2="", postcode="")
    assert judge(first, replace(first, id=2, address1=other)).kind == kind


@pytest.mark.parametrize(("name", "phone1", "phone2", "kind"), PEOPLE)
def test_people(name, phone1, phone2, kind):
    """C14, C15: the same address, a name and numbers written otherwise."""
    assert judge(BASE, replace(BASE, id=2, name=name, phone1=phone1, phone2=phone2)).kind == kind


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ship_from": 2}, "other_ship_from"),
        ({"storage": "frozen"}, "other_storage"),
        ({"method": "direct"}, "other_method"),
        ({"payment": "collect"}, "prepaid_and_collect"),
        ({"brand": "온산"}, "other_brand"),
        ({"account": 9}, "other_account"),
        ({"stage": "ready"}, "other_stage"),
        ({"load": Load(9)}, "too_many"),
        ({"load": Load(1, 101)}, "too_heavy"),
        ({"load": Load(1, 0, 7)}, "too_big"),
        ({"bars": ("gift_order",)}, "gift_order"),
    ],
)
def test_what_forbids_it(change, code):
    """C14, C16: a rule that forbids it is named, whatever else agrees."""
    verdict = judge(BASE, replace(BASE, id=2, **change), Rules(caps=Load(5, 100, 6)))
    assert (verdict.kind, code in verdict.reasons) == (NEVER, True)


def test_safe_numbers_are_unknown():
    """C15: even the same safe number says nothing of who answers."""
    one = replace(BASE, phone1="0502-1234-5678", phone2="")
    assert judge(one, replace(one, id=2)).reasons == ("safe_number",)


def test_two_doubts_are_too_many():
    """C15: only one thing may differ."""
    assert judge(BASE, replace(BASE, id=2, phone1="010-9-9999999", address2="")).kind == NEVER


HANGUL = some.text("김이박최정강조윤장임홍길동민서준하은", min_size=2, max_size=4)
PEOPLE_AT = some.builds(
    lambda name, phone, road, number, unit: replace(
        BASE, name=name, phone1=f"010{phone:08}", phone2="", address1=f"서울 강남구 {road} {number}", address2=unit
    ),
    HANGUL,
    some.integers(10_000_000, 99_999_999),
    some.sampled_from(["테헤란로", "강남대로94길", "역삼로7길"]),
    some.integers(1, 300),
    some.sampled_from(["", "101동 202호", "303호", "5층"]),
)
SPELLINGS = [
    lambda p: replace(p, name=p.name + "님"),
    lambda p: replace(p, name=" ".join(p.name)),
    lambda p: replace(p, name=unicodedata.normalize("NFD", p.name), address1=unicodedata.normalize("NFD", p.address1)),
    lambda p: replace(p, phone1="+82 " + p.phone1[1:3] + "-" + p.phone1[3:7] + "-" + p.phone1[7:]),
    lambda p: replace(p, phone1=p.phone1[1:]),
    lambda p: replace(p, phone1=p.phone1.translate({ord(str(n)): ord("０") + n for n in range(10)})),
    lambda p: replace(p, address1=p.address1.replace("서울 ", "서울특별시 ")),
    lambda p: replace(p, address1=p.address1.replace("서울 ", "서울시  ")),
    lambda p: replace(p, address1=p.address1 + " (역삼동, 래미안)"),
    lambda p: replace(p, address1=p.address1.replace("로", "로 ").replace("  ", " ")),
    lambda p: replace(
        p, address2=p.address2.replace("동 ", "-").replace("호", "") if "동" in p.address2 else p.address2
    ),
]


@settings(max_examples=200, deadline=None)
@given(PEOPLE_AT, PEOPLE_AT, some.sampled_from(SPELLINGS))
def test_spelling_never_alters_a_verdict(one, other, spell):
    """N8: symmetric, reflexive, and blind to spelling; different people are never combined."""
    other = replace(other, id=2)
    verdict = judge(one, other)
    assert judge(other, one) == verdict
    assert judge(one, replace(one, id=3)).kind == COMBINE
    assert judge(one, replace(spell(one), id=3)).kind == COMBINE
    assert judge(spell(one), other) == verdict
    if plain_name(one.name) != plain_name(other.name) or plain_phone(one.phone1) != plain_phone(other.phone1):
        assert verdict.kind != COMBINE


def test_groups():
    """C15, C17: what is sure goes together; what is not is held against the base; caps close a parcel."""
    others = [
        replace(BASE, id=2),
        replace(BASE, id=3, phone1="010-7777-7777"),
        replace(BASE, id=4, bars=("claim_open",)),
        replace(BASE, id=5, name="이몽룡", phone1="010-2222-3333", phone2="", address1="서울 중구 세종대로 1"),
    ]
    found = {each.parcel: (each.base, each.verdict) for each in group_parcels([BASE, *others])}
    assert found == {1: (1, COMBINE), 2: (1, COMBINE), 3: (1, REVIEW), 4: (1, NEVER)}
    capped = group_parcels([replace(BASE, id=number) for number in range(1, 6)], Rules(caps=Load(2)))
    assert [(each.parcel, each.base) for each in capped][:4] == [(1, 1), (2, 1), (3, 3), (4, 3)]
    assert capped[4].reasons == ("too_many",)
    assert choose_base([others[0], BASE]) == BASE


def test_twenty_thousand_in_three_seconds():
    """C14: blocked by key: 20,000 shipments, among them 3,000 to one forwarder's address."""
    many = [
        replace(
            BASE,
            id=number,
            name=f"사람{number % 8000}",
            phone1=f"010{number % 8000:08}",
            address1="서울 중구 세종대로 1" if number < 3000 else f"서울 강남구 테헤란로 {number % 8000 + 1}",
        )
        for number in range(1, 20_001)
    ]
    start = time.process_time()
    found = group_parcels(many)
    assert time.process_time() - start <= 3
    assert sum(each.verdict == COMBINE for each in found) > 15_000
