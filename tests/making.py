"""Making orders for tests the way a channel does: lines in, stored by intake."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from jumun.channels.port import Address, ChannelLine, Stage

NOON_MINUS = timedelta(hours=2)


def make_line(order: str, key: str, at: datetime, **more: Any) -> ChannelLine:
    """A confirmed line of one T-shirt for 홍길동, unless said otherwise; `claim` is its only claim."""
    if "claim" in more:
        claim = more.pop("claim")
        more["claims"] = (claim,) if claim else ()
    values: dict[str, Any] = {
        "line_key": key,
        "order_number": order,
        "unit": key,
        "stage": Stage.CONFIRMED,
        "stage_raw": "PAYED",
        "quantity": 1,
        "remaining": 1,
        "amount": Decimal(12_900),
        "currency": "KRW",
        "ordered_at": at - NOON_MINUS,
        "paid_at": at - NOON_MINUS,
        "product_code": "P1",
        "product_name": "온산 순면 라운드 티셔츠",
        "option_code": "O1",
        "option_text": "블랙 / L",
        "seller_code": "TSH-BLK-L",
        "unit_price": Decimal(12_900),
        "recipient": Address(
            name="홍길동",
            phone1="010-0000-1234",
            postcode="04524",
            address1="서울 중구 세종대로 110",
            address2="101동 202호",
        ),
        "raw": {"productOrderId": key},
    }
    return ChannelLine(**(values | more))


@dataclass
class House:
    """A company with one Smartstore account and one SKU, and the ids of what was made in it."""

    company: int
    owner: int
    account: int
    ship_from: int
    at: datetime

    def store(self, lines: Iterable[ChannelLine]) -> None:
        """Collect these lines."""
        from jumun.intake.storing import store_lines

        store_lines(self.account, list(lines), by=self.owner, at=self.at)

    def order(self, number: str, *keys: str, **more: Any) -> list[Any]:
        """Collect one order of these lines; answers its items in order of id."""
        self.store(make_line(number, key, self.at, **more) for key in keys)
        return self.items(number)

    def items(self, number: str | None = None) -> list[Any]:
        """Items, all or of one order, in order of id."""
        from jumun.orders.models import OrderItem

        found = OrderItem.objects.order_by("id")
        return list(found.filter(order_number=number) if number else found)

    def put(self, *, status: str, numbers: Iterable[str] = ()) -> None:
        """Take every item to a status by the actions a clerk uses."""
        from jumun.orders.actions.hand_over import hand_over
        from jumun.orders.actions.label import NewWaybill, label
        from jumun.orders.actions.release import release
        from jumun.orders.filters import ItemFilter
        from jumun.orders.selection import Selection

        all_items = Selection(filter=ItemFilter())
        steps = ["preparing", "ready", "labelled", "shipped"]
        if steps.index(status) >= 1:
            release(all_items, by=self.owner, at=self.at)
        if steps.index(status) >= 2:
            first: dict[int, int] = {}
            for item in self.items():
                first.setdefault(item.shipment_id, item.id)
            given = list(numbers) or [good_number(place) for place in range(len(first))]
            label(
                [NewWaybill(item, "cj", number) for item, number in zip(first.values(), given, strict=True)],
                by=self.owner,
                at=self.at,
            )
        if steps.index(status) >= 3:
            hand_over(all_items, by=self.owner, at=self.at)


def good_number(serial: int) -> str:
    """A CJ waybill number whose check digit holds."""
    body = 100_000_000 + serial
    return f"68{body}{body % 7}"


def open_house(at: datetime, slug: str = "house") -> House:
    """Found the company. Call inside a test's transaction or with real commits; not within acting_as."""
    from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
    from jumun.channels.actions import AccountFields, create_account
    from jumun.companies.actions import found_company
    from jumun.core.tenancy import acting_as

    made = found_company(
        name="테스트상회",
        slug=slug,
        owner_email=f"owner@{slug}.kr",
        owner_name="김주인",
        password="house-pass-2026",
        at=at,
    )
    with acting_as(made.company_id):
        ship_from = put_ship_from(made.company_id, code="main", name="본사 창고")
        put_products(
            made.company_id,
            [ProductFields("TSH", "온산 순면 라운드 티셔츠", [SkuFields("TSH-BLK-L", ship_from="main")])],
        )
        account = create_account(
            made.company_id,
            "naver",
            AccountFields(
                name="스마트스토어",
                key="store",
                credentials={"client_id": "id", "client_secret": "$2a$04$kEFycSBkcp7.zUlpchIcI."},
            ),
            at=at,
        )
    return House(made.company_id, made.person_id, account, ship_from, at)
