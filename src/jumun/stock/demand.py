"""What items need of which SKU from where: their components, a set unfolded to its parts (C20).

The value of an independent option carries no stock (I28): it needs nothing.
"""

MOST = 2**31 - 1
"""What no shelf has: an item that needs more needs this much."""

DEMAND = """
SELECT c.item_id, k.id AS sku_id, i.ship_from_id, least(sum(i.quantity::bigint * c.per_unit * coalesce(p.quantity, 1)), {most})::int AS quantity
  FROM orders_component c JOIN orders_orderitem i ON i.id = c.item_id
  LEFT JOIN catalog_setpart p ON p.sku_id = c.sku_id
  JOIN catalog_sku k ON k.id = coalesce(p.part_id, c.sku_id) AND k.stocked
 WHERE i.ship_from_id IS NOT NULL AND c.item_id IN ({items})
 GROUP BY c.item_id, k.id, i.ship_from_id
"""


def demand_of(items: str) -> str:
    """SQL for (item_id, sku_id, ship_from_id, quantity) of the items that SQL `items` yields the ids of."""
    return DEMAND.format(items=items, most=MOST)
