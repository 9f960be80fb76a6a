"""Numbers on shipments (P19, P20, R27)."""

from tests.making import good_number

from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem, Shipment
from jumun.orders.selection import Selection
from jumun.waybills.actions import GivenWaybill, save_waybills
from jumun.waybills.carriers import CARRIERS, doubt_number, normalise_number, refuse_number

ALL = Selection(filter=ItemFilter())


def ready(house, *numbers):
    for number in numbers:
        house.order(number, f"{number}-1", f"{number}-2")
    release(ALL, by=None, at=house.at)
    return [house.items(number)[0] for number in numbers]


def test_saving_moves_the_whole_shipment_to_labelled(house, noon):
    """P20: 운송장출력 even when nothing was printed."""
    (item,) = ready(house, "A1")
    saved = save_waybills([GivenWaybill("cj", "6800-0000-0017", item=item.id)], by=house.owner, at=noon)
    assert saved.outcome.done == 2
    assert {(row.status, row.carrier, row.waybill) for row in OrderItem.objects.all()} == {
        ("labelled", "cj", "680000000017")
    }
    shipment = Shipment.objects.get()
    assert (shipment.carrier, shipment.waybill) == ("cj", "680000000017")


def test_named_by_item_shipment_or_bundle_number(house, noon):
    a, b, c = ready(house, "A1", "B1", "C1")
    given = [
        GivenWaybill("cj", good_number(1), item=a.id),
        GivenWaybill("cj", good_number(2), shipment=b.shipment_id),
        GivenWaybill("cj", good_number(3), bundle_no=c.bundle_no),
    ]
    assert save_waybills(given, by=None, at=noon).outcome.done == 6


def test_a_number_of_another_shipment_is_refused_and_the_rest_goes_on(house, noon):
    """R27."""
    a, b, c = ready(house, "A1", "B1", "C1")
    save_waybills([GivenWaybill("cj", good_number(1), item=a.id)], by=None, at=noon)
    saved = save_waybills(
        [GivenWaybill("cj", good_number(1), item=b.id), GivenWaybill("cj", good_number(2), item=c.id)],
        by=None,
        at=noon,
    )
    assert saved.outcome.done == 2
    assert {row.code for row in saved.outcome.refused} == {"waybill_taken"}
    assert {item.status for item in house.items("B1")} == {"ready"}


def test_the_same_number_twice_in_one_go_is_kept_once(house, noon):
    a, b = ready(house, "A1", "B1")
    saved = save_waybills(
        [GivenWaybill("cj", good_number(1), item=a.id), GivenWaybill("cj", good_number(1), item=b.id)],
        by=None,
        at=noon,
    )
    assert saved.outcome.done == 2
    assert {row.code for row in saved.outcome.refused} == {"waybill_taken"}


def test_two_numbers_for_one_shipment_the_second_is_refused(house, noon):
    """DESIGN §5."""
    (item,) = ready(house, "A1")
    saved = save_waybills(
        [GivenWaybill("cj", good_number(1), item=item.id), GivenWaybill("cj", good_number(2), item=item.id)],
        by=None,
        at=noon,
    )
    assert saved.outcome.done == 2
    assert [(row.row, row.code) for row in saved.rows] == [(1, "waybill_twice")]
    assert Shipment.objects.get().waybill == good_number(1)


def test_a_new_number_replaces_the_old_while_nobody_was_told(house, noon):
    (item,) = ready(house, "A1")
    save_waybills([GivenWaybill("cj", good_number(1), item=item.id)], by=None, at=noon)
    saved = save_waybills([GivenWaybill("hanjin", "300000010634", item=item.id)], by=None, at=noon)
    assert saved.outcome.done == 2
    assert Shipment.objects.get().waybill == "300000010634"


def test_wrong_lengths_are_refused_and_check_digits_doubted(house, noon):
    """carriers.md §2."""
    a, b = ready(house, "A1", "B1")
    saved = save_waybills(
        [
            GivenWaybill("cj", "123", item=a.id),
            GivenWaybill("nobody", "123456789012", item=a.id),
            GivenWaybill("cj", "680000000012", item=b.id),
        ],
        by=None,
        at=noon,
    )
    assert [(row.row, row.code) for row in saved.rows] == [(0, "waybill_length"), (1, "unknown_carrier")]
    assert [(row.row, row.code) for row in saved.doubts] == [(2, "check_digit")]
    assert saved.outcome.done == 2


def test_published_sample_numbers_pass_their_checks():
    """carriers.md §2, the numbers the rules were computed from."""
    samples = {
        "cj": ["680405450931", "384091786506", "636826218033", "340010913442", "684809623814"],
        "hanjin": ["300000010634", "1547827315", "531647410114", "534000964792"],
        "lotte": ["200016500003", "317651308380", "313633845254", "3213084895"],
        "logen": ["20286005541", "92816272404", "93549899155", "8073002735"],
        "epost": ["6900004147609"],
    }
    for carrier, numbers in samples.items():
        for number in numbers:
            assert (carrier, number, refuse_number(carrier, number), doubt_number(carrier, number)) == (
                carrier,
                number,
                "",
                "",
            )


def test_every_carrier_has_both_names():
    assert all(carrier.label_ko and carrier.label_en for carrier in CARRIERS.values())
    assert normalise_number(" 6804-0545 0931\t") == "680405450931"
