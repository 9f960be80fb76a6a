"""What every registered connector must be: its profile, keys, tokens, pace, and what its errors may say.

Over real HTTP against the simulator; the rest of the contract is in test_contract_reading.py and …_writing.py.
Sources: channels/port.py, reliability.md R06–R18.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from jumun.channels import registry
from jumun.channels.port import Connector, LineRef
from jumun.channels.profile import SHARED, Can, Unit
from jumun.core.errors import ChannelError

from .harness import HARNESSES, Mall, now, read_all


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
    assert {"*", SHARED} & set(profile.rates)
    assert all(rate.per_second > 0 and rate.burst >= 1 for rate in profile.rates.values())
    assert {"read", "confirm", "dispatch"} <= set(profile.batch)
    assert ("correct" in profile.batch) is (Can.CORRECT_WAYBILL in profile.can)
    assert profile.unit is not Unit.LINE or Can.SPLIT_UNIT not in profile.can
    assert not profile.key_lifetime or all(profile.renew_keys)
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


@pytest.fixture
def by_token(mall: Mall) -> None:
    if not mall.harness.token:
        pytest.skip("the channel has no token call")


@pytest.mark.usefixtures("by_token")
def test_one_token_serves_many_calls(connector, mall, tokens):
    lines = mall.orders(8, lines=1)
    read_all(connector)
    list(connector.confirm(lines))
    list(connector.read_lines(lines))

    assert mall.count_calls(mall.harness.token) == 1
    assert tokens.expires_at is not None
    assert tokens.expires_at > now()


@pytest.mark.usefixtures("by_token")
def test_another_process_uses_the_same_token(connector, connect_with, mall):
    read_all(connector)
    read_all(connect_with())

    assert mall.count_calls(mall.harness.token) == 1


@pytest.mark.usefixtures("by_token")
def test_a_token_the_channel_dropped_is_renewed_once(connector, mall):
    lines = mall.orders(1, lines=1)
    read_all(connector)
    mall.fault(mall.harness.confirm, "unauthorized", revoke=True)

    results = list(connector.confirm(lines))

    assert [result.ok for result in results] == [True]
    assert mall.count_calls(mall.harness.token) == 2
    assert len(mall.effects(mall.harness.confirm)) == 1


def test_refused_for_good_is_not_asked_again_and_again(connector, mall, tokens):
    mall.fault(mall.harness.feed, "unauthorized", times=None)

    with pytest.raises(ChannelError) as failed:
        read_all(connector)

    assert (failed.value.code, failed.value.unclear) == ("bad_credentials", False)
    assert mall.count_calls(mall.harness.feed) == (2 if mall.harness.token else 1)
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
    needed = {mall.harness.token, mall.harness.feed, mall.harness.confirm, mall.harness.dispatch}
    assert needed - {""} <= set(pace.calls)


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
