"""`jumun bench`'s look at 합포: a run over shipments of people who ordered twice, beside one bare statement by name and unit."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg

from jumun.channels.port import Address, ChannelLine, Stage

SHIPMENTS = 20_000
_BARE = """
UPDATE orders_orderitem i SET shipment_id = t.base
  FROM (SELECT s.id, min(s.id) OVER (PARTITION BY r.name, r.address2) AS base
          FROM orders_shipment s JOIN orders_recipient r ON r.id = s.recipient_id WHERE s.company_id = %s) t
 WHERE i.shipment_id = t.id AND t.base <> t.id
"""


def measure_packing(
    owner: psycopg.Connection[Any],
    company: int,
    account: int,
    *,
    timed: Callable[[Callable[[], Any]], tuple[float, Any]],
    at: datetime,
) -> tuple[str, float, float]:
    """(what, seconds of a run, seconds of the bare statement), in a company of its own."""
    from jumun.core.tenancy import acting_as
    from jumun.intake.storing import store_lines
    from jumun.packing.combining import run_packing
    from jumun.packing.loading import Scope

    with acting_as(company):
        store_lines(account, list(_lines(at)), by=None, at=at)
    owner.execute("ANALYZE orders_orderitem, orders_shipment, orders_recipient")
    with owner.transaction(force_rollback=True):
        bare, _ = timed(lambda: owner.execute(_BARE, [company]))
    with acting_as(company):
        ours, (run, _) = timed(lambda: run_packing(Scope(), by=None, at=at))
    return f"combine {run.combined:,} of {SHIPMENTS:,} shipments", ours, bare


def _lines(at: datetime) -> Iterator[ChannelLine]:
    """Everybody orders twice, the second time spelled otherwise; one in ten with another number."""
    for n in range(SHIPMENTS):
        who, again = divmod(n, 2)
        phone = f"0109{who:07}" if not (again and who % 10 == 0) else f"0108{who:07}"
        street = f"{'서울특별시' if again else '서울'} 중구 세종대로{' ' if again else ''}{who % 300 + 1}"
        yield ChannelLine(
            line_key=f"P{n}", order_number=f"P{n}", unit=f"P{n}", stage=Stage.CONFIRMED, stage_raw="PAYED",
            quantity=1, remaining=1, amount=Decimal(12_900), currency="KRW", ordered_at=at, paid_at=at,
            product_code="P1", product_name="온산 순면 라운드 티셔츠", option_code="O1", option_text="블랙 / L",
            seller_code="TSH-1", unit_price=Decimal(12_900),
            recipient=Address(
                name=f"고객{who}", phone1=phone, postcode="04524", address1=street, address2=f"{who % 900 + 1}호"
            ),
            raw={"productOrderId": f"P{n}"},
        )  # fmt: skip
