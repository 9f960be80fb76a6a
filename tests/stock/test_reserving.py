"""R21, R22: nothing is promised twice, shipping consumes exactly its own, a balance is the sum of its moves."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction
from tests.making import open_house
from tests.stock.ledger import balance_is_its_moves, fill, release, reserve

from jumun.catalog.models import SetPart, Sku
from jumun.core.tenancy import acting_as
from jumun.orders.actions.cancel import cancel
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.stock.models import Balance


def test_what_no_longer_fits_is_left_and_named(house):
    """R21: of three for two, the third is left; given back, it fits; more than needed is refused."""
    items = house.order("A", "1", "2", "3")
    sku = fill(house, 2)
    left = reserve(house, [(item.id, sku, house.ship_from, 1) for item in items])
    assert left == [(items[2].id, "out_of_stock")]
    assert [item.allocation for item in house.items()] == ["full", "full", "none"]
    assert reserve(house, [(items[0].id, sku, house.ship_from, 1)]) == [(items[0].id, "not_needed")]
    release(house, [items[0].id])
    release(house, [items[0].id])
    assert reserve(house, [(items[2].id, sku, house.ship_from, 1)]) == []
    assert [item.allocation for item in house.items()] == ["none", "full", "full"]
    assert balance_is_its_moves()


def test_hand_over_consumes_its_own_and_cancel_gives_back(house):
    """R22: what was reserved for the parcel leaves stock, nothing else."""
    first = house.order("A", "1")[0]
    sku = fill(house, 5)
    reserve(house, [(first.id, sku, house.ship_from, 1)])
    house.put(status="shipped")
    row = Balance.objects.get()
    assert (row.on_hand, row.reserved) == (4, 0)
    second = house.order("B", "9")[0]
    reserve(house, [(second.id, sku, house.ship_from, 1)])
    cancel(Selection(ids=(second.id,)), by=house.owner, at=house.at)
    row.refresh_from_db()
    assert (row.on_hand, row.reserved) == (4, 0)
    assert balance_is_its_moves()


def test_a_set_reserves_its_parts(house):
    """C20: one of a set of two is partly allocated until the other part is reserved."""
    item = house.order("A", "1")[0]
    the_set = Sku.objects.get(code="TSH-BLK-L")
    for code in ("X", "Y"):
        part = Sku.objects.create(company_id=house.company, product_id=the_set.product_id, code=code, name=code)
        SetPart.objects.create(company_id=house.company, sku=the_set, part=part, quantity=2)
    x, y = fill(house, 2, "X"), fill(house, 2, "Y")
    assert reserve(house, [(item.id, x, house.ship_from, 2)]) == []
    assert OrderItem.objects.get().allocation == "partial"
    assert reserve(house, [(item.id, y, house.ship_from, 2)]) == []
    assert OrderItem.objects.get().allocation == "full"
    assert balance_is_its_moves()


@pytest.mark.parametrize("wrong", [{"on_hand": -1}, {"reserved": -1}, {"reserved": 6}, {"safety": -1}])
def test_the_database_refuses_what_cannot_be(house, wrong):
    """R21: never negative, never reserved beyond what lies there."""
    fill(house, 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.update(**wrong)


def test_the_last_unit_is_reserved_once(committed, noon):
    """R21: two at once want the last unit; exactly one gets it, round after round."""
    house = open_house(noon)
    with acting_as(house.company):
        ids = [item.id for item in house.order("A", "1", "2")]
        sku = fill(house, 1)
    for _ in range(10):
        gate, left = Barrier(2), []

        def want(item, gate=gate, left=left):
            gate.wait()
            with acting_as(house.company):
                left.extend(reserve(house, [(item, sku, house.ship_from, 1)]))
            connections.close_all()

        threads = [Thread(target=want, args=(item,)) for item in ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with acting_as(house.company):
            assert [code for _, code in left] == ["out_of_stock"]
            assert Balance.objects.get().reserved == 1
            assert balance_is_its_moves()
            release(house, ids)
