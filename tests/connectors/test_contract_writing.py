"""What every registered connector must do when it writes, over real HTTP against the simulator."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from jumun.channels import registry
from jumun.channels.port import Connector, LineRef, LineResult, Stage
from jumun.core.errors import ChannelBusy

from .harness import Mall, confirmed, lately, stranger_to

MANY = 65
"""More lines than one write of any channel takes."""


@dataclass(frozen=True, slots=True)
class Write:
    """One of the two writes: what the port and the channel call it, lines it may be made for, and how it is made."""

    verb: str
    call: str
    make: Callable[[int], list[LineRef]]
    tell: Callable[[Connector, Sequence[LineRef]], Iterator[LineResult]]


@pytest.fixture(params=["confirm", "dispatch"])
def write(request: pytest.FixtureRequest, mall: Mall) -> Write:
    if request.param == "confirm":
        return Write("confirm", mall.harness.confirm, lambda n: mall.orders(n, lines=1), lambda c, w: c.confirm(w))
    return Write(
        "dispatch", mall.harness.dispatch, lambda n: confirmed(mall, n), lambda c, w: c.dispatch(mall.notices(w))
    )


def test_nothing_to_write_makes_no_call(connector, mall):
    assert list(connector.confirm([])) == []
    assert list(connector.dispatch([])) == []
    assert list(connector.correct([])) == []
    assert mall.statuses() == set()


def test_results_come_in_the_order_given(connector, mall, write):
    lines = write.make(MANY)[::-1]

    results = list(write.tell(connector, lines))

    assert [(result.line_key, result.ok) for result in results] == [(line.line_key, True) for line in lines]
    assert sorted(effect["line_no"] for effect in mall.effects(write.call)) == sorted(line.line_key for line in lines)


def test_one_refused_line_does_not_stop_the_others(connector, mall, write):
    lines = write.make(40)
    mall.fault(write.call, "refuse_line", line_no=lines[3].line_key, code="X1", message="받는 분 010-1234-5678")

    results = list(write.tell(connector, lines))

    refused = [result for result in results if not result.ok]
    assert [result.line_key for result in results] == [line.line_key for line in lines]
    assert [(result.line_key, result.code) for result in refused] == [(lines[3].line_key, "X1")]
    assert "1234" not in refused[0].message
    assert len(mall.effects(write.call)) == 39


def test_a_line_that_spoils_a_whole_call_does_not_stop_the_others(connector, mall):
    lines = confirmed(mall, 12)
    notices = mall.notices(lines)
    twice = [*notices, notices[4]]

    results = list(connector.dispatch(twice))

    assert [result.line_key for result in results] == [notice.line.line_key for notice in twice]
    assert all(result.ok for result in results[:12])
    assert (results[12].ok, results[12].already) == (False, True) or results[12].ok
    assert len(mall.effects(mall.harness.dispatch)) == 12


def test_confirm_moves_the_line(connector, mall):
    lines = mall.orders(3, lines=1)

    list(connector.confirm(lines))

    assert {line.stage for line in connector.read_lines(lines)} == {Stage.CONFIRMED}


def test_confirm_tells_that_the_address_changed(connector, mall):
    if registry.find_profile(mall.kind).reread_confirmed:
        pytest.skip("the channel does not say so: lines are read again when it accepted")
    moved, stayed = lines = mall.orders(2, lines=1)
    mall.event("address_change", [moved])

    results = {result.line_key: result for result in connector.confirm(lines)}

    assert results[moved.line_key].address_changed
    assert not results[stayed.line_key].address_changed


def test_an_address_changed_before_the_confirmation_is_read_afterwards(connector, mall):
    (line,) = mall.orders(1, lines=1)
    (before,) = connector.read_lines([line])
    mall.event("address_change", [line])

    list(connector.confirm([line]))

    (after,) = connector.read_lines([line])
    assert after.recipient.address1 != before.recipient.address1


def test_a_repeated_confirm_is_told_apart_from_a_refusal(connector, mall):
    lines = mall.orders(2, lines=1)
    list(connector.confirm(lines))

    assert all(result.ok or result.already for result in connector.confirm(lines))
    assert len(mall.effects(mall.harness.confirm)) == 2


def test_dispatch_arrives_as_it_was_told(connector, mall):
    lines = confirmed(mall, 3)
    notices = mall.notices(lines)

    list(connector.dispatch(notices))

    numbers = {notice.line.line_key: notice.number for notice in notices}
    assert {effect["line_no"]: effect["waybill"] for effect in mall.effects(mall.harness.dispatch)} == numbers
    for line in connector.read_lines(lines):
        assert (line.carrier, line.waybill) == ("cj", numbers[line.line_key])
        assert line.stage in {Stage.DISPATCHED, Stage.IN_TRANSIT}


def test_the_same_waybill_twice_is_told_apart(connector, mall):
    notices = mall.notices(confirmed(mall, 2))
    list(connector.dispatch(notices))

    again = list(connector.dispatch(notices))

    assert all(result.ok or result.already for result in again)
    assert len(mall.effects(mall.harness.dispatch)) == 2


def test_another_number_does_not_pass_for_the_first(connector, mall):
    lines = confirmed(mall, 1)
    first = mall.notices(lines)
    list(connector.dispatch(first))

    (second,) = connector.dispatch(mall.notices(lines))
    (there,) = connector.read_lines(lines)

    assert not second.ok
    assert there.waybill == first[0].number


def test_a_wrong_number_or_carrier_is_a_refused_line(connector, mall):
    short, nobody, good = mall.notices(confirmed(mall, 3))
    results = list(connector.dispatch([replace(short, number="12"), replace(nobody, carrier="nobody"), good]))

    assert [result.ok for result in results] == [False, False, True]
    assert all(result.code and not result.already for result in results[:2])


@pytest.mark.parametrize("method", ["direct", "quick", "visit"])
def test_what_is_no_parcel_needs_no_number(connector, mall, method):
    notices = [replace(each, carrier="", number="") for each in mall.notices(confirmed(mall, 1), method=method)]

    assert [result.ok for result in connector.dispatch(notices)] == [True]


def test_a_line_the_channel_does_not_know_is_a_refused_line(connector, mall):
    (line,) = mall.orders(1, lines=1)
    stranger = stranger_to(line)

    results = list(connector.confirm([stranger, line]))

    assert [result.ok for result in results] == [False, True]


# Writes that end badly


@pytest.mark.parametrize("fault", ["timeout_after", "cut_after", "truncated_json", "html200", "error500", "big_body"])
def test_an_applied_write_without_a_readable_answer_is_unclear(impatient, mall, write, fault):
    lines = write.make(3)
    mall.fault(write.call, fault, seconds=5, apply=True, megabytes=21)

    with pytest.raises(ChannelBusy) as failed:
        list(write.tell(impatient, lines))

    assert failed.value.unclear
    assert len(mall.effects(write.call)) == 3
    assert mall.count_calls(write.call) == 1
    assert {line.stage for line in impatient.read_lines(lines)} <= {
        Stage.CONFIRMED,
        Stage.DISPATCHED,
        Stage.IN_TRANSIT,
    }


@pytest.mark.parametrize("fault", ["timeout", "cut", "error503", "html200", "empty"])
def test_a_write_that_was_not_applied_is_unclear_all_the_same(impatient, mall, write, fault):
    lines = write.make(2)
    mall.fault(write.call, fault, seconds=5)

    with pytest.raises(ChannelBusy) as failed:
        list(write.tell(impatient, lines))

    assert failed.value.unclear
    assert mall.effects(write.call) == []
    assert mall.count_calls(write.call) == 1


def test_a_write_the_gateway_turned_away_is_not_unclear(connector, mall, write):
    lines = write.make(2)
    mall.fault(write.call, "rate_limit", retry_after=2)

    with pytest.raises(ChannelBusy) as failed:
        list(write.tell(connector, lines))

    assert (failed.value.unclear, failed.value.retry_after) == (False, 2.0)
    assert mall.effects(write.call) == []


def test_a_token_that_cannot_be_had_leaves_no_write_unclear(impatient, mall, write):
    if not mall.harness.token:
        pytest.skip("the channel has no token call")
    lines = write.make(1)
    mall.fault(mall.harness.token, "timeout", seconds=5)

    with pytest.raises(ChannelBusy) as failed:
        list(write.tell(impatient, lines))

    assert not failed.value.unclear
    assert mall.count_calls(write.call) == 0


def test_batches_answered_before_the_trouble_are_kept(connector, mall, write):
    lines = write.make(MANY)
    size = registry.find_profile(mall.kind).batch[write.verb]
    mall.fault(write.call, "cut_after", after=1)
    results = write.tell(connector, lines)

    kept = [next(results) for _ in range(size)]
    with pytest.raises(ChannelBusy) as failed:
        next(results)

    assert failed.value.unclear
    assert [result.line_key for result in kept] == [line.line_key for line in lines[:size]]


def test_nothing_is_read_before_it_is_asked_for(connector, mall):
    connector.confirm([LineRef("1", "1", "1")])
    connector.changed(lately())

    assert mall.statuses() == set()
