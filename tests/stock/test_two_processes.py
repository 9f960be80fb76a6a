"""R21, R22: two processes want the last unit, or each other's SKUs in opposite order, two hundred times."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack

import pytest
from tests.making import open_house
from tests.stock.ledger import balance_is_its_moves, fill, release, reserve_all

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.core.tenancy import acting_as
from jumun.matching.links import ListingRef, NewLink, put_links
from jumun.orders.models import OrderItem
from jumun.stock.models import Balance, Move

ROUNDS = 200
pytestmark = [pytest.mark.slow]


@pytest.fixture
def racers(committed):
    """Two processes on the same database."""
    env = {**os.environ, **committed.database_env}
    with ExitStack() as stack:
        both = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.stock.racer"],
                    env=env,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    bufsize=1,
                )
            )
            for _ in range(2)
        ]
        for each in both:
            assert each.stdout.readline() == "ready\n"
        yield both
        for each in both:
            each.stdin.close()


def race(racers, *told):
    """Both at once; what each said."""
    for racer, line in zip(racers, told, strict=True):
        racer.stdin.write(json.dumps(line) + "\n")
    return [json.loads(racer.stdout.readline()) for racer in racers]


def test_the_last_unit_is_given_once(committed, noon, racers):
    """R21: exactly one wins, the other is short; the constraint never trips."""
    house = open_house(noon)
    with acting_as(house.company):
        ids = [item.id for item in house.order("A", "1", "2")]
        sku = fill(house, 1)
    winners = set()
    for _ in range(ROUNDS):
        said = race(
            racers,
            *({"do": "reserve", "company": house.company, "rows": [(item, sku, house.ship_from, 1)]} for item in ids),
        )
        short = [each[0] for each in said if each]
        assert [code for _, code in short] == ["out_of_stock"], said
        winners.add(short[0][0])
        with acting_as(house.company):
            assert Balance.objects.get().reserved == 1
            release(house, ids)
    with acting_as(house.company):
        assert balance_is_its_moves()
        assert Move.objects.filter(kind="reserve").count() == ROUNDS
    assert winners <= set(ids)


def test_crossed_skus_never_knot(committed, noon, racers):
    """R22: bundles of the same two SKUs, asked for in opposite order: no deadlock, all is given back."""
    house = open_house(noon)
    with acting_as(house.company):
        put_products(house.company, [ProductFields("Y", "둘째", [SkuFields("Y", ship_from="main")])])
        house.order("A", "1", "2", seller_code="")
        listing = ListingRef(house.account, "P1", "온산 순면 라운드 티셔츠", "O1", "블랙 / L")
        put_links([NewLink(listing=listing, parts=[("TSH-BLK-L", 1), ("Y", 1)])], by=house.owner, at=house.at)
        x, y = fill(house, 2), fill(house, 2, "Y")
        ids = [item.id for item in house.items()]
    for _ in range(ROUNDS):
        rows = [
            [(ids[0], x, house.ship_from, 1), (ids[0], y, house.ship_from, 1)],
            [(ids[1], y, house.ship_from, 1), (ids[1], x, house.ship_from, 1)],
        ]
        said = race(racers, *({"do": "reserve", "company": house.company, "rows": each} for each in rows))
        assert said == [[], []]
        said = race(racers, *({"do": "release", "company": house.company, "items": each} for each in (ids, ids[::-1])))
        assert said == [[], []]
    with acting_as(house.company):
        assert balance_is_its_moves()
        assert set(Balance.objects.values_list("on_hand", "reserved")) == {(2, 0)}


def test_a_parcel_handed_over_and_cancelled_at_once_leaves_stock_once(committed, noon, racers):
    """R22, R26: whichever comes first, the unit is gone from the shelf or back on it, never both."""
    house = open_house(noon)
    with acting_as(house.company):
        fill(house, 40)
    for number in range(20):
        with acting_as(house.company):
            (item,) = house.order(f"N{number}", f"n{number}")
            reserve_all(house, [item])
            house_items = OrderItem.objects.filter(id=item.id)
            _label(house, item, number)
        race(
            racers,
            {"do": "hand_over", "company": house.company, "items": [item.id]},
            {"do": "cancel", "company": house.company, "items": [item.id]},
        )
        with acting_as(house.company):
            assert house_items.get().status in ("shipped", "cancelled")
            assert balance_is_its_moves()


def _label(house, item, number):
    from tests.making import good_number

    from jumun.orders.actions.label import NewWaybill, label
    from jumun.orders.actions.release import release as let_go
    from jumun.orders.selection import Selection

    let_go(Selection(ids=(item.id,)), by=house.owner, at=house.at)
    label([NewWaybill(item.id, "cj", good_number(number))], by=house.owner, at=house.at)


def test_who_re_links_and_who_reserves_never_knot(committed, noon, racers):
    """R22: re-linking gives one SKU back and takes another, while somebody reserves the two the other way round."""
    house = open_house(noon)
    with acting_as(house.company):
        put_products(house.company, [ProductFields("Y", "둘째", [SkuFields("Y", ship_from="main")])])
        house.order("A", *(f"a{n}" for n in range(400)), seller_code="", product_code="PA")
        house.order("B", *(f"b{n}" for n in range(20)), seller_code="", product_code="PB")
        both = ListingRef(house.account, "PB", "온산 순면 라운드 티셔츠", "O1", "블랙 / L")
        put_links([NewLink(listing=both, parts=[("TSH-BLK-L", 1), ("Y", 1)])], by=house.owner, at=house.at)
        x, y = fill(house, 1_000), fill(house, 1_000, "Y")
        linked = [item.id for item in house.items("A")]
        others = [item.id for item in house.items("B")]
    codes = ["TSH-BLK-L", "Y"]
    for number in range(40):
        told = {"do": "link", "company": house.company, "account": house.account, "sku": codes[number % 2]}
        rows = [(other, sku, house.ship_from, 1) for other in others for sku in (x, y)]
        several = {"do": "release", "again": 12, "company": house.company, "items": others, "rows": rows}
        said = race(racers, told, several)
        assert not any(isinstance(each, str) for each in said), said
        with acting_as(house.company):
            reserve_all(house, linked)
    with acting_as(house.company):
        assert balance_is_its_moves()
