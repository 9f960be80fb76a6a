"""Pasted numbers: which of them name nothing."""

from collections.abc import Sequence

from django.db import connection

from jumun.core.errors import JumunError
from jumun.orders.filters import MOST_NUMBERS
from jumun.orders.searching import as_phone, as_waybill, distinct_numbers

# `OFFSET 0`: number by number, each by its index, and none further than the first row.
_MISSING = """
SELECT n.number
  FROM unnest(%(numbers)s::text[], %(waybills)s::text[], %(phones)s::text[]) WITH ORDINALITY
       AS n(number, waybill, phone, place)
 WHERE NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.order_number = n.number OFFSET 0)
   AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.line_no = n.number OFFSET 0)
   AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.waybill = n.waybill AND i.waybill <> '' OFFSET 0)
   AND NOT EXISTS (SELECT 1 FROM orders_shipment s JOIN orders_orderitem i ON i.shipment_id = s.id
                    WHERE s.bundle_no = n.number OFFSET 0)
   AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.sku_code = n.number OFFSET 0)
   AND (n.phone = '' OR (
           NOT EXISTS (SELECT 1 FROM orders_recipient r JOIN orders_orderitem i ON i.order_id = r.order_id
                        WHERE r.phone1 = n.phone OFFSET 0)
       AND NOT EXISTS (SELECT 1 FROM orders_recipient r JOIN orders_orderitem i ON i.order_id = r.order_id
                        WHERE r.phone2 = n.phone AND r.phone2 <> '' OFFSET 0)))
 ORDER BY n.place
"""


def find_missing(numbers: Sequence[str]) -> list[str]:
    """Which of these numbers name no item, in their order, each once. One statement.

    Raises JumunError("invalid") for more than `MOST_NUMBERS`, or for what is no number.
    """
    try:
        wanted = distinct_numbers(numbers)
    except ValueError as problem:
        raise JumunError("invalid", field="numbers") from problem
    if len(wanted) > MOST_NUMBERS:
        raise JumunError("invalid", field="numbers")
    if not wanted:
        return []
    given = {
        "numbers": list(wanted),
        "waybills": [as_waybill(number) for number in wanted],
        "phones": [as_phone(number) for number in wanted],
    }
    with connection.cursor() as run:
        run.execute(_MISSING, given)
        return [str(row[0]) for row in run.fetchall()]
