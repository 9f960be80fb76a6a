"""What every registered connector must do with units of several lines, corrections, claims and `open_only`.

Over real HTTP against the simulator. Sources: channels/port.py, DESIGN §2, channels.md §2.3 to §2.5.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from jumun.channels import registry
from jumun.channels.port import ClaimKind, ClaimStage, LineRef, Stage, StockLevel
from jumun.channels.profile import Can, Unit

from .harness import Mall, by_key, confirmed, lately, now, read_all

SENT = {Stage.DISPATCHED, Stage.IN_TRANSIT}


@pytest.fixture
def shared(mall: Mall) -> None:
    if not mall.harness.several:
        pytest.skip("a line is its own unit")


def can(mall: Mall, ability: Can) -> None:
    if ability not in registry.find_profile(mall.kind).can:
        pytest.skip(f"the channel cannot {ability}")


def boxes(mall: Mall, number: int) -> list[list[LineRef]]:
    """Confirmed units of three lines each."""
    lines = mall.orders(number, **mall.harness.several)
    return [lines[start : start + 3] for start in range(0, len(lines), 3)]


def one_number(mall: Mall, lines: list[LineRef], **given):
    """The same number for all of them."""
    number = mall.number()
    return [replace(notice, number=number, **given) for notice in mall.notices(lines)]


# Units of several lines


def test_a_kind_with_units_has_some_to_test(mall):
    profile = registry.find_profile(mall.kind)
    assert bool(mall.harness.several) is (profile.unit is not Unit.LINE)


@pytest.mark.usefixtures("shared")
def test_the_lines_of_a_unit_name_it(connector, mall):
    units = boxes(mall, 2)

    found = by_key(connector.read_lines([line for unit in units for line in unit]))

    assert [{found[line.line_key].unit for line in unit} for unit in units] == [{unit[0].unit} for unit in units]
    assert units[0][0].unit != units[1][0].unit
    assert not any(line.in_parts for line in found.values())


@pytest.mark.usefixtures("shared")
def test_a_units_delivery_fee_is_told_once(connector, mall):
    mall.orders(8, lines=3, quantity=1)
    lines = list(read_all(connector).values())

    for unit in {line.unit for line in lines}:
        assert sum(line.shipping_fee > 0 for line in lines if line.unit == unit) <= 1
    assert all(line.amount <= line.unit_price * line.quantity for line in lines)


@pytest.mark.usefixtures("shared")
def test_one_answer_for_a_unit_is_the_answer_of_each_line(connector, mall):
    lines = mall.orders(3, lines=3)[::-1]
    mall.fault(mall.harness.confirm, "refuse_line", line_no=lines[4].line_key, code="X1")

    results = list(connector.confirm(lines))

    assert [result.line_key for result in results] == [line.line_key for line in lines]
    assert [result.ok for result in results] == [line.unit != lines[4].unit for line in lines]
    assert {result.code for result in results if not result.ok} == {"X1"}
    assert mall.count_calls(mall.harness.confirm) == 1


@pytest.mark.usefixtures("shared")
def test_lines_of_units_mixed_together_are_told_by_unit(connector, mall):
    units = boxes(mall, 3)
    mixed = [unit[place] for place in range(3) for unit in units]
    numbers = {notice.line.line_key: notice for unit in units for notice in one_number(mall, unit)}

    results = list(connector.dispatch([numbers[line.line_key] for line in mixed]))

    assert [(result.line_key, result.ok) for result in results] == [(line.line_key, True) for line in mixed]
    assert {effect["line_no"]: effect["waybill"] for effect in mall.effects(mall.harness.dispatch)} == {
        key: notice.number for key, notice in numbers.items()
    }
    assert mall.units() == {line.line_key: line.unit for line in mixed}


@pytest.mark.usefixtures("shared")
def test_a_unit_is_never_told_in_two_calls(connector, mall):
    units = boxes(mall, 34)

    results = list(connector.dispatch([notice for unit in units for notice in one_number(mall, unit)]))

    assert all(result.ok for result in results)
    assert len(results) == 102
    assert mall.count_calls(mall.harness.dispatch) == 3


@pytest.mark.usefixtures("shared")
def test_a_unit_that_spoils_a_whole_call_does_not_stop_the_others(connector, mall):
    units = boxes(mall, 3)
    notices = [notice for unit in units for notice in one_number(mall, unit)]
    spoilt = [*notices[:4], replace(notices[4], carrier="nobody"), *notices[5:]]

    results = list(connector.dispatch(spoilt))

    assert [result.ok for result in results] == [True] * 3 + [False] * 3 + [True] * 3
    assert all(result.code and not result.already for result in results[3:6])


# Splitting a unit


@pytest.fixture
def split(mall: Mall) -> list[LineRef]:
    can(mall, Can.SPLIT_UNIT)
    return boxes(mall, 1)[0]


def test_part_of_a_unit_leaves_and_the_rest_stays(connector, mall, split):
    first, *rest = split
    tomorrow = now() + timedelta(days=1)

    results = list(connector.dispatch([*mall.notices([first]), *mall.left_behind(rest, until=tomorrow)]))

    found = by_key(connector.read_lines(split))
    assert [(result.line_key, result.ok) for result in results] == [(first.line_key, True)]
    assert [effect["line_no"] for effect in mall.effects(mall.harness.dispatch)] == [first.line_key]
    assert found[first.line_key].stage in SENT
    assert all((found[line.line_key].stage, found[line.line_key].waybill) == (Stage.CONFIRMED, "") for line in rest)
    assert all(found[line.line_key].in_parts for line in split)


def test_a_line_keeps_its_key_when_its_unit_changes(connector, mall, split):
    before = by_key(connector.read_lines(split))
    first, *rest = split
    list(connector.dispatch([*mall.notices([first]), *mall.left_behind(rest, until=now() + timedelta(days=1))]))

    after = by_key(connector.read_lines(split))
    listed = read_all(connector)

    assert set(after) == set(before) == set(listed)
    assert {key: line.unit for key, line in after.items()} == {key: line.unit for key, line in listed.items()}
    assert after[first.line_key].unit != before[first.line_key].unit
    assert all(after[line.line_key].unit == before[line.line_key].unit for line in rest)


def test_the_rest_of_a_split_unit_follows(connector, mall, split):
    first, *rest = split
    list(connector.dispatch([*mall.notices([first]), *mall.left_behind(rest, until=now() + timedelta(days=1))]))
    later = one_number(mall, rest, after_split=True)

    results = list(connector.dispatch(later))

    found = by_key(connector.read_lines(split))
    assert [(result.line_key, result.ok) for result in results] == [(line.line_key, True) for line in rest]
    assert {found[line.line_key].waybill for line in rest} == {later[0].number}
    assert found[first.line_key].waybill not in {"", later[0].number}


def test_a_split_unit_is_split_once_more(connector, mall, split):
    first, second, third = split
    until = now() + timedelta(days=1)
    list(connector.dispatch([*mall.notices([first]), *mall.left_behind([second, third], until=until)]))
    later = until + timedelta(days=3)
    again = [*one_number(mall, [second], after_split=True), *mall.left_behind([third], until=later)]

    results = list(connector.dispatch(again))

    assert [(result.line_key, result.ok) for result in results] == [(second.line_key, True)]
    assert len(set(mall.units().values())) == 3


def test_two_parcels_of_one_unit_leave_at_once(connector, mall, split):
    results = list(connector.dispatch([*mall.notices(split[:1]), *one_number(mall, split[1:])]))

    found = by_key(connector.read_lines(split))
    assert all(result.ok for result in results)
    assert len({line.waybill for line in found.values()}) == 2
    assert {line.stage for line in found.values()} <= SENT


# Correcting a number


def test_a_told_number_is_corrected(connector, mall):
    can(mall, Can.CORRECT_WAYBILL)
    lines = confirmed(mall, 2)
    list(connector.dispatch(mall.notices(lines)))
    corrected = mall.notices(lines, carrier="hanjin")
    numbers = {notice.line.line_key: "30000001063" + str(i) for i, notice in enumerate(corrected)}

    results = list(connector.correct([replace(each, number=numbers[each.line.line_key]) for each in corrected]))

    found = by_key(connector.read_lines(lines))
    assert [(result.line_key, result.ok) for result in results] == [(line.line_key, True) for line in lines]
    assert {key: (line.carrier, line.waybill) for key, line in found.items()} == {
        key: ("hanjin", number) for key, number in numbers.items()
    }


def test_nothing_is_corrected_before_it_was_sent(connector, mall):
    can(mall, Can.CORRECT_WAYBILL)
    lines = confirmed(mall, 1)

    (result,) = connector.correct(mall.notices(lines))

    assert not result.ok
    assert mall.effects(mall.harness.correct) == []


def test_a_kind_that_cannot_correct_refuses_every_line_itself(connector, mall):
    if Can.CORRECT_WAYBILL in registry.find_profile(mall.kind).can:
        pytest.skip("the channel can")
    lines = confirmed(mall, 2)

    results = list(connector.correct(mall.notices(lines)))

    assert [(result.line_key, result.ok, result.code) for result in results] == [
        (line.line_key, False, "cannot_correct") for line in lines
    ]


def test_a_kind_that_takes_no_stock_refuses_every_level_itself(connector, mall):
    """N20: a channel without the capability says so for each listing, and is asked nothing."""
    if Can.PUSH_STOCK in registry.find_profile(mall.kind).can:
        pytest.skip("the channel can")
    results = list(connector.push_stock([StockLevel("P1", "O1", 3), StockLevel("P2", "", 0)]))
    assert [(each.product_code, each.ok, each.code) for each in results] == [
        ("P1", False, "cannot_push_stock"),
        ("P2", False, "cannot_push_stock"),
    ]


@pytest.mark.parametrize("fault", ["cut_after", "error500", "html200"])
def test_a_correction_nobody_confirmed_is_unclear(connector, mall, fault):
    can(mall, Can.CORRECT_WAYBILL)
    lines = confirmed(mall, 1)
    list(connector.dispatch(mall.notices(lines)))
    mall.fault(mall.harness.correct, fault, apply=True)

    with pytest.raises(Exception) as failed:
        list(connector.correct(mall.notices(lines)))

    assert failed.value.unclear
    assert len(mall.effects(mall.harness.correct)) == 1


# Claims


@pytest.fixture
def claims(mall: Mall) -> None:
    can(mall, Can.READ_CLAIMS)


@pytest.mark.usefixtures("claims")
def test_claims_made_in_a_window_are_told_with_their_lines(connector, mall):
    cancel, back, swap, none = lines = mall.orders(4, lines=1, quantity=2, **mall.harness.claimable)
    mall.event("ship", [back, swap])
    mall.event("deliver", [back, swap])
    mall.event("cancel_request", [cancel])
    mall.event("return_request", [back])
    mall.event("exchange_request", [swap])

    listed, read = read_all(connector), by_key(connector.read_lines(lines))

    told = {
        key: line.claim and (line.claim.kind, line.claim.stage, line.claim.quantity) for key, line in listed.items()
    }
    assert told == {
        cancel.line_key: (ClaimKind.CANCEL, ClaimStage.REQUESTED, 2),
        back.line_key: (ClaimKind.RETURN, ClaimStage.REQUESTED, 2),
        swap.line_key: (ClaimKind.EXCHANGE, ClaimStage.REQUESTED, 2),
        none.line_key: None,
    }
    assert all(listed[line.line_key].claims_known for line in (cancel, back, swap))
    assert all(listed[line.line_key].claim.claim_id for line in (cancel, back, swap))
    assert read[cancel.line_key].claim == listed[cancel.line_key].claim
    assert all(line.claims_known or not line.claims for line in read.values())


@pytest.mark.usefixtures("claims")
def test_a_claim_the_buyer_took_back_is_told_as_such(connector, mall):
    cancel, back = lines = mall.orders(2, lines=1, **mall.harness.claimable)
    mall.event("ship", [back])
    mall.event("deliver", [back])
    mall.event("cancel_request", [cancel])
    mall.event("return_request", [back])
    asked = read_all(connector)
    mall.event("cancel_withdraw", [cancel])
    mall.event("return_withdraw", [back])

    found = read_all(connector)

    over = {ClaimStage.WITHDRAWN, ClaimStage.REFUSED}
    assert {line.line_key: found[line.line_key].claim.claim_id for line in lines} == {
        line.line_key: asked[line.line_key].claim.claim_id for line in lines
    }
    assert all(found[line.line_key].claim.stage in over for line in lines)
    assert found[cancel.line_key].stage is Stage.CONFIRMED or not mall.harness.claimable


@pytest.mark.usefixtures("claims")
def test_what_came_back_as_a_whole_is_told_as_returned(connector, mall):
    back, stays = lines = mall.orders(2, lines=1, **mall.harness.claimable)
    mall.event("ship", lines)
    mall.event("deliver", lines)
    mall.event("return_done", [back])

    for found in (read_all(connector), by_key(connector.read_lines(lines))):
        assert (found[back.line_key].stage, found[back.line_key].remaining) == (Stage.RETURNED, 0)
        assert found[back.line_key].claim.stage is ClaimStage.DONE
        assert found[stays.line_key].stage is Stage.DELIVERED


@pytest.mark.usefixtures("claims")
def test_what_was_cancelled_before_any_confirmation_is_told_as_cancelled(connector, mall):
    gone, stays = lines = mall.orders(2, lines=1, quantity=2)
    mall.event("cancel", [gone])

    for found in (read_all(connector), by_key(connector.read_lines(lines))):
        assert (found[gone.line_key].stage, found[gone.line_key].remaining) == (Stage.CANCELLED, 0)
        assert found[gone.line_key].claim.kind is ClaimKind.CANCEL
        assert found[stays.line_key].stage is Stage.NEW


@pytest.mark.usefixtures("claims", "shared")
def test_a_claim_on_one_line_of_a_unit_is_not_told_of_the_others(connector, mall):
    (unit,) = boxes(mall, 1)
    mall.event("cancel_request", [unit[1]])

    found = by_key(connector.read_lines(unit))

    assert [bool(found[line.line_key].claims) for line in unit] == [False, True, False]


@pytest.mark.usefixtures("claims", "shared")
def test_a_line_cancelled_out_of_its_unit_is_told_and_the_rest_can_go(connector, mall):
    (unit,) = boxes(mall, 1)
    mall.event("cancel", [unit[1]])

    found = by_key(connector.read_lines(unit))
    rest = [line for line in unit if found[line.line_key].remaining]
    results = list(connector.dispatch(one_number(mall, rest)))

    assert found[unit[1].line_key].stage is Stage.CANCELLED
    assert [result.ok for result in results] == [True, True]


# open_only


def test_open_only_tells_what_may_still_be_sent(connector, mall):
    fresh, there, gone = mall.orders(3, lines=1)
    mall.event("confirm", [there])
    mall.event("ship", [gone])

    found = {line.line_key: line for page in connector.changed(lately(), open_only=True) for line in page}

    assert (found[fresh.line_key].stage, found[there.line_key].stage) == (Stage.NEW, Stage.CONFIRMED)
    if not registry.find_profile(mall.kind).lists_changes:
        assert gone.line_key not in found
        assert mall.count_calls(mall.harness.feed) == 2


def test_open_only_does_not_hide_that_the_buyer_cancels(connector, mall):
    can(mall, Can.READ_CLAIMS)
    (line,) = mall.orders(1, lines=1, quantity=2, **mall.harness.claimable)
    mall.event("cancel_request", [line])

    found = {line.line_key: line for page in connector.changed(lately(), open_only=True) for line in page}

    assert found[line.line_key].claim.stage is ClaimStage.REQUESTED
