"""C12, N19, R26: lines that come in while links change, and two people who change the same link."""

import threading

import pytest
from tests.making import make_line, open_house

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.core.tenancy import acting_as
from jumun.matching.links import ListingRef, NewLink, put_links
from jumun.matching.models import Link, LinkVersion
from jumun.orders.models import Component, OrderItem

ROUNDS = 12


@pytest.fixture
def pantry(committed, noon):
    house = open_house(noon)
    with acting_as(house.company):
        put_products(house.company, [ProductFields("F", "f", [SkuFields(code, ship_from="main") for code in "AB"])])
    return house


def relink(house, code):
    listings = [ListingRef(house.account, f"P{n}", f"상품 {n}") for n in range(3)]
    with acting_as(house.company):
        put_links([NewLink(each, parts=[(code, 1)]) for each in listings], by=house.owner, at=house.at)


def collect(house, number):
    with acting_as(house.company):
        house.store(
            make_line(f"N{number}-{n}", f"n{number}-{n}", house.at, product_code=f"P{n}", option_code="", option_text="",
                      seller_code="")
            for n in range(3)
        )  # fmt: skip


def test_no_item_is_left_with_a_link_that_is_gone(pantry):
    """Collecting and two who relink at once: nobody waits in a ring, and every item ends as its listing's link says."""
    failures = []

    def run(work):
        from django.db import connection

        try:
            for number in range(ROUNDS):
                work(number)
        except Exception as problem:
            failures.append(problem)
        finally:
            connection.close()

    works = (
        lambda number: collect(pantry, number),
        lambda number: relink(pantry, "AB"[number % 2]),
        lambda number: relink(pantry, "BA"[number % 2]),
    )
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    with acting_as(pantry.company):
        said = {link.product_code: link.linkpart_set.get().sku.code for link in Link.objects.all()}
        assert OrderItem.objects.count() == 3 * ROUNDS
        for item in OrderItem.objects.select_related("line"):
            assert item.sku_code == said[item.line.product_code]
        made = Component.objects.values_list("item__sku_code", "sku__code", "per_unit")
        assert len(made) == 3 * ROUNDS
        assert all((code, number) == (item, 1) for item, code, number in made)
        for link in Link.objects.all():
            assert LinkVersion.objects.filter(link=link).count() == link.version
