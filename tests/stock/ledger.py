"""Stock for tests: put on the shelf, reserved for items, and what must always hold of it."""

from django.db import connection, transaction
from django.db.models import Sum

from jumun.catalog.models import Sku
from jumun.orders.models import OrderItem
from jumun.orders.states import IN_HOUSE
from jumun.stock.demand import demand_of
from jumun.stock.models import Balance, Move, Reservation
from jumun.stock.reserving import release_rows, reserve_rows


def fill(house, on_hand, code="TSH-BLK-L", ship_from=None):
    """Have so many on the shelf; answers the SKU's id."""
    sku = Sku.objects.get(code=code)
    pair = {"company_id": house.company, "sku_id": sku.id, "ship_from_id": ship_from or house.ship_from}
    row, _ = Balance.objects.get_or_create(**pair)
    Move.objects.create(**pair, at=house.at, kind="count", on_hand_by=on_hand - row.on_hand)
    Balance.objects.filter(id=row.id).update(on_hand=on_hand)
    return sku.id


def reserve(house, rows):
    """Reserve (item, SKU, ship-from, quantity) rows; answers (item, code) of what was left."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.reserving")
        cursor.execute(
            "CREATE TEMP TABLE reserving (item_id bigint, sku_id bigint, ship_from_id bigint, quantity int)"
            " ON COMMIT DROP"
        )
        cursor.executemany("INSERT INTO reserving VALUES (%s, %s, %s, %s)", rows)
        left = reserve_rows(cursor, batch=None, by=house.owner, at=house.at)
        return [(refusal.id, refusal.code) for refusal in left]


def reserve_all(house, items):
    """Reserve all that these items need and there is; answers (item, code) of what was left."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n.item_id, n.sku_id, n.ship_from_id, n.quantity - coalesce(r.quantity, 0) FROM"
            f" ({demand_of('SELECT unnest(%s::bigint[])')}) n LEFT JOIN stock_reservation r USING (item_id, sku_id)"
            f" WHERE n.quantity > coalesce(r.quantity, 0) ORDER BY 1, 2",
            [[getattr(item, "id", item) for item in items]],
        )
        rows = cursor.fetchall()
    return reserve(house, rows)


def release(house, items):
    """Give back what these items have."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.releasing")
        cursor.execute("CREATE TEMP TABLE releasing ON COMMIT DROP AS SELECT unnest(%s::bigint[]) AS item_id", [items])
        release_rows(cursor, batch=None, by=house.owner, at=house.at)


def shelf(code="TSH-BLK-L"):
    """(on hand, reserved) of a SKU."""
    row = Balance.objects.get(sku__code=code)
    return row.on_hand, row.reserved


def balance_is_its_moves():
    """R21, R22: a balance is the sum of its moves, what is reserved is the sum of reservations, an item says how much."""
    for row in Balance.objects.all():
        pair = {"sku_id": row.sku_id, "ship_from_id": row.ship_from_id}
        sums = Move.objects.filter(**pair).aggregate(a=Sum("on_hand_by"), b=Sum("reserved_by"))
        held = Reservation.objects.filter(**pair).aggregate(n=Sum("quantity"))["n"] or 0
        assert (row.on_hand, row.reserved, row.reserved) == (sums["a"] or 0, sums["b"] or 0, held)
        assert 0 <= row.reserved <= row.on_hand
    for item in OrderItem.objects.filter(reservation__isnull=False).distinct():
        assert item.status in {status.value for status in IN_HOUSE}, item.status
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.id, i.allocation, count(r.id), bool_and(coalesce(r.quantity, 0) >= n.quantity)"
            f"  FROM orders_orderitem i LEFT JOIN ({demand_of('SELECT id FROM orders_orderitem')}) n ON n.item_id = i.id"
            f"  LEFT JOIN stock_reservation r ON r.item_id = n.item_id AND r.sku_id = n.sku_id"
            f" GROUP BY i.id"
        )
        for item, said, some, all_of_it in cursor.fetchall():
            assert said == ("none" if not some else "full" if all_of_it else "partial"), item
    return True
