"""What every registered connector must do when it reads, over real HTTP against the simulator."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from jumun.channels import registry
from jumun.channels.port import ClaimKind, ClaimStage, LineRef, Stage, Window
from jumun.channels.profile import Can, Unit
from jumun.core.errors import ChannelBusy, ChannelError

from .harness import Tokens, by_key, now, read_all, stranger_to


def test_every_line_once_over_many_pages(connector, mall):
    lines = mall.orders(23)
    mall.switch(mall.harness.small_pages)

    pages = list(connector.changed(Window(now() - mall.harness.paged, now())))

    found = [line.line_key for page in pages for line in page]
    assert len(pages) > 1
    assert sorted(found) == sorted(line.line_key for line in lines)


def test_a_line_that_moves_while_pages_are_read_is_not_lost(connector, mall):
    lines = mall.orders(20, lines=1)
    mall.switch(mall.harness.small_pages)
    window = Window(now() - mall.harness.paged, now())
    pages = connector.changed(window)
    found = by_key(next(pages))

    mall.event(mall.harness.moved, [lines[0], lines[-1]])
    later = mall.orders(3, lines=1)
    for page in pages:
        found |= by_key(page)
    found |= read_all(connector, Window(window.end, now()))

    assert set(found) == {line.line_key for line in [*lines, *later]}
    assert mall.harness.has_moved(found[lines[0].line_key])


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
    stranger = stranger_to(lines[0])

    found = by_key(connector.read_lines([*lines, stranger]))

    assert set(found) == {line.line_key for line in lines}


def test_what_happened_on_the_channel_is_read_back(connector, mall):
    if Can.CONFIRM not in registry.find_profile(mall.kind).can:
        pytest.skip("the channel has no confirm")
    there, shipped, delivered, settled = lines = mall.orders(4, lines=1)
    mall.event("confirm", [there])
    mall.event("ship", [shipped, delivered, settled])
    mall.event("deliver", [delivered, settled])
    settles = registry.find_profile(mall.kind).settles
    if settles:
        mall.event("settle", [settled])

    found = by_key(connector.read_lines(lines))

    assert found[there.line_key].stage is Stage.CONFIRMED
    assert found[shipped.line_key].stage in {Stage.DISPATCHED, Stage.IN_TRANSIT}
    assert found[shipped.line_key].waybill
    assert found[shipped.line_key].carrier == "cj"
    assert found[delivered.line_key].stage is Stage.DELIVERED
    assert found[delivered.line_key].delivered_at is not None
    assert found[settled.line_key].stage is (Stage.SETTLED if settles else Stage.DELIVERED)


def test_claims_are_told_with_their_quantity(connector, mall):
    whole, part, gone = lines = mall.orders(3, lines=1, quantity=3, **mall.harness.claimable)
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
