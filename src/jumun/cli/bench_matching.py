"""`jumun bench`'s look at 매칭: a thousand listings linked at once with all their waiting items, beside one bare statement."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from jumun.channels.port import Address, ChannelLine, Stage

LISTINGS = 1_000
_BARE = """
WITH linked AS (
    UPDATE orders_orderitem i SET sku_id = k.id, sku_code = k.code, matched = true, ship_from_id = k.ship_from_id
      FROM orders_orderline l, catalog_sku k
     WHERE i.company_id = %(company)s AND l.id = i.line_id AND k.company_id = %(company)s AND k.code = 'M' || l.product_code
    RETURNING i.id, i.order_id, i.status, k.id AS sku
), parts AS (
    INSERT INTO orders_component (company_id, item_id, sku_id, per_unit) SELECT %(company)s, id, sku, 1 FROM linked
)
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, detail)
SELECT %(company)s, now(), order_id, id, 'matched', status, status, '{}'::jsonb FROM linked
"""


def measure_matching(
    owner: psycopg.Connection[Any],
    company: int,
    account: int,
    items: int,
    *,
    timed: Callable[[Callable[[], Any]], tuple[float, Any]],
    at: datetime,
) -> tuple[str, float, float]:
    """(what, seconds of linking, seconds of the bare statement), in a company of its own."""
    from jumun.catalog.actions import ProductFields, SkuFields, put_products
    from jumun.core.tenancy import acting_as
    from jumun.intake.storing import store_lines
    from jumun.matching.links import ListingRef, NewLink, put_links

    with acting_as(company):
        put_products(
            company,
            [ProductFields(f"MP{n}", f"상품 {n}", [SkuFields(f"MP{n}", ship_from="main")]) for n in range(LISTINGS)],
        )
    with acting_as(company):
        store_lines(account, list(_lines(items, at)), by=None, at=at)
    owner.execute("ANALYZE orders_orderitem, orders_orderline, orders_shipment, orders_component, catalog_sku")
    with owner.transaction(force_rollback=True):
        bare, _ = timed(lambda: owner.execute(_BARE, {"company": company}))
    links = [
        NewLink(listing=ListingRef(account, f"P{n}", "온산 티셔츠", "O1", "블랙 / L"), parts=[(f"MP{n}", 1)])
        for n in range(LISTINGS)
    ]
    with acting_as(company):
        ours, linked = timed(lambda: put_links(links, by=None, at=at))
    return f"link {LISTINGS:,} listings of {linked.outcome.done:,} items", ours, bare


def _lines(items: int, at: datetime) -> Iterator[ChannelLine]:
    """One line an order; no code of ours."""
    for n in range(items):
        ordered = at - timedelta(seconds=n)
        yield ChannelLine(
            line_key=f"M{n}", order_number=f"M{n}", unit=f"M{n}", stage=Stage.CONFIRMED, stage_raw="PAYED",
            quantity=1, remaining=1, amount=Decimal(12_900), currency="KRW", ordered_at=ordered, paid_at=ordered,
            product_code=f"P{n % LISTINGS}", product_name="온산 티셔츠", option_code="O1", option_text="블랙 / L",
            seller_code="", unit_price=Decimal(12_900),
            recipient=Address(
                name=f"고객{n}", phone1=f"0106{n:07}", postcode="04524", address1="서울 중구 세종대로 110"
            ),
            raw={"productOrderId": f"M{n}"},
        )  # fmt: skip
