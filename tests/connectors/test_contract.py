"""What every registered connector must do, over real HTTP against the simulator (channels/port.py, reliability R06–R18)."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from .harness import HARNESSES, Mall, PaceNotes, Tokens, lately, now

from jumun.channels import registry
from jumun.channels.port import (
    Can,
    ChannelLine,
    ClaimKind,
    ClaimStage,
    Connector,
    LineRef,
    LineResult,
    Stage,
    Unit,
    Window,
)
from jumun.core.errors import ChannelBusy, ChannelError

MANY = 65
"""More lines than one write of any channel takes."""


def read_all(connector: Connector, window: Window | None = None) -> dict[str, ChannelLine]:
    """Everything a window tells, the last word on each line."""
    return {line.line_key: line for page in connector.changed(window or lately()) for line in page}


def confirmed(mall: Mall, number: int) -> list[LineRef]:
    """Orders of one line each that the channel will let us dispatch."""
    return mall.orders(number, lines=1, confirmed=1)


def by_key(lines: Iterable[ChannelLine]) -> dict[str, ChannelLine]:
    return {line.line_key: line for line in lines}


def test_every_registered_kind_is_held_to_this():
    assert set(registry.kinds()) <= set(HARNESSES), "a registered kind has no row in tests/connectors/harness.py"


def test_the_profile_is_whole(kind):
    profile = registry.find_profile(kind)

    assert profile is not None
    assert profile.kind == kind
    assert profile.label_ko
    assert profile.label_en
    assert httpx.URL(profile.default_base_url).host in profile.hosts
    assert httpx.URL(profile.default_base_url).scheme == "https"
    assert "*" in profile.rates
    assert all(rate.per_second > 0 and rate.burst >= 1 for rate in profile.rates.values())
    assert {"read", "confirm", "dispatch"} <= set(profile.batch)
    assert profile.read_window > profile.overlap > timedelta(0)
    assert all(field.label_ko and field.label_en for field in profile.credentials)
    assert any(field.secret for field in profile.credentials)


# Keys and tokens


def test_right_keys_pass_the_check_and_change_nothing(connector, mall):
    mall.orders(2)

    connector.check()

    assert mall.state()["effects"] == []


def test_wrong_keys_are_told_as_such(connect_with, mall):
    secret = mall.card["credentials"][mall.harness.secret]
    for wrong in ("", "nonsense", secret[:-3] + ("abu" if not secret.endswith("abu") else "cdu")):
        with pytest.raises(ChannelError) as failed:
            connect_with(**{mall.harness.secret: wrong}).check()
        assert (failed.value.code, type(failed.value)) == ("bad_credentials", ChannelError)


def test_one_token_serves_many_calls(connector, mall, tokens):
    lines = mall.orders(8, lines=1)
    read_all(connector)
    list(connector.confirm(lines))
    list(connector.read_lines(lines))

    assert mall.count_calls(mall.harness.token) == 1
    assert tokens.expires_at is not None
    assert tokens.expires_at > now()


def test_another_process_uses_the_same_token(connector, connect_with, mall):
    read_all(connector)
    read_all(connect_with())

    assert mall.count_calls(mall.harness.token) == 1


def test_a_token_the_channel_dropped_is_renewed_once(connector, mall):
    lines = mall.orders(1, lines=1)
    read_all(connector)
    mall.fault(mall.harness.confirm, "unauthorized", revoke=True)

    results = list(connector.confirm(lines))

    assert [result.ok for result in results] == [True]
    assert mall.count_calls(mall.harness.token) == 2  # noqa: PLR2004
    assert len(mall.effects(mall.harness.confirm)) == 1


def test_refused_for_good_ends_after_one_renewal(connector, mall, tokens):
    mall.fault(mall.harness.feed, "unauthorized", times=None)

    with pytest.raises(ChannelError) as failed:
        read_all(connector)

    assert (failed.value.code, failed.value.unclear) == ("bad_credentials", False)
    assert mall.count_calls(mall.harness.feed) == 2  # noqa: PLR2004
    assert tokens.get() is None


def test_an_unregistered_address_is_told_as_such(connector, mall):
    mall.fault(mall.harness.feed, "ip_not_allowed")

    with pytest.raises(ChannelError) as failed:
        connector.check()

    assert (failed.value.code, type(failed.value)) == ("ip_not_allowed", ChannelError)


def test_every_call_asks_the_pace_first(connector, mall, pace):
    lines = mall.orders(3, lines=1)
    read_all(connector)
    list(connector.confirm(lines))
    list(connector.dispatch(mall.notices(lines)))

    assert {call: mall.count_calls(call) for call in set(pace.calls)} == {
        call: pace.calls.count(call) for call in set(pace.calls)
    }
    assert {mall.harness.token, mall.harness.feed, mall.harness.confirm, mall.harness.dispatch} <= set(pace.calls)


# Reading


def test_every_line_once_over_many_pages(connector, mall):
    lines = mall.orders(23)
    mall.switch(mall.harness.small_pages)

    pages = list(connector.changed(lately()))

    found = [line.line_key for page in pages for line in page]
    assert len(pages) > 1
    assert sorted(found) == sorted(line.line_key for line in lines)


def test_a_line_that_moves_while_pages_are_read_is_not_lost(connector, mall):
    lines = mall.orders(20, lines=1)
    mall.switch(mall.harness.small_pages)
    window = lately()
    pages = connector.changed(window)
    found = by_key(next(pages))

    mall.event(mall.harness.moved, [lines[0], lines[-1]])
    later = mall.orders(3, lines=1)
    for page in pages:
        found |= by_key(page)
    found |= read_all(connector, Window(window.end, now()))

    assert set(found) == {line.line_key for line in [*lines, *later]}
    assert found[lines[0].line_key].claim is not None


def test_a_long_window_is_read_in_legal_slices(connector, mall):
    since = now() - timedelta(days=8)
    lines = mall.orders(40, lines=1, ordered_from=since.isoformat(), ordered_to=now().isoformat())

    found = read_all(connector, Window(since, now()))

    assert set(found) == {line.line_key for line in lines}
    assert mall.statuses() == {"200"}


def test_an_empty_window_is_no_error(connector):
    assert read_all(connector) == {}


def test_a_new_line_tells_what_a_seller_must_know(connector, mall):
    lines = mall.orders(6)
    known = {line.line_key: line.order_number for line in lines}
    profile = registry.find_profile(mall.kind)
    assert profile is not None

    for line in read_all(connector).values():
        assert line.stage is Stage.NEW
        assert line.order_number == known[line.line_key]
        assert line.unit == line.line_key or profile.unit is not Unit.LINE
        assert line.quantity >= line.remaining >= 1
        assert isinstance(line.amount, Decimal)
        assert line.amount > 0
        assert line.unit_price > 0
        assert line.currency == "KRW"
        assert line.ordered_at.tzinfo is not None
        assert line.paid_at is not None
        assert line.product_code
        assert line.product_name
        assert line.seller_code
        assert line.recipient.name
        assert line.recipient.phone1
        assert line.recipient.postcode
        assert line.recipient.address1
        assert line.claim is None
        assert line.raw


def test_lines_are_read_by_name_and_unknown_ones_left_out(connector, mall):
    lines = mall.orders(310, lines=1)
    stranger = replace(lines[0], line_key="1" * len(lines[0].line_key))

    found = by_key(connector.read_lines([*lines, stranger]))

    assert set(found) == {line.line_key for line in lines}


def test_what_happened_on_the_channel_is_read_back(connector, mall):
    if Can.CONFIRM not in registry.find_profile(mall.kind).can:
        pytest.skip("the channel has no confirm")
    there, shipped, delivered, settled = lines = mall.orders(4, lines=1)
    mall.event("confirm", [there])
    mall.event("ship", [shipped, delivered, settled])
    mall.event("deliver", [delivered, settled])
    mall.event("settle", [settled])

    found = by_key(connector.read_lines(lines))

    assert found[there.line_key].stage is Stage.CONFIRMED
    assert found[shipped.line_key].stage in {Stage.DISPATCHED, Stage.IN_TRANSIT}
    assert found[shipped.line_key].waybill
    assert found[shipped.line_key].carrier == "cj"
    assert found[delivered.line_key].stage is Stage.DELIVERED
    assert found[delivered.line_key].delivered_at is not None
    assert found[settled.line_key].stage is Stage.SETTLED


def test_claims_are_told_with_their_quantity(connector, mall):
    whole, part, gone = lines = mall.orders(3, lines=1, quantity=3)
    mall.event("cancel_request", [whole])
    mall.event("cancel_partial", [part], quantity=1)
    mall.event("cancel", [gone])

    found = by_key(connector.read_lines(lines))

    asked = found[whole.line_key].claim
    assert asked is not None
    assert (asked.kind, asked.stage, asked.quantity) == (ClaimKind.CANCEL, ClaimStage.REQUESTED, 3)
    assert asked.claim_id
    assert (found[part.line_key].quantity, found[part.line_key].remaining) == (3, 2)
    assert 0 < found[part.line_key].amount < found[whole.line_key].amount + found[part.line_key].amount
    assert found[gone.line_key].stage is Stage.CANCELLED
    assert found[gone.line_key].remaining == 0


def test_an_unknown_word_in_one_line_stops_nobody(connector, mall):
    lines = mall.orders(5, lines=1)
    mall.fault(mall.harness.detail, "unknown_enum", line_no=lines[2].line_key)

    found = read_all(connector)

    unknown = {key for key, line in found.items() if line.stage is Stage.UNKNOWN}
    assert set(found) == {line.line_key for line in lines}
    assert unknown == {lines[2].line_key}


@pytest.mark.parametrize("fault", ["null_fields", "missing_fields"])
def test_fields_that_are_gone_stop_nobody(connector, mall, fault):
    lines = mall.orders(4, lines=1)
    mall.fault(mall.harness.detail, fault)

    assert set(read_all(connector)) == {line.line_key for line in lines}


@pytest.mark.parametrize("fault", ["html200", "truncated_json", "wrong_charset", "big_body"])
def test_a_body_nobody_can_read_is_an_error_and_not_an_empty_page(connector, mall, fault):
    mall.orders(4)
    mall.fault(mall.harness.detail, fault, megabytes=21)

    with pytest.raises(ChannelError) as failed:
        read_all(connector)

    assert (failed.value.code, failed.value.unclear) == ("channel_unreadable", False)


@pytest.mark.parametrize("fault", ["error500", "error503", "cut", "timeout"])
def test_a_read_that_failed_may_be_repeated(impatient, mall, fault):
    lines = mall.orders(4)
    mall.fault(mall.harness.detail, fault, seconds=5)

    with pytest.raises(ChannelBusy) as failed:
        read_all(impatient)

    assert not failed.value.unclear
    assert set(read_all(impatient)) == {line.line_key for line in lines}


def test_busy_is_retryable_and_says_how_long(connector, mall):
    mall.orders(1)
    mall.fault(mall.harness.feed, "rate_limit", retry_after=7)

    with pytest.raises(ChannelBusy) as failed:
        read_all(connector)

    assert (failed.value.code, failed.value.retry_after, failed.value.unclear) == ("channel_busy", 7.0, False)


def test_a_channel_that_is_not_there_is_busy_and_nothing_was_sent(mall, tokens, pace):
    closed = replace(mall.session(tokens=Tokens("token"), pace=pace), base_url="http://127.0.0.1:9")

    with registry.connect(mall.kind, closed) as connector, pytest.raises(ChannelBusy) as failed:
        list(connector.confirm([LineRef("1", "1", "1")]))

    assert not failed.value.unclear


# Writing


@pytest.fixture(params=["confirm", "dispatch"])
def write(request: pytest.FixtureRequest, mall: Mall) -> Any:
    """One of the two writes: (call name, lines it may be made for, how it is made)."""
    if request.param == "confirm":
        return mall.harness.confirm, lambda n: mall.orders(n, lines=1), lambda c, lines: c.confirm(lines)
    return (
        mall.harness.dispatch,
        lambda n: confirmed(mall, n),
        lambda c, lines: c.dispatch(mall.notices(lines)),
    )


def test_nothing_to_write_makes_no_call(connector, mall):
    assert list(connector.confirm([])) == []
    assert list(connector.dispatch([])) == []
    assert mall.count_calls(mall.harness.token) == 0


def test_results_come_in_the_order_given(connector, mall, write):
    call, make, tell = write
    lines = make(MANY)[::-1]

    results = list(tell(connector, lines))

    assert [(result.line_key, result.ok) for result in results] == [(line.line_key, True) for line in lines]
    assert sorted(effect["line_no"] for effect in mall.effects(call)) == sorted(line.line_key for line in lines)


def test_one_refused_line_does_not_stop_the_others(connector, mall, write):
    call, make, tell = write
    lines = make(40)
    mall.fault(call, "refuse_line", line_no=lines[3].line_key, code="X1", message="받는 분 010-1234-5678")

    results = list(tell(connector, lines))

    refused = [result for result in results if not result.ok]
    assert [result.line_key for result in results] == [line.line_key for line in lines]
    assert [(result.line_key, result.code) for result in refused] == [(lines[3].line_key, "X1")]
    assert "1234" not in refused[0].message
    assert len(mall.effects(call)) == 39  # noqa: PLR2004


def test_a_line_that_spoils_a_whole_call_does_not_stop_the_others(connector, mall):
    lines = confirmed(mall, 12)
    notices = mall.notices(lines)
    twice = [*notices, notices[4]]

    results = list(connector.dispatch(twice))

    assert [result.line_key for result in results] == [notice.line.line_key for notice in twice]
    assert all(result.ok for result in results[:12])
    assert (results[12].ok, results[12].already) == (False, True) or results[12].ok
    assert len(mall.effects(mall.harness.dispatch)) == 12  # noqa: PLR2004


def test_confirm_moves_the_line(connector, mall):
    lines = mall.orders(3, lines=1)

    list(connector.confirm(lines))

    assert {line.stage for line in connector.read_lines(lines)} == {Stage.CONFIRMED}


def test_confirm_tells_that_the_address_changed(connector, mall):
    moved, stayed = lines = mall.orders(2, lines=1)
    mall.event("address_change", [moved])

    results = {result.line_key: result for result in connector.confirm(lines)}

    assert results[moved.line_key].address_changed
    assert not results[stayed.line_key].address_changed


def test_a_repeated_confirm_is_told_apart_from_a_refusal(connector, mall):
    lines = mall.orders(2, lines=1)
    list(connector.confirm(lines))

    assert all(result.ok or result.already for result in connector.confirm(lines))
    assert len(mall.effects(mall.harness.confirm)) == 2  # noqa: PLR2004


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
    assert len(mall.effects(mall.harness.dispatch)) == 2  # noqa: PLR2004


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
    stranger = replace(line, line_key="1" * len(line.line_key))

    results = list(connector.confirm([stranger, line]))

    assert [result.ok for result in results] == [False, True]


# Writes that end badly


@pytest.mark.parametrize("fault", ["timeout_after", "cut_after", "truncated_json", "html200", "error500", "big_body"])
def test_an_applied_write_without_a_readable_answer_is_unclear(impatient, mall, write, fault):
    call, make, tell = write
    lines = make(3)
    mall.fault(call, fault, seconds=5, apply=True, megabytes=21)

    with pytest.raises(ChannelBusy) as failed:
        list(tell(impatient, lines))

    assert failed.value.unclear
    assert len(mall.effects(call)) == 3  # noqa: PLR2004
    assert mall.count_calls(call) == 1
    assert {line.stage for line in impatient.read_lines(lines)} <= {
        Stage.CONFIRMED,
        Stage.DISPATCHED,
        Stage.IN_TRANSIT,
    }


@pytest.mark.parametrize("fault", ["timeout", "cut", "error503", "html200", "empty"])
def test_a_write_that_was_not_applied_is_unclear_all_the_same(impatient, mall, write, fault):
    call, make, tell = write
    lines = make(2)
    mall.fault(call, fault, seconds=5)

    with pytest.raises(ChannelBusy) as failed:
        list(tell(impatient, lines))

    assert failed.value.unclear
    assert mall.effects(call) == []
    assert mall.count_calls(call) == 1


def test_a_write_the_gateway_turned_away_is_not_unclear(connector, mall, write):
    call, make, tell = write
    lines = make(2)
    mall.fault(call, "rate_limit", retry_after=2)

    with pytest.raises(ChannelBusy) as failed:
        list(tell(connector, lines))

    assert (failed.value.unclear, failed.value.retry_after) == (False, 2.0)
    assert mall.effects(call) == []


def test_a_token_that_cannot_be_had_leaves_no_write_unclear(impatient, mall, write):
    call, make, tell = write
    lines = make(1)
    mall.fault(mall.harness.token, "timeout", seconds=5)

    with pytest.raises(ChannelBusy) as failed:
        list(tell(impatient, lines))

    assert not failed.value.unclear
    assert mall.count_calls(call) == 0


def test_batches_answered_before_the_trouble_are_kept(connector, mall, write):
    call, make, tell = write
    lines = make(MANY)
    size = registry.find_profile(mall.kind).batch[call]
    mall.fault(call, "cut_after", after=1)
    kept: list[LineResult] = []

    with pytest.raises(ChannelBusy) as failed:
        kept.extend(iter_into(kept, tell(connector, lines)))

    assert failed.value.unclear
    assert [result.line_key for result in kept] == [line.line_key for line in lines[:size]]


def iter_into(kept: list[LineResult], results: Iterable[LineResult]) -> list[LineResult]:
    """Collect one by one, so that what came before an exception stays."""
    for result in results:
        kept.append(result)
    return []


def test_nothing_is_read_before_it_is_asked_for(connector, mall):
    connector.confirm([LineRef("1", "1", "1")])
    connector.changed(lately())

    assert mall.count_calls(mall.harness.token) == 0


# What an error may say

TROUBLE = ["error500", "html200", "truncated_json", "cut", "rate_limit", "unauthorized", "ip_not_allowed", "empty"]


@pytest.mark.parametrize("fault", TROUBLE)
def test_no_error_carries_personal_data_or_a_secret(connector, mall, tokens, caplog, fault):
    caplog.set_level(logging.DEBUG)
    lines = mall.orders(2, lines=1)
    private = forbidden_words(connector, lines, mall)
    private.add(tokens.token or "")
    calls: list[tuple[str, Callable[[], object]]] = [
        (mall.harness.detail, lambda: read_all(connector)),
        (mall.harness.confirm, lambda: list(connector.confirm(lines))),
        (mall.harness.dispatch, lambda: list(connector.dispatch(mall.notices(lines)))),
    ]
    caplog.clear()
    said = []
    for call, make in calls:
        mall.fault(call, fault, times=None)
        with pytest.raises(ChannelError) as failed:
            make()
        private.add(tokens.token or "")
        error = failed.value
        said.append(f"{error!r} {error} {error.reason('ko')} {error.values} {error.__cause__!r}")

    text = " ".join([*said, caplog.text])
    assert not {word for word in private if word and word in text}


def forbidden_words(connector: Connector, lines: list[LineRef], mall: Mall) -> set[str]:
    """Names, telephones and addresses of these lines, and the account's secrets."""
    words = {mall.card["credentials"][mall.harness.secret]}
    for line in connector.read_lines(lines):
        to = line.recipient
        words |= {to.name, to.phone1, to.phone2, to.address1, to.address2, to.message, line.buyer_name}
    return {word for word in words if len(word) > 1}
