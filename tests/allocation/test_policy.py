"""C18-C20, C24: the classic way of giving out stock, and why somebody got nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.allocation.wanting import many, scenes, stock, used, want

from jumun.stock import policy
from jumun.stock.explaining import Names, explain, explain_text
from jumun.stock.policy import AUTO, FULL, NONE, PARTIAL, UNALLOCATED, Rules, allocate, fits, group

RULES = some.builds(Rules, full=some.booleans(), partial=some.booleans(), divide=some.booleans())


def test_full_shipments_come_before_partial_ones():
    """C19: the first in turn cannot be full; the second can and takes what the first would have had."""
    wanted = [want(1, 1, 1, rank=0), want(2, 1, 2, rank=0), want(3, 2, 1, rank=9)]
    given_out = allocate(wanted, stock(s1=1))
    assert given_out.shipments == {1: NONE, 2: FULL}
    assert [given_out.state(item) for item in wanted] == [UNALLOCATED, UNALLOCATED, AUTO]


def test_what_is_left_goes_to_partial_shipments():
    """C19, C24."""
    wanted = [want(1, 1, 1), want(2, 1, 2), want(3, 2, 1)]
    given_out = allocate(wanted, stock(s1=2))
    assert given_out.shipments == {1: PARTIAL, 2: FULL} and given_out.units == {1: 1, 3: 1}
    assert allocate(wanted, stock(s1=2), Rules(partial=False)).shipments == {1: NONE, 2: FULL}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"rank": 0, "due": 9, "ordered": 9}, {"rank": 1, "due": 0, "ordered": 0}),
        ({"due": 0, "ordered": 9}, {"due": 1, "ordered": 0}),
        ({"due": 5, "ordered": 9}, {"due": None, "ordered": 0}),
        ({"due": 1, "ordered": 0}, {"due": 1, "ordered": 1}),
    ],
    ids=["priority", "deadline", "deadline before none", "order date"],
)
def test_who_comes_first(first, second):
    """C18: account priority, then deadline, then order date."""
    assert allocate([want(1, 1, 1, **second), want(2, 2, 1, **first)], stock(s1=1)).units == {2: 1}


def test_an_item_is_divided_only_where_asked():
    """C22: with 미할당주문나누기 some units may be given, whole sets of them."""
    wanted = [want(1, 1, (1, 2), 2, quantity=5)]
    assert allocate(wanted, stock(s1=7, s2=9)).units == {}
    given_out = allocate(wanted, stock(s1=7, s2=9), Rules(divide=True))
    assert given_out.units == {1: 3} and given_out.left == stock(s1=1, s2=6) and given_out.shipments == {1: PARTIAL}


def test_what_lacks_more_than_stock_gets_none_and_keeps_its_shipment_from_full():
    """C19: an unmatched item cannot ship, so its shipment is not a full one."""
    wanted = [want(1, 1, lacking="unmatched"), want(2, 1, 1), want(3, 2, 1, rank=5)]
    assert allocate(wanted, stock(s1=1)).units == {3: 1}
    assert allocate(wanted, stock(s1=2)).shipments == {1: PARTIAL, 2: FULL}


def test_items_that_need_nothing_hinder_nobody():
    """Ignored lines are matched to no SKU."""
    given_out = allocate([want(1, 1), want(2, 1, 1), want(3, 2), want(4, 2, 2)], stock(s1=1))
    assert given_out.shipments == {1: FULL, 2: NONE}


@settings(max_examples=300, deadline=None)
@given(scenes(), RULES)
def test_stock_is_never_given_twice(scene, rules):
    """C18: whatever is asked, what is given and what is left is what there was, and nothing is below zero."""
    wanted, free = scene
    given_out = allocate(wanted, free, rules)
    spent = used(wanted, given_out)
    assert all(number >= 0 for number in given_out.left.values())
    assert {slot: number + spent.get(slot, 0) for slot, number in given_out.left.items()} == free
    sizes = {item.item: item for item in wanted}
    assert all(0 < units <= sizes[item].quantity for item, units in given_out.units.items())
    if not rules.divide:
        assert all(units == sizes[item].quantity for item, units in given_out.units.items())
    assert set(given_out.shipments) == {item.shipment for item in wanted}
    for shipment, state in given_out.shipments.items():
        inside = [item for item in wanted if item.shipment == shipment]
        whole = all(given_out.units.get(item.item) == item.quantity for item in inside)
        assert (state == FULL) == whole


@settings(max_examples=300, deadline=None)
@given(scenes())
def test_full_first(scene):
    """C19: whoever was not served in full could not be once those before it were."""
    wanted, free = scene
    full_only = allocate(wanted, free, Rules(partial=False))
    left = dict(free)
    for shipment in policy.in_turn(group(wanted)):
        could = shipment.possible and fits(shipment.needs, left)
        assert (full_only.shipments[shipment.id] == FULL) == could
        if could:
            left = {slot: number - shipment.needs.get(slot, 0) for slot, number in left.items()}
    both = allocate(wanted, free)
    assert {each for each, state in both.shipments.items() if state == FULL} == {
        each for each, state in full_only.shipments.items() if state == FULL
    }


def test_a_hundred_thousand_items_are_looked_at_a_few_times_each(monkeypatch):
    """Linear: 100,000 items of 10,000 SKUs, counted in looks at the stock, not in seconds."""
    looks = 0

    class Counted(dict):
        def get(self, *key):
            nonlocal looks
            looks += 1
            return super().get(*key)

    wanted, free = many(60_000, 10_000, zipf=0.6)
    given_out = policy.Allocation(left=Counted(free))
    monkeypatch.setattr(policy, "Allocation", lambda **kept: given_out)
    allocate(wanted, free)
    assert len(wanted) >= 95_000 and looks <= 2 * len(wanted)


NAMES = Names({(1, 1): "A", (2, 1): "B"}, {n: f"N{n}" for n in range(1, 20)})


def test_why_it_was_not_given():
    """N20: short of what, and who has it."""
    wanted = [want(n, n, 1, ordered=n) for n in range(1, 9)] + [want(9, 9, (1, 2), (2, 1), ordered=9)]
    why = explain(wanted, allocate(wanted, stock(s1=8)), NAMES)
    assert set(why) == {9}
    assert explain_text(why[9], "en") == ("short 2 of A; taken by orders N1, N2, N3, N4, N5 and 3 more; short 1 of B")
    assert explain_text(why[9]) == "A 2개 부족 (먼저 할당: N1, N2, N3, N4, N5 외 3건); B 1개 부족"


def test_who_had_it_before_is_named_too():
    """N20: stock reserved by earlier runs is taken as well."""
    wanted = [want(1, 1, 1)]
    why = explain(wanted, allocate(wanted, {}), NAMES, held={(1, 1): ["M7"]})
    assert explain_text(why[1], "en") == "short 1 of A; taken by orders M7"


def test_an_item_that_waits_for_others_says_so():
    """N20: its own goods are there."""
    wanted = [want(1, 1, 1), want(2, 1, 2), want(3, 2, lacking="unmatched")]
    why = explain(wanted, allocate(wanted, stock(s1=1), Rules(partial=False)), NAMES)
    assert [why[n].code for n in (1, 2, 3)] == ["rest_short", "short", "unmatched"]
    assert all(explain_text(each, language) for each in why.values() for language in ("ko", "en"))


@settings(max_examples=200, deadline=None)
@given(scenes(), RULES)
def test_whoever_goes_without_is_told_why(scene, rules):
    """N20: exactly those who did not get all are explained."""
    wanted, free = scene
    given_out = allocate(wanted, free, rules)
    why = explain(wanted, given_out, Names({(n, 1): str(n) for n in range(9)}, {n: str(n) for n in range(99)}))
    assert set(why) == {item.item for item in wanted if given_out.units.get(item.item, 0) < item.quantity}
    assert all(short.missing > 0 for each in why.values() for short in each.short)
