"""개별 등록: orders by hand, set-based, each whole or refused by name (Q1–Q16)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOON

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.catalog.queries import SkuFacts
from jumun.channels.actions import AccountFields, create_account
from jumun.core.secrets import unseal_mapping
from jumun.intake.order_rules import TypedLine, TypedOrder, judge_order
from jumun.intake.single_entry import check, register, share
from jumun.orders.models import Order, OrderItem, OrderLine, Recipient, TimelineEvent

GOOD = TypedOrder(
    account="phone",
    number="H-001",
    name="홍길동",
    phone1="010-0000-1234",
    postcode="04524",
    address1="서울 중구 세종대로 110",
    lines=(TypedLine("TSH-BLK-L", "2"),),
)


@pytest.fixture
def phone(house):
    """A manual account beside the Smartstore one, and two more SKUs."""
    account = create_account(
        house.company, "manual", AccountFields(name="전화 주문", key="phone", brand="온산"), at=house.at
    )
    put_products(
        house.company,
        [
            ProductFields(
                "MUG",
                "머그컵",
                [
                    SkuFields("MUG-W", option_text="흰색", price=9_000, ship_from="main"),
                    SkuFields("MUG-B", option_text="검정", price=3_000, ship_from="main"),
                ],
            )
        ],
    )
    return account


def enter(house, *orders):
    return register(orders, by=house.owner, at=house.at)


def codes(refused):
    return [(each.row, each.number, [(fault.field, fault.code) for fault in each.faults]) for each in refused]


def typed(**changes: Any) -> TypedOrder:
    return replace(GOOD, **changes)


def test_q1_a_typed_order_is_in_the_pipeline_at_once(house, phone):
    """Q1, Q14, Q16: 신규주문 at once, linked to its SKU, in a shipment, with who did it."""
    done = enter(house, typed(message="문 앞에", buyer_name="김구매", memo="단골", customs_number="P123456789012"))

    [entered] = done.entered
    assert done.refused == []
    order = Order.objects.get(id=entered.order_id)
    assert (order.number, order.channel, order.memo, order.currency) == ("H-001", "manual", "단골", "KRW")
    assert (order.ordered_at, order.paid_at) == (house.at, house.at)
    [item] = OrderItem.objects.all()
    assert (item.status, item.quantity, item.sku_code, item.matched) == ("preparing", 2, "TSH-BLK-L", True)
    assert (item.ship_from_id, item.product_name) == (house.ship_from, "온산 순면 라운드 티셔츠")
    assert item.bundle_no
    to = Recipient.objects.get()
    assert (to.name, to.phone1, to.country, to.message, to.buyer_name) == (
        "홍길동",
        "01000001234",
        "KR",
        "문 앞에",
        "김구매",
    )
    assert unseal_mapping(to.sealed) == {"customs": "P123456789012"}
    event = TimelineEvent.objects.get()
    assert (event.action, event.went_to, event.by_id) == ("registered", "preparing", house.owner)


def test_q7_a_number_is_one_orders_only_and_nothing_is_overwritten(house, phone):
    """An order number is unique per account: a second is refused, in one call and later; another account may have it."""
    first = enter(house, GOOD, typed(name="둘째"), typed(account="store", name="다른 계정"))
    again = enter(house, typed(name="셋째", lines=(TypedLine("MUG-W", "9"),)))

    assert [each.row for each in first.entered] == [0, 2]
    assert codes(first.refused) == [(1, "H-001", [("number", "order_number_twice")])]
    assert codes(again.refused) == [(0, "H-001", [("number", "order_number_taken")])]
    assert again.refused[0].known == first.entered[0].order_id
    assert Recipient.objects.get(order_id=first.entered[0].order_id).name == "홍길동"
    assert OrderItem.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"account": ""}, "account", "account_missing"),
        ({"account": "nobody"}, "account", "account_unknown"),
        ({"number": " "}, "number", "order_no_missing"),
        ({"number": "9" * 101}, "number", "field_long"),
        ({"name": ""}, "name", "recipient_missing"),
        ({"name": "가" * 21}, "name", "name_too_long"),
        ({"phone1": ""}, "phone1", "phone_missing"),
        ({"phone1": "010-1234-567a"}, "phone1", "phone_unusable"),
        ({"phone1": "0101234567890123"}, "phone1", "phone_too_long"),
        ({"phone2": "없음"}, "phone2", "phone_unusable"),
        ({"postcode": ""}, "postcode", "postcode_missing"),
        ({"address1": ""}, "address1", "address_missing"),
        ({"country": "jp"}, "country", "country_unusable"),
        ({"country": "KOR"}, "country", "country_unusable"),
        ({"currency": "won"}, "currency", "currency_unusable"),
        ({"ordered_at": "어제"}, "ordered_at", "date_unusable"),
        ({"ordered_at": "2030-01-01"}, "ordered_at", "date_unusable"),
        ({"paid_amount": "-1"}, "paid_amount", "amount_unusable"),
        ({"paid_amount": "12.5"}, "paid_amount", "amount_unusable"),
        ({"paid_amount": "10000", "total_amount": "9000"}, "total_amount", "amounts_differ"),
        ({"lines": ()}, "lines", "product_missing"),
        ({"lines": (TypedLine("NO-SUCH", "1"),)}, "sku", "sku_unknown"),
        ({"lines": (TypedLine("TSH-BLK-L", "0"),)}, "quantity", "quantity_unusable"),
        ({"lines": (TypedLine("TSH-BLK-L", "1000001"),)}, "quantity", "quantity_unusable"),
        ({"lines": (TypedLine("TSH-BLK-L", "1.5"),)}, "quantity", "quantity_unusable"),
        ({"lines": (TypedLine("TSH-BLK-L", "²"),)}, "quantity", "quantity_unusable"),
        ({"message": "문\x07앞"}, "message", "field_form"),
        ({"product_url": "javascript:alert(1)"}, "product_url", "url_unusable"),
    ],
)
def test_q4_to_q13_what_is_refused_and_with_which_code(house, phone, change, field, code):
    """Q4–Q10, Q13, Q15: each rule refuses its order by name; the good one beside it goes in."""
    done = enter(house, typed(number="H-000"), typed(**change))

    assert [each.number for each in done.entered] == ["H-000"]
    [refused] = done.refused
    assert [(fault.field, fault.code) for fault in refused.faults] == [(field, code)]


def test_every_fault_of_an_order_is_told_at_once(house, phone):
    """Q15: the form marks them all, not one after the other."""
    done = enter(house, TypedOrder(lines=(TypedLine("TSH-BLK-L", "0"), TypedLine("NO-SUCH", "1"))))

    assert [(fault.field, fault.code, fault.line) for fault in done.refused[0].faults] == [
        ("account", "account_missing", None),
        ("number", "order_no_missing", None),
        ("name", "recipient_missing", None),
        ("phone1", "phone_missing", None),
        ("postcode", "postcode_missing", None),
        ("address1", "address_missing", None),
        ("quantity", "quantity_unusable", 0),
        ("sku", "sku_unknown", 1),
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("010-1234-5678", "01012345678"),
        ("+82-10-1234-5678", "01012345678"),
        ("０１０ １２３４ ５６７８", "01012345678"),
        ("010–1234–5678", "01012345678"),
        ("(02)123-4567", "021234567"),
        ("0504-1234-5678", "050412345678"),
        ("+81 90-1234-5678", "819012345678"),
    ],
)
def test_q9_phones_are_judged_after_normalisation(house, written, kept):
    order, faults = judge_order(typed(phone1=written), at=house.at)

    assert faults == ()
    assert order is not None
    assert order.given.phone1 == kept


def test_q8_names_are_judged_after_normalisation(house):
    """Twenty syllables a Mac wrote in pieces are twenty characters."""
    import unicodedata

    order, faults = judge_order(typed(name=unicodedata.normalize("NFD", "가" * 20)), at=house.at)

    assert faults == ()
    assert order is not None
    assert order.given.name == "가" * 20


def test_q12_amounts_are_shared_over_the_lines_and_lose_nothing(house, phone):
    """Q12: paid for the goods by the SKUs' prices, the rest of the total is the shipping fee."""
    lines = (TypedLine("MUG-W", "1"), TypedLine("MUG-B", "1"), TypedLine("MUG-B", "2"))
    done = enter(house, typed(lines=lines, order_amount="18,000", paid_amount="10,001", total_amount="13001"))

    [entered] = done.entered
    items = OrderItem.objects.order_by("line_no")
    assert [item.amount for item in items] == [Decimal(5000), Decimal(1667), Decimal(3334)]
    assert sum(item.amount for item in items) == 10_001
    assert [line.unit_price for line in OrderLine.objects.order_by("line_key")] == [9_000, 3_000, 3_000]
    assert Order.objects.get(id=entered.order_id).shipping_fee == 3_000


def test_amounts_of_lines_stand_as_given(house, phone):
    lines = (TypedLine("MUG-W", "1", "8000"), TypedLine("MUG-B", "3", "100"))
    enter(house, typed(lines=lines, shipping_fee="2500"), typed(number="H-2", lines=(TypedLine("MUG-W", "1"),)))

    assert [item.amount for item in OrderItem.objects.order_by("order_number", "line_no")] == [8000, 100, 0]
    assert [order.shipping_fee for order in Order.objects.order_by("number")] == [2500, 0]


def test_an_amount_for_one_line_asks_for_all(house, phone):
    done = enter(house, typed(lines=(TypedLine("MUG-W", "1", "8000"), TypedLine("MUG-B", "3"))))

    assert [(fault.field, fault.code, fault.line) for fault in done.refused[0].faults] == [
        ("amount", "amount_missing", 1)
    ]


def test_q6_q22_japan_needs_its_page_and_yen(house, phone):
    """Q6, Q22–Q25: product URL, JP, and the yen amount with its currency."""
    without = enter(house, typed(country="JP"))
    won = enter(house, typed(country="JP", product_url="https://shop.jp/1", paid_amount="1000", currency="KRW"))
    good = enter(
        house,
        typed(
            country="JP",
            phone1="+81-90-1234-5678",
            postcode="100-0001",
            product_url="https://shop.jp/item/1?color=白",
            paid_amount="1,000",
        ),
    )

    assert codes(without.refused)[0][2] == [("paid_amount", "amount_missing"), ("product_url", "url_missing")]
    assert codes(won.refused)[0][2] == [("currency", "currency_unusable")]
    order = Order.objects.get(id=good.entered[0].order_id)
    line = OrderLine.objects.get()
    assert (order.currency, line.currency, line.amount) == ("JPY", "JPY", 1000)
    assert line.product_url == "https://shop.jp/item/1?color=白"
    assert Recipient.objects.get().country == "JP"
    assert OrderItem.objects.get().currency == "JPY"


def test_thousands_take_as_many_statements_as_one(house, phone):
    """A list is one set: the number of statements does not grow with it; bad ones are named by place."""
    with CaptureQueriesContext(
        connection,
    ) as one:
        enter(house, typed(number="ONE"))
    many = [typed(number=f"N-{place}", name="" if place % 500 == 0 else "홍길동") for place in range(2000)]
    with CaptureQueriesContext(connection) as all_of_them:
        done = enter(house, *many)

    assert len(all_of_them) == len(one)
    assert len(done.entered) == 1996
    assert [each.row for each in done.refused] == [0, 500, 1000, 1500]
    assert done.entered[0].number == "N-1"
    assert OrderItem.objects.count() == 1997


def test_several_accounts_in_one_call(house, phone):
    """The account is named by its key or its id."""
    done = enter(
        house, typed(account=str(house.account)), typed(account=str(phone)), typed(account="store", number="B")
    )

    assert [Order.objects.get(id=each.order_id).account_id for each in done.entered] == [
        house.account,
        phone,
        house.account,
    ]


def test_check_says_what_would_be_refused_and_changes_nothing(house, phone):
    """Q15: the recheck before 등록."""
    enter(house, GOOD)

    found = check([GOOD, typed(number="H-002"), typed(number="H-003", name="")], at=house.at)

    assert [(each.row, [fault.code for fault in each.faults]) for each in found] == [
        (0, ["order_number_taken"]),
        (2, ["recipient_missing"]),
    ]
    assert Order.objects.count() == 1


def test_an_account_that_is_switched_off_takes_no_orders(house, phone):
    from jumun.channels.actions import change_account

    change_account(phone, AccountFields(enabled=False), at=house.at)

    assert codes(enter(house, GOOD).refused) == [(0, "H-001", [("account", "account_off")])]


@given(
    amount=st.integers(0, 10**9),
    currency=st.sampled_from(["KRW", "JPY", "USD"]),
    lines=st.lists(st.tuples(st.integers(1, 1_000_000), st.integers(0, 10**6)), min_size=1, max_size=12),
)
def test_shares_add_up_whatever_is_sold(amount, currency, lines):
    """An order's amount over its lines: nothing is lost, in any currency, whatever the prices."""
    codes = {f"S{place}": SkuFacts("이름", "", price) for place, (_, price) in enumerate(lines)}
    given_lines = tuple(TypedLine(f"S{place}", str(quantity)) for place, (quantity, _) in enumerate(lines))
    money = f"{amount // 100}.{amount % 100:02}" if currency == "USD" else str(amount)
    order, faults = judge_order(typed(currency=currency, paid_amount=money, lines=given_lines), at=NOON)

    assert order is not None, faults
    shares = share(order, codes, order.goods)
    assert sum(shares) == Decimal(money)
    assert min(shares) >= 0
