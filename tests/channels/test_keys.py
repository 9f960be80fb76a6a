"""How long keys are good for: stated by the seller, guessed from the channel, counted down in Seoul's days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from jumun.channels import registry
from jumun.channels.actions import AccountFields, change_account, create_account
from jumun.channels.health import health_of, next_tick
from jumun.channels.models import ChannelAccount
from jumun.connectors.naver.connector import NaverConnector

KEYS = {"client_id": "id", "client_secret": "$2a$04$kEFycSBkcp7.zUlpchIcI."}


@pytest.fixture
def fading(monkeypatch):
    """A kind whose keys are valid for 180 days."""

    class Fading(NaverConnector):
        profile = replace(NaverConnector.profile, kind="fading", key_lifetime=timedelta(days=180))

    monkeypatch.setattr(registry, "_CONNECTORS", dict(registry._CONNECTORS))
    registry.register(Fading)
    return "fading"


def make(house, kind, **more):
    made = create_account(
        house.company, kind, AccountFields(name="둘째", key="two", credentials=KEYS, **more), at=house.at
    )
    return ChannelAccount.objects.get(id=made)


def test_new_keys_are_guessed_to_last_as_long_as_the_channel_says(house, fading):
    made = make(house, fading)
    assert (made.keys_set_on, made.keys_expire_on, made.keys_expire_guessed) == (
        date(2026, 11, 23),
        date(2027, 5, 22),
        True,
    )


def test_what_the_seller_states_counts(house, fading):
    made = make(house, fading, keys_expire_on=date(2027, 1, 1))
    assert (made.keys_expire_on, made.keys_expire_guessed) == (date(2027, 1, 1), False)


def test_a_channel_without_a_lifetime_guesses_nothing(house):
    account = ChannelAccount.objects.get()
    assert (account.keys_set_on, account.keys_expire_on) == (date(2026, 11, 23), None)


def test_the_day_is_seouls(house, fading):
    """23:30 UTC is the next morning in Seoul."""
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    change_account(house.account, AccountFields(credentials={"client_id": "other"}), at=late)
    assert ChannelAccount.objects.get().keys_set_on == date(2026, 11, 24)


def test_only_other_keys_start_the_count_anew(house, fading):
    made = make(house, fading, keys_expire_on=date(2026, 12, 1))
    later = house.at + timedelta(days=10)
    change_account(made.id, AccountFields(name="셋째", credentials=KEYS), at=later)
    made.refresh_from_db()
    assert (made.keys_set_on, made.keys_expire_on) == (date(2026, 11, 23), date(2026, 12, 1))
    change_account(made.id, AccountFields(credentials={"client_id": "new"}), at=later)
    made.refresh_from_db()
    assert (made.keys_set_on, made.keys_expire_on, made.keys_expire_guessed) == (
        date(2026, 12, 3),
        date(2027, 6, 1),
        True,
    )
    change_account(made.id, AccountFields(keys_expire_on=date(2027, 5, 30)), at=later)
    made.refresh_from_db()
    assert (made.keys_expire_on, made.keys_expire_guessed) == (date(2027, 5, 30), False)


@pytest.mark.parametrize(
    ("days", "code", "urgency"),
    [
        (31, "", ""),
        (30, "keys_expiring", "calm"),
        (15, "keys_expiring", "calm"),
        (14, "keys_expiring", "soon"),
        (7, "keys_expiring", "soon"),
        (2, "keys_expiring", "soon"),
        (1, "keys_expiring", "late"),
        (0, "keys_expire_today", "late"),
        (-1, "keys_expired", "late"),
    ],
)
def test_the_countdown_presses_more_and_more(house, days, code, urgency):
    """30, 14, 7 and 1 days before, and afterwards."""
    account = ChannelAccount.objects.get()
    account.keys_expire_on = date(2026, 11, 23) + timedelta(days=days)
    health = health_of(account, house.at)
    assert health.days_left == days
    assert [(each.code, each.urgency) for each in health.concerns] == ([(code, urgency)] if code else [])
    account.state = "off"
    assert health_of(account, house.at).concerns == ()


def test_the_next_collection_is_the_next_ten_minutes(house):
    account = ChannelAccount.objects.get()
    assert health_of(account, house.at).next_collection is None
    account.auto_collect = True
    assert health_of(account, house.at).next_collection == house.at + timedelta(minutes=10)
    account.state = "reauth"
    assert health_of(account, house.at).next_collection is None
    assert next_tick(datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC)) == datetime(2026, 11, 23, 15, tzinfo=UTC)
