"""C12, C13, N19: what is linked once is remembered, and every unshipped item follows a changed link."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
from jumun.intake.catalogue import fill_catalogue
from jumun.matching.links import ListingRef, NewLink, forget_links, put_links
from jumun.matching.models import Link, LinkVersion
from jumun.orders.events import ItemsRematched, _handlers, subscribe
from jumun.orders.models import Component, OrderItem, TimelineEvent

UNKNOWN = {
    "seller_code": "",
    "product_code": "P9",
    "option_code": "O9",
    "product_name": "햇 참깨",
    "option_text": "500g",
}


@pytest.fixture
def pantry(house):
    """A few more SKUs: A and B of the first ship-from, C of another."""
    put_ship_from(house.company, code="far", name="제2창고")
    skus = [SkuFields("A", ship_from="main"), SkuFields("B", ship_from="main"), SkuFields("C", ship_from="far")]
    put_products(house.company, [ProductFields("FOOD", "참깨", skus)])
    return house


def parts_of(item):
    return sorted(Component.objects.filter(item=item).values_list("sku__code", "per_unit"))


def link(house, item, *parts, **more):
    return put_links([NewLink(item=item.id, parts=parts, **more)], by=house.owner, at=house.at)


def test_a_link_matches_what_waits_and_what_comes(pantry):
    """C12: linked once, the same listing is matched by itself, several SKUs with quantities."""
    [first] = pantry.order("N1", "n1", **UNKNOWN)
    assert not first.matched

    done = link(pantry, first, ("A", 2), ("B", 1))
    [second] = pantry.order("N2", "n2", **UNKNOWN)
    [first] = pantry.items("N1")

    assert (done.links, done.refused, done.outcome.done) == (1, [], 1)
    assert [(each.item, each.was, each.now) for each in done.items] == [(first.id, "", "A+B")]
    for item in (first, second):
        assert (item.matched, item.sku_code, item.ship_from_id) == (True, "A+B", pantry.ship_from)
        assert parts_of(item) == [("A", 2), ("B", 1)]
        assert item.shipment.ship_from_id == pantry.ship_from


def test_a_remembered_link_stands_before_an_exact_own_code(pantry):
    [item] = pantry.order("N1", "n1")
    assert item.sku_code == "TSH-BLK-L"

    link(pantry, item, ("A", 1))
    [later] = pantry.order("N2", "n2")

    assert (later.sku_code, parts_of(later)) == ("A", [("A", 1)])
    assert [each.sku_code for each in pantry.items()] == ["A", "A"]


def test_another_option_is_another_listing(pantry):
    [item] = pantry.order("N1", "n1", **UNKNOWN)
    link(pantry, item, ("A", 1))

    [other] = pantry.order("N2", "n2", **(UNKNOWN | {"option_code": "O10"}))

    assert not other.matched


def test_without_codes_the_words_are_the_listing(pantry):
    bare = UNKNOWN | {"product_code": "", "option_code": ""}
    [item] = pantry.order("N1", "n1", **bare)
    link(pantry, item, ("A", 1))

    [same] = pantry.order("N2", "n2", **bare)
    [other] = pantry.order("N3", "n3", **(bare | {"option_text": "1kg"}))

    assert (same.sku_code, other.sku_code) == ("A", "")


def test_a_changed_link_takes_every_unshipped_item_along_and_says_so(pantry):
    """N19: recall of a wrong match; each change is a version, the reservations are told by an event."""
    heard = []
    subscribe(ItemsRematched, heard.append)
    for number in ("N1", "N2"):
        pantry.order(number, f"k{number}", **UNKNOWN)
    link(pantry, pantry.items()[0], ("A", 1))
    pantry.put(status="labelled")

    done = link(pantry, pantry.items()[0], ("B", 3))
    _handlers[ItemsRematched].remove(heard.append)

    assert done.outcome.done == 2
    assert {(each.sku_code, each.status, each.reprint) for each in pantry.items()} == {("B", "labelled", True)}
    assert all(parts_of(item) == [("B", 3)] for item in pantry.items())
    assert [each.batch for each in heard][-1] == done.outcome.batch
    assert set(OrderItem.objects.values_list("last_batch", flat=True)) == {done.outcome.batch}
    versions = LinkVersion.objects.order_by("version").values_list("version", "parts", "by")
    assert list(versions) == [
        (1, [{"sku": "A", "quantity": 1}], pantry.owner),
        (2, [{"sku": "B", "quantity": 3}], pantry.owner),
    ]
    assert TimelineEvent.objects.filter(action="matched", detail__was="A", detail__matched="B").count() == 2


def test_shipped_items_keep_what_they_were(pantry):
    pantry.order("N1", "n1", **UNKNOWN)
    link(pantry, pantry.items()[0], ("A", 1))
    pantry.put(status="shipped")

    done = link(pantry, pantry.items()[0], ("B", 1))

    assert (done.links, done.outcome.done) == (1, 0)
    assert parts_of(pantry.items()[0]) == [("A", 1)]


def test_the_same_link_again_changes_nothing(pantry):
    [item] = pantry.order("N1", "n1", **UNKNOWN)
    link(pantry, item, ("A", 1))

    done = link(pantry, item, ("A", 1))

    assert (done.links, done.outcome.done, done.outcome.batch) == (0, 0, None)
    assert Link.objects.get().version == 1


def test_skus_of_two_places_are_refused(pantry):
    """DESIGN §2: a link whose SKUs leave from different places is refused; the rest of the list goes on."""
    good, bad = pantry.order("N1", "n1", **UNKNOWN)[0], pantry.order("N2", "n2", **(UNKNOWN | {"option_code": "X"}))[0]

    done = put_links(
        [
            NewLink(item=bad.id, parts=[("A", 1), ("C", 1)]),
            NewLink(item=good.id, parts=[("A", 1)]),
            NewLink(item=good.id, parts=[("B", 1)]),
            NewLink(item=2**40, parts=[("A", 1)]),
            NewLink(item=bad.id, parts=[("NOPE", 1)]),
            NewLink(item=bad.id),
            NewLink(item=bad.id, parts=[("A", 0)]),
            NewLink(listing=ListingRef(2**40, "P"), parts=[("A", 1)]),
        ],
        by=pantry.owner,
        at=pantry.at,
    )

    assert done.links == 1
    assert done.refused == [
        (0, "mixed_ship_from"), (2, "twice"), (3, "unknown_listing"), (4, "unknown_sku"), (5, "no_parts"),
        (6, "bad_quantity"), (7, "unknown_listing"),
    ]  # fmt: skip


def test_other_goods_from_another_place_leave_in_a_parcel_of_their_own(pantry):
    """C12: an order's other items stay together where they are."""
    one, two = pantry.order("N1", "n1", "n2", **UNKNOWN)
    [three] = pantry.order("N1", "n3")[2:]
    link(pantry, one, ("A", 1))
    assert len({each.shipment_id for each in pantry.items("N1")}) == 1

    done = link(pantry, one, ("C", 1))

    assert done.outcome.done == 2
    one, two, three = pantry.items("N1")
    assert one.shipment_id == two.shipment_id != three.shipment_id
    assert one.shipment.ship_from.code == one.ship_from.code == "far"
    assert one.bundle_no == one.shipment.bundle_no != three.bundle_no
    assert three.shipment.ship_from.code == "main"


def test_a_whole_shipment_goes_to_the_new_place_as_it_is(pantry):
    [item] = pantry.order("N1", "n1", **UNKNOWN)
    link(pantry, item, ("A", 1))
    before = item.shipment_id

    link(pantry, item, ("C", 1))

    [item] = pantry.items("N1")
    assert (item.shipment_id, item.shipment.ship_from.code, item.ship_from.code) == (before, "far", "far")


def test_released_items_do_not_change_their_place(pantry):
    pantry.order("N1", "n1", **UNKNOWN)
    link(pantry, pantry.items()[0], ("A", 1))
    pantry.put(status="ready")

    done = link(pantry, pantry.items()[0], ("C", 1))
    gone = forget_links([ListingRef(pantry.account, "P9", "", "O9")], by=pantry.owner, at=pantry.at)

    assert [(each.id, each.code) for each in done.outcome.refused] == [(pantry.items()[0].id, "released_from_here")]
    assert gone.outcome.refused_total == 1
    assert parts_of(pantry.items()[0]) == [("A", 1)]


def test_ignored_goods_are_matched_and_packed_as_nothing(pantry):
    """Nothing leaves for them, and they hold no parcel back."""
    [item] = pantry.order("N1", "n1", **UNKNOWN)
    link(pantry, item, kind="ignore")
    pantry.order("N2", "n2")

    pantry.order("N2", "n3", **UNKNOWN)

    shirt, nothing = pantry.items("N2")
    assert (nothing.matched, nothing.sku_code, parts_of(nothing)) == (True, "", [])
    assert nothing.shipment_id == shirt.shipment_id or nothing.ship_from_id is None


def test_a_link_taken_back_leaves_its_items_waiting(pantry):
    [item] = pantry.order("N1", "n1", **UNKNOWN)
    link(pantry, item, ("A", 1))

    done = forget_links([ListingRef(pantry.account, "P9", "", "O9")], by=pantry.owner, at=pantry.at)
    [later] = pantry.order("N2", "n2", **UNKNOWN)

    assert done.outcome.done == 1
    assert [(each.matched, parts_of(each)) for each in (pantry.items("N1")[0], later)] == [(False, []), (False, [])]


def test_a_linked_sku_that_gets_its_ship_from_gives_it_to_what_waits(pantry):
    """The catalogue's growth reaches linked items, and an own code never takes a linked item over."""
    put_products(pantry.company, [ProductFields("D", "d", [SkuFields("D")])])
    [item] = pantry.order("N1", "n1", **(UNKNOWN | {"seller_code": "LATER"}))
    link(pantry, item, ("D", 1))
    assert pantry.items("N1")[0].ship_from_id is None

    grown = [ProductFields("D", "d", [SkuFields("D", ship_from="far"), SkuFields("LATER", ship_from="main")])]
    filled = fill_catalogue(pantry.company, grown, by=pantry.owner, at=pantry.at)

    [item] = pantry.items("N1")
    assert (filled.linked, item.sku_code, item.ship_from.code, item.shipment.ship_from.code) == (1, "D", "far", "far")
    assert parts_of(item) == [("D", 1)]


def test_a_dry_run_says_it_all_and_changes_nothing(pantry):
    [item] = pantry.order("N1", "n1", **UNKNOWN)

    done = put_links([NewLink(item=item.id, parts=[("A", 1)])], by=pantry.owner, at=pantry.at, dry_run=True)

    assert (done.links, done.outcome.done, done.items[0].now) == (1, 1, "A")
    assert not Link.objects.exists()
    assert not pantry.items("N1")[0].matched


def test_the_number_of_statements_does_not_grow(pantry):
    def statements(count, first):
        for place in range(count):
            pantry.order(f"M{first}-{place}", f"m{first}-{place}", **(UNKNOWN | {"option_code": f"{first}-{place}"}))
        wanted = [NewLink(item=each.id, parts=[("A", 1), ("B", 2)]) for each in pantry.items() if not each.matched]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            done = put_links(wanted, by=pantry.owner, at=pantry.at)
        assert (done.links, done.outcome.done) == (count, count)
        return len(seen)

    assert statements(1, "a") == statements(12, "b") <= 60
