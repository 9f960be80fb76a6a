"""C18, C19: the best way of giving out stock, against every other way of it."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from tests.allocation.wanting import many, scenes, stock, used, want

from jumun.stock import best, solving
from jumun.stock.best import allocate_best, deadline, worth
from jumun.stock.policy import FULL, Rules, allocate, fits, group


def rate(shipments, chosen):
    """How good a choice of full shipments is: number, value, urgency."""
    last = max((due for each in shipments if (due := deadline(each))), default=None)
    days = sum((last - deadline(each)).days for each in shipments if each.id in chosen and deadline(each))
    return (len(chosen), sum(worth(each) for each in shipments if each.id in chosen), days)


def full(allocation):
    return {shipment for shipment, state in allocation.shipments.items() if state == FULL}


def every_choice(shipments, free):
    """All choices that fit."""
    able = [each for each in shipments if each.possible]
    for size in range(len(able) + 1):
        for some in combinations(able, size):
            needs = {}
            for each in some:
                for slot, number in each.needs.items():
                    needs[slot] = needs.get(slot, 0) + number
            if fits(needs, free):
                yield {each.id for each in some}


@settings(max_examples=120, deadline=None)
@given(scenes())
def test_no_choice_is_better(scene):
    """C19: the most full shipments, then the most value, then the tightest deadlines, held against all choices."""
    wanted, free = scene
    shipments = group(wanted)
    answer = allocate_best(wanted, free, Rules(partial=False))
    highest = max(rate(shipments, chosen) for chosen in every_choice(shipments, free))
    assert rate(shipments, full(answer.allocation)) == highest
    assert answer.proven and answer.bound == answer.full == highest[0] and answer.value == highest[1]
    assert answer.gap == 0


@settings(max_examples=120, deadline=None)
@given(scenes(shipments=12, skus=4))
def test_never_below_greedy_and_never_beyond_stock(scene):
    """C18, C19: at least as good as by priority; with parts given out, still within what there is."""
    wanted, free = scene
    shipments = group(wanted)
    answer = allocate_best(wanted, free, Rules(divide=True))
    spent = used(wanted, answer.allocation)
    assert all(number <= free.get(slot, 0) for slot, number in spent.items())
    assert rate(shipments, full(answer.allocation)) >= rate(
        shipments, full(allocate(wanted, free, Rules(partial=False)))
    )


@pytest.mark.parametrize("answer", ["nothing", "too much"])
def test_a_solver_that_fails_leaves_the_greedy_answer(monkeypatch, answer):
    """What the solver says is checked in whole numbers; without a proof the bound says so."""
    wanted, free = many(60, 5, seed=3)

    def fail(model, aim, start, *, seconds):
        return ([0] * len(start) if answer == "nothing" else [9] * len(start)), 1e20, False

    monkeypatch.setattr(solving, "_run", fail)
    answer = allocate_best(wanted, free, Rules(partial=False))
    assert answer.full >= len(full(allocate(wanted, free, Rules(partial=False))))
    assert not answer.proven and answer.gap > 0 and "not proven" in answer.report()
    assert all(number <= free[slot] for slot, number in used(wanted, answer.allocation).items())


def test_only_what_is_scarce_is_solved(monkeypatch):
    """Components share no scarce slot, and what is plenty is in none; small ones go to the solver together."""
    calls = []
    real = best.solve
    monkeypatch.setattr(
        best, "solve", lambda kinds, *rest, **kept: calls.append(len(kinds)) or real(kinds, *rest, **kept)
    )
    wanted = [want(n, n, n % 3, 7, value=n) for n in range(1, 10)] + [want(20, 20, 8, value=1)]
    answer = allocate_best(wanted, stock(s0=2, s1=2, s2=2, s7=99, s8=1))
    assert (answer.full, answer.bound, answer.components, answer.competing, calls) == (7, 7, 3, 9, [9])
    assert full(answer.allocation) == {9, 6, 8, 5, 7, 4, 20}


def test_two_thousand_orders_are_solved_with_a_proof():
    """Near-exact becomes exact where there is time: the gap is nought and it says so."""
    wanted, free = many(2000, 1000, zipf=0.5)
    answer = allocate_best(wanted, free)
    assert answer.proven and answer.gap == 0 and "(gap 0.00%)" in answer.report() and ", proven" in answer.report()
    assert answer.full > len(full(allocate(wanted, free)))
