"""C12: certain suggestions link by themselves only where the company wants it; kin and waiting listings are told."""

import pytest

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.matching.automatic import link_certain, look_after_collecting, set_automatic
from jumun.matching.links import NewLink, put_links
from jumun.matching.queries import (
    Said,
    count_unmatched,
    find_said,
    links_by_itself,
    list_links,
    list_unmatched,
    suggest_for,
)
from jumun.matching.scoring import Listing

SESAME = {
    "seller_code": "",
    "product_code": "P9",
    "option_code": "",
    "product_name": "[특가] 국산 참깨 500g",
    "option_text": "",
}


@pytest.fixture
def pantry(house):
    skus = [SkuFields("SES-500", name="국산 참깨 500g", price=12_900, ship_from="main")]
    put_products(house.company, [ProductFields("SES", "국산 참깨 500g", skus)])
    return house


def test_nothing_links_by_itself_unless_it_is_wanted(pantry):
    pantry.order("N1", "n1", **SESAME)
    assert link_certain(at=pantry.at) is None
    assert not pantry.items("N1")[0].matched


def test_what_is_certain_is_linked_and_remembered(pantry):
    pantry.order("N1", "n1", **SESAME)
    pantry.order("N2", "n2", **(SESAME | {"product_code": "P10", "product_name": "국산 참깨 1kg"}))
    set_automatic(pantry.company, on=True)

    done = link_certain(at=pantry.at)
    [later] = pantry.order("N3", "n3", **SESAME)

    assert links_by_itself()
    assert (done.links, done.outcome.done) == (1, 1)
    assert [item.sku_code for item in pantry.items()] == ["SES-500", "", "SES-500"]
    assert later.matched
    assert link_certain(at=pantry.at).links == 0


def test_what_waits_is_told_by_listing_with_counts(pantry):
    """C10, C13."""
    for number in ("N1", "N2"):
        pantry.order(number, f"k{number}", **SESAME, quantity=2, remaining=2)
    [single] = pantry.order("N3", "n3", **(SESAME | {"product_code": "P10"}))

    rows = list_unmatched(limit=1)
    counts = count_unmatched()

    assert [(row.product_code, row.items, row.orders, row.quantity) for row in rows] == [
        ("P9", 2, 2, 4),
        ("P10", 1, 1, 1),
    ]
    assert (rows[0].account_name, rows[0].price, rows[0].order_number) == ("스마트스토어", 12_900, "N1")
    assert (counts.items, counts.orders, counts.listings) == (3, 3, 2)
    assert list_unmatched(account=2**40) == []


def test_kin_of_a_remembered_listing_is_named(pantry):
    """N19: the same goods under another promotion's headline."""
    [item] = pantry.order("N1", "n1", **SESAME)
    put_links([NewLink(item=item.id, parts=[("SES-500", 2)])], by=pantry.owner, at=pantry.at)
    [other] = pantry.order(
        "N2", "n2", **(SESAME | {"product_code": "P77", "product_name": "★무료배송★ 참깨 500g 국산"})
    )

    [found] = suggest_for([find_said([other.id])[other.id]])
    [strange] = suggest_for([Said(Listing("국산 참깨 1kg"))])

    assert found.kin.parts == (("SES-500", 2),)
    assert strange.kin is None
    assert [link.parts for link in list_links(sku="SES-500", text="참깨", account=pantry.account)] == [
        (("SES-500", 2),)
    ]
    assert list_links(sku="NOPE") == []


def test_a_catalogue_that_changed_is_read_anew(pantry):
    before = suggest_for([Said(Listing("들기름 300ml"))])
    put_products(pantry.company, [ProductFields("OIL", "들기름 300ml", [SkuFields("OIL-300")])])

    [after] = suggest_for([Said(Listing("들기름 300ml"))])

    assert before[0].candidates == []
    assert len(after.candidates) == 1


def test_collecting_has_it_looked_at_where_it_is_on(pantry, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "jumun.matching.automatic.defer_by_name", lambda name, **ids: asked.append((name, ids["company_id"]))
    )

    look_after_collecting(None)
    set_automatic(pantry.company, on=True)
    look_after_collecting(None)

    assert asked == [("matching.link_certain", pantry.company)] * 2
