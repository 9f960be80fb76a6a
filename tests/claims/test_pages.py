"""The pages of claims (C9, P34): read-only, and they say where each claim is decided."""

import pytest

from jumun.companies.roles import Role
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from tests.claims.making import make_claim
from tests.making import open_house
from tests.web.conftest import PASSWORD, visitor

LONG_AGO = "X-OLD"


@pytest.fixture
def shop(db):
    """Two orders, one with a return under way, one with a cancel that is over."""
    house = open_house(now(), "shop")
    with acting_as(house.company):
        house.order("A1", "a", "b", quantity=3, remaining=3)
        house.order("A2", "c")
        house.return_ = make_claim(
            house, "A1", "a", "b", stage="collecting", collect_carrier="cj", collect_waybill="680405450931"
        )
        house.cancel = make_claim(house, "A2", "c", kind="cancel", stage="refused", claim_id=LONG_AGO, fault="buyer")
    return house


@pytest.fixture
def owner(shop):
    made = visitor()
    made.login("owner@shop.kr")
    return made


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_open_claims_come_first_with_what_to_do(owner, shop):
    page = text(owner.page("claims"))

    assert page.index("처리 중</h2>") < page.index("A1-claim") < page.index("끝난 클레임</h2>") < page.index(LONG_AGO)
    for told in ("반품수거중", "취소거부", "상품 파손", "구매자 책임", "680405450931", "CJ대한통운", "외 1개", "홍*동"):
        assert told in page, told
    assert "판매자센터에서 반품을 승인하거나 거부하세요" in page
    assert 'href="https://sell.smartstore.naver.com' in page
    assert "홍길동" not in page


@pytest.mark.parametrize(
    ("query", "there", "away"),
    [
        ("kind=return", "A1-claim", LONG_AGO),
        ("kind=cancel", LONG_AGO, "A1-claim"),
        ("state=open", "A1-claim", LONG_AGO),
        ("state=closed", LONG_AGO, "A1-claim"),
        ("q=A2", LONG_AGO, "A1-claim"),
        ("q=680405450931", "A1-claim", LONG_AGO),
        ("account=0", "조건 지우기", "A1-claim"),
        ("kind=odd&account=x&state=lost", "A1-claim", "조건 지우기"),
    ],
)
def test_the_list_is_narrowed(owner, query, there, away):
    page = text(owner.page(f"claims?{query}"))
    assert there in page
    assert away not in page


def test_a_long_list_goes_on_where_it_stopped(owner, shop, monkeypatch):
    monkeypatch.setattr("jumun.web.claims.ROWS", 1)
    with acting_as(shop.company):
        make_claim(shop, "A2", "c", kind="exchange", claim_id="X2")
    page = text(owner.page("claims"))
    assert 'id="more-open"' in page and 'id="more-closed"' not in page
    [address] = [part.split('"')[0] for part in page.split('hx-get="/c/shop/')[1:] if part.startswith("claims?")]
    rest = text(owner.page(address.replace("&amp;", "&")))
    assert rest.count("<tr data-claim") == 1 and "more-open" not in rest and "<html" not in rest


def test_a_claims_own_page(owner, shop):
    page = text(owner.page(f"claims/{shop.return_.id}"))

    for told in ("반품수거중", "RETURN_COLLECTING", "680405450931", "온산 순면 라운드 티셔츠", "신규주문", "A1"):
        assert told in page, told
    assert "재발송 송장" not in page
    assert owner.page("claims/999999").status_code == 404


def test_an_order_shows_its_claims(owner, shop):
    page = text(owner.page(f"orders/{shop.return_.order_id}"))
    assert f'href="/c/shop/claims/{shop.return_.id}"' in page
    assert LONG_AGO not in page


def test_the_navigation_counts_what_is_open(owner):
    page = text(owner.page("jobs"))
    assert '<b class="tally-mark">1</b>' in page


def test_a_cancel_after_the_parcel_left_says_so(owner, shop):
    with acting_as(shop.company):
        shop.order("A3", "d")
        from jumun.orders.models import OrderItem

        OrderItem.objects.filter(order_number="A3").update(status="shipped")
        made = make_claim(shop, "A3", "d", kind="cancel")
    assert "이미 보낸 주문입니다" in text(owner.page(f"claims/{made.id}"))


def test_english_and_every_role(owner, shop):
    from jumun.companies.actions import add_member

    with acting_as(shop.company):
        add_member(email="v@shop.kr", name="보기", password=PASSWORD, role=Role.VIEWER, at=shop.at)
    viewer = visitor()
    viewer.login("v@shop.kr")
    viewer.post("/language", {"language": "en", "next": "/"})
    page = text(viewer.page("claims"))
    for told in ("Return collecting", "What to do", "buyer&#x27;s fault", "inspect them"):
        assert told in page, told


def test_a_page_nobody_fills_says_what_will_be_there(db):
    open_house(now(), "empty")
    made = visitor("empty")
    made.login("owner@empty.kr")
    assert "여기에 모입니다" in text(made.page("claims"))
