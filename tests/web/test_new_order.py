"""주문 등록: the page an order is typed into (Q1–Q16), its picker, its recheck, and copies from earlier orders."""

import json

import pytest

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.channels.actions import AccountFields, create_account
from jumun.companies.models import AccessTrail
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.orders.models import Order, OrderItem
from tests.making import make_line

LINES = json.dumps([{"sku": "TSH-BLK-L", "quantity": "2"}])


@pytest.fixture
def account(shop):
    """An account for orders by hand."""
    with acting_as(shop.company):
        return create_account(shop.company, "manual", AccountFields(name="전화", key="phone", brand="온산"), at=shop.at)


@pytest.fixture
def typed(account):
    """A whole form."""
    return {
        "account": str(account),
        "country": "KR",
        "currency": "KRW",
        "number": "H-1",
        "name": "홍길동",
        "phone1": "010-1234-5678",
        "postcode": "04524",
        "address1": "서울 중구 세종대로 110",
        "lines": LINES,
    }


def test_q2_the_form_has_its_sections_and_marks_what_is_needed(shop, owner, account):
    """Q2–Q10: five sections; the manual account, its brand and KR stand there already."""
    told = owner.page("orders/new").content.decode()

    for section in ("기본 정보", "주문 정보", "수취인 정보", "결제 정보", "SKU"):
        assert section in told
    for name in ("number", "name", "phone1", "postcode", "address1"):
        [field] = [part for part in told.split("<label ") if f'data-field="{name}"' in part]
        assert 'class="must"' in field
    assert 'data-brand="온산"' in told
    assert 'value="KR"' in told


def test_without_an_account_it_says_what_to_do_first(shop, owner):
    with acting_as(shop.company):
        from jumun.channels.models import ChannelAccount

        ChannelAccount.objects.update(state="off")

    assert "판매처 계정이 아직 없습니다" in owner.page("orders/new").content.decode()


def test_q15_what_is_wrong_is_told_field_by_field(owner, typed):
    """Q15: nothing is registered; each fault names its field, its line and what to do."""
    lines = json.dumps([{"sku": "TSH-BLK-L", "quantity": "0"}])
    answer = owner.send("orders/new/check", typed | {"name": "", "lines": lines})
    told = answer.content.decode()

    assert answer.headers["HX-Retarget"] == "#new-order-wrong"
    assert 'data-fault="name"' in told
    assert "받는 분 이름이 없습니다." in told
    assert 'data-fault="quantity" data-line="1"' in told


def test_q15_quantities_are_looked_at_once_more(owner, typed):
    """Q15: the summary tells each quantity, points at a big one, and says the currency of the amounts."""
    lines = json.dumps([{"sku": "TSH-BLK-L", "quantity": "1,200"}])
    told = owner.send("orders/new/check", typed | {"lines": lines, "paid_amount": "25800"}).content.decode()

    assert "1,200" in told
    assert "많은 수량" in told
    assert "25,800원" in told
    assert 'name="nonce"' in told


def test_q16_registered_it_is_in_the_list_at_once(shop, owner, typed):
    """Q1, Q16: the answer links to the order and offers the next one; the account stays chosen."""
    answer = owner.send("orders/new/save", typed | {"nonce": "n-1"})
    again = owner.send("orders/new/save", typed | {"nonce": "n-1"})
    told = answer.content.decode()

    with acting_as(shop.company):
        order = Order.objects.get()
        assert OrderItem.objects.get().status == "preparing"
    assert answer.headers["HX-Trigger"] == "order-registered"
    assert f"/c/shop/orders/{order.id}" in told
    assert "다음 주문" in told
    assert "홍길동" not in told
    assert again.content == answer.content
    assert "H-1" in owner.page("items?status=preparing").content.decode()
    assert "직접 등록" in owner.page(f"orders/{order.id}/timeline").content.decode()


def test_q7_a_number_that_is_taken_leads_to_its_order(shop, owner, typed):
    owner.send("orders/new/save", typed)
    answer = owner.send("orders/new/save", typed | {"name": "다른 사람"})

    assert answer.status_code == 422
    with acting_as(shop.company):
        assert f"/c/shop/orders/{Order.objects.get().id}" in answer.content.decode()


@pytest.mark.parametrize("lines", ["[", "{}", "[1]", '[{"sku": "a"}]', '["a"]', "[" * 3000])
def test_what_no_form_of_ours_sends_is_refused(owner, typed, lines):
    assert owner.send("orders/new/check", typed | {"lines": lines}).status_code in (200, 400)


@pytest.mark.parametrize("asked", ["머그", "ㅁㄱㅋ", "mug-w", "흰색 머그", "8801234"])
def test_q14_the_picker_finds_by_name_initials_code_and_barcode(shop, owner, asked):
    """Q14: option and ship-from stand beside each."""
    with acting_as(shop.company):
        sku = SkuFields("MUG-W", option_text="흰색", barcode="8801234567893", price=9000, ship_from="main")
        put_products(shop.company, [ProductFields("MUG", "머그컵", [sku])])

    told = owner.client.get("/c/shop/orders/new/skus", {"q": asked}).content.decode()

    assert 'data-sku="MUG-W"' in told
    assert "본사 창고" in told
    assert "TSH-BLK-L" not in told


def test_the_picker_goes_on_page_by_page(shop, owner):
    with acting_as(shop.company):
        skus = [SkuFields(f"S{number:03}") for number in range(60)]
        put_products(shop.company, [ProductFields("S", "많은 것", skus)])

    first = owner.page("orders/new/skus?q=S0").content.decode()
    second = owner.page("orders/new/skus?q=S0&after=S049").content.decode()

    assert (first.count("data-sku="), second.count("data-sku=")) == (50, 10)
    assert "after=S049" in first


def test_an_earlier_order_is_found_masked_and_copied_with_a_trail(shop, owner, account):
    """Copy: the list is masked; the copy is in clear and written down, and brings SKUs with their quantities."""
    with acting_as(shop.company):
        shop.store(
            [make_line("A1", "a", shop.at, quantity=3, remaining=3), make_line("A1", "b", shop.at, seller_code="-")]
        )
        order = Order.objects.get()

    found = owner.client.get("/c/shop/orders/new/earlier", {"q": "홍길동"}).content.decode()
    copied = owner.send("orders/new/copy", {"order": order.id}).content.decode()

    assert "홍*동" in found
    assert "홍길동" not in found.replace("'홍길동'", "")
    assert "홍길동" in copied
    assert "010-0000-1234" in copied
    assert "TSH-BLK-L" in copied
    assert "1줄은 가져오지 못했습니다" in copied
    with acting_as(shop.company):
        look = AccessTrail.objects.get(did="copy")
        assert look.subject == f"order:{order.id}"


def test_a_packer_registers_nothing(someone, account):
    packer = someone(Role.PACKER)

    assert packer.page("orders/new").status_code == 403
    assert "orders/new" not in packer.page("items").content.decode()


def test_q36_it_is_said_before_the_click_that_a_cancel_is_final(shop, owner, typed):
    """Q35, Q36: the preview says so; afterwards the order tells its 취소 일시."""
    owner.send("orders/new/save", typed)
    with acting_as(shop.company):
        item = OrderItem.objects.get()

    before = owner.send("items/preview", {"action": "cancel", "ids": item.id}).content.decode()
    owner.send("items/do", {"action": "cancel", "ids": item.id})

    assert "강제 취소는 되돌릴 수 없고" in before
    assert "취소 일시" in owner.page(f"orders/{item.order_id}").content.decode()
