"""`jumun bench`'s look at the ledger: a run of 할당 that is written, and the goods leaving, beside one bare statement each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from jumun.channels.port import Address, ChannelLine, Stage

_BARE_RESERVE = """
WITH made AS (
    INSERT INTO stock_reservation (company_id, item_id, sku_id, ship_from_id, quantity)
    SELECT i.company_id, i.id, c.sku_id, i.ship_from_id, i.quantity FROM orders_orderitem i
      JOIN orders_component c ON c.item_id = i.id WHERE i.company_id = %(company)s
    RETURNING item_id, sku_id, ship_from_id, quantity
), told AS (
    INSERT INTO stock_move (company_id, at, sku_id, ship_from_id, kind, on_hand_by, reserved_by, cause, item_id)
    SELECT %(company)s, now(), sku_id, ship_from_id, 'reserve', 0, quantity, 'bare', item_id FROM made
), kept AS (
    UPDATE orders_orderitem i SET allocation = 'full' FROM made m WHERE i.id = m.item_id
)
UPDATE stock_balance b SET reserved = b.reserved + s.quantity
  FROM (SELECT sku_id, ship_from_id, sum(quantity) AS quantity FROM made GROUP BY 1, 2) s
 WHERE b.sku_id = s.sku_id AND b.ship_from_id = s.ship_from_id
"""
_SHELVES = """
WITH shelves AS (
    INSERT INTO stock_balance (company_id, sku_id, ship_from_id, on_hand, reserved, safety)
    SELECT company_id, id, ship_from_id, %(each)s, 0, 0 FROM catalog_sku WHERE company_id = %(company)s AND ship_from_id IS NOT NULL
    RETURNING sku_id, ship_from_id
)
INSERT INTO stock_move (company_id, at, sku_id, ship_from_id, kind, on_hand_by, reserved_by, cause)
SELECT %(company)s, now(), sku_id, ship_from_id, 'count', %(each)s, 0, 'bench' FROM shelves
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One line: seconds of ours and of the bare statement."""

    what: str
    ours: float
    bare: float


def measure_ledger(
    owner: psycopg.Connection[Any],
    company: int,
    account: int,
    items: int,
    *,
    timed: Callable[[Callable[[], Any]], tuple[float, Any]],
    at: datetime,
) -> Iterator[Measured]:
    """A run of 할당 over this many items of a tenth as many SKUs, from reading to writing; in a company of its own."""
    from jumun.catalog.actions import ProductFields, SkuFields, put_products
    from jumun.core.tenancy import acting_as
    from jumun.intake.storing import store_lines
    from jumun.stock.allocating import perform_run
    from jumun.stock.allocation_models import AllocationRun

    skus = max(items // 10, 1)
    with acting_as(company):
        put_products(
            company, [ProductFields(f"S{n}", f"상품 {n}", [SkuFields(f"S{n}", ship_from="main")]) for n in range(skus)]
        )
    with acting_as(company):
        store_lines(account, list(_lines(items, skus, at)), by=None, at=at)
    owner.execute(_SHELVES, {"company": company, "each": items // skus * 2})
    owner.execute("ANALYZE orders_orderitem, orders_component, orders_shipment, stock_balance, catalog_sku")
    with owner.transaction(force_rollback=True):
        bare, _ = timed(lambda: owner.execute(_BARE_RESERVE, {"company": company}))
    with acting_as(company):
        run = AllocationRun.objects.create(company_id=company, at=at, criteria={})
    with acting_as(company):
        ours, _ = timed(lambda: perform_run(run.id, at=at))
    with acting_as(company):
        done = AllocationRun.objects.get(id=run.id)
    if done.auto != items:
        raise RuntimeError(f"the bench allocated {done.auto:,} of {items:,} items ({done.unallocated:,} not)")
    yield Measured(f"allocate {items:,} items, read and written", ours, bare)


def _lines(items: int, skus: int, at: datetime) -> Iterator[ChannelLine]:
    """Two lines an order, of SKUs far from each other."""
    for n in range(items):
        ordered = at - timedelta(seconds=n // 2)
        yield ChannelLine(
            line_key=f"A{n}", order_number=f"A{n // 2}", unit=f"A{n}", stage=Stage.CONFIRMED, stage_raw="PAYED",
            quantity=1, remaining=1, amount=Decimal(12_900), currency="KRW", ordered_at=ordered, paid_at=ordered,
            product_code=f"P{n * 7 % skus}", product_name="온산 순면 라운드 티셔츠", option_code="O1",
            option_text="블랙 / L", seller_code=f"S{n * 7 % skus}", unit_price=Decimal(12_900),
            recipient=Address(
                name=f"고객{n // 2}", phone1=f"0107{n // 2:07}", postcode="04524", address1="서울 중구 세종대로 110"
            ),
            raw={"productOrderId": f"A{n}"},
        )  # fmt: skip
