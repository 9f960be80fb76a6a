"""발송기한 (N4): business days, the account's rule, penalty rules, the board."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from jumun.channels.calendar import (
    add_business_days,
    count_business_days,
    end_of,
    holiday_name,
    is_business_day,
    start_of,
)
from jumun.channels.penalties import Condition, RuleFields, save_rule
from jumun.core.clock import KST
from jumun.core.errors import JumunError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.insights.deadlines import forecast, list_buckets, list_first, read_board
from jumun.insights.todo import count_todo, read_flow
from jumun.orders.actions.ship_by import change_day, change_ship_by_rule, restore_day

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
CHANGES = st.dictionaries(DAYS, st.booleans(), max_size=5)


@given(DAYS, st.integers(0, 20), CHANGES)
def test_business_days_move_forward_and_count_back(day, days, changes):
    """N4: n business days later is a business day, and that many are counted in between."""
    end = add_business_days(day, days, changes)
    assert end >= day and is_business_day(end, changes)
    begun = add_business_days(day, 0, changes)
    assert count_business_days(begun, end, changes) == days
    assert add_business_days(day, days + 1, changes) > end


def test_korean_holidays_and_the_companys_own():
    """N4: Seollal 2027 falls on a weekend and has a substitute; a company may work on a holiday or take a day off."""
    assert holiday_name(date(2027, 2, 9))  # substitute for Seollal (6–8 February)
    assert not is_business_day(date(2026, 12, 25), {})
    assert is_business_day(date(2026, 12, 25), {date(2026, 12, 25): False})
    assert not is_business_day(date(2026, 12, 24), {date(2026, 12, 24): True})
    assert is_business_day(date(2026, 11, 28), {date(2026, 11, 28): False})  # a worked Saturday


FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=KST)


@pytest.fixture
def paid_friday(house):
    """Two items paid on Friday at 13:00 and 15:00; the channel names no ship-by."""
    with acting_as(house.company):
        house.order("A1", "l1", paid_at=FRIDAY - timedelta(hours=2), ship_by=None)
        house.order("A2", "l2", paid_at=FRIDAY, ship_by=None)
        yield house


def _dues(house):
    return {item.order_number: item.ship_by for item in house.items()}


def test_the_rule_names_a_ship_by_where_the_channel_does_not(paid_friday):
    """N4: after the cut-off a payment is the next business day's; open items follow a change at once."""
    house = paid_friday
    assert change_ship_by_rule(house.account, within=1, cut_off=time(14, 0)) == 2
    assert _dues(house) == {"A1": end_of(date(2026, 11, 23)), "A2": end_of(date(2026, 11, 24))}
    assert change_ship_by_rule(house.account, within=None, cut_off=None) == 2
    assert set(_dues(house).values()) == {None}


def test_what_the_channel_names_goes_before_the_rule(house):
    """N4: the channel's own field wins, at collection and later."""
    with acting_as(house.company):
        theirs = start_of(date(2026, 12, 1))
        change_ship_by_rule(house.account, within=0, cut_off=None)
        house.order("A1", "l1", paid_at=FRIDAY, ship_by=theirs)
        house.order("A2", "l2", paid_at=FRIDAY, ship_by=None)
        assert _dues(house) == {"A1": theirs, "A2": end_of(date(2026, 11, 20))}
        change_ship_by_rule(house.account, within=2, cut_off=None)
        assert _dues(house) == {"A1": theirs, "A2": end_of(date(2026, 11, 24))}


def test_reading_a_line_again_keeps_the_ruled_ship_by(house):
    """N4: a channel that still names none does not take the rule's away."""
    with acting_as(house.company):
        change_ship_by_rule(house.account, within=1, cut_off=None)
        house.order("A1", "l1", paid_at=FRIDAY, ship_by=None)
        house.order("A1", "l1", paid_at=FRIDAY, ship_by=None)
        assert _dues(house) == {"A1": end_of(date(2026, 11, 23))}


def test_a_changed_day_moves_what_goes_by_a_rule(paid_friday):
    """N4: an edited calendar is followed at once, and back."""
    house = paid_friday
    change_ship_by_rule(house.account, within=1, cut_off=None)
    assert change_day(house.company, date(2026, 11, 23), off=True, name="창고 이전") == 2
    assert set(_dues(house).values()) == {end_of(date(2026, 11, 24))}
    assert restore_day(date(2026, 11, 23)) == 2
    assert set(_dues(house).values()) == {end_of(date(2026, 11, 23))}


def test_a_rule_costs_the_same_statements_for_any_number(house):
    """Speed: one rule, many items."""
    with acting_as(house.company):
        counts = []
        for number in (2, 40):
            for n in range(number):
                house.order(f"B{number}-{n}", "l", paid_at=FRIDAY - timedelta(days=n % 9), ship_by=None)
            with CaptureQueriesContext(connection) as seen:
                change_ship_by_rule(house.account, within=number % 5, cut_off=None)
            counts.append(len(seen))
        assert counts[0] == counts[1]


@pytest.mark.parametrize("within", [-1, 61])
def test_a_rule_out_of_bounds_is_refused(house, within):
    with acting_as(house.company):
        with pytest.raises(JumunError):
            change_ship_by_rule(house.account, within=within, cut_off=None)
        with pytest.raises(NotFoundError):
            change_ship_by_rule(10**9, within=1, cut_off=None)


def test_the_board_counts_by_bucket_and_names_the_first(house):
    """N4: late, today, and no ship-by at all; the most late comes first."""
    at = FRIDAY
    with acting_as(house.company):
        house.order("A1", "l1", paid_at=at, ship_by=at - timedelta(days=2))
        house.order("A2", "l2", paid_at=at, ship_by=at - timedelta(days=3))
        house.order("A3", "l3", paid_at=at, ship_by=at + timedelta(hours=2))
        house.order("A4", "l4", paid_at=at, ship_by=None)
        found = {each.bucket: each.items for each in read_board(list_buckets(at))}
        assert found == {"late": 2, "today": 1, "none": 1}
        assert [item.order_number for item in list_first()] == ["A2", "A1", "A3"]
        todo = count_todo(at)
        assert (todo.items["late"], todo.items["today"]) == (2, 1)


def test_no_rule_is_in_force_before_a_seller_says_so(house):
    """N4: shipped with none active; the highest rule met counts, once."""
    at = FRIDAY
    with acting_as(house.company):
        house.order("A1", "l1", paid_at=at, ship_by=end_of(date(2026, 11, 18)))
        assert forecast(at) == []
        late = RuleFields("naver", Condition.LATE, 1, Decimal(1), "공지", date(2026, 1, 1))
        first = save_rule(house.company, late)
        assert forecast(at) == []
        for days, points in ((1, 1), (3, 3)):
            more = RuleFields("naver", "late", days, Decimal(points), "", date(2026, 1, 1), active=True)
            save_rule(house.company, more, rule_id=first.id if days == 1 else None)
        (cost,) = forecast(at)
        assert (cost.account, cost.now, cost.then) == (house.account, Decimal(1), Decimal(3))


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": -1},
        {"points": Decimal(0)},
        {"points": Decimal("1.23")},
        {"condition": "x"},
        {"valid_to": date(2025, 1, 1)},
    ],
)
def test_a_rule_that_says_nothing_is_refused(house, wrong):
    good = {
        "channel": "naver", "condition": "late", "days": 1, "points": Decimal(1), "source": "", "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    with acting_as(house.company), pytest.raises(JumunError):
        save_rule(house.company, RuleFields(**(good | wrong)))


def test_the_flow_counts_what_came_and_what_left(house):
    """C9: today's flow by hour."""
    with acting_as(house.company):
        house.order("A1", "l1", ordered_at=FRIDAY, paid_at=FRIDAY)
        flow = read_flow(FRIDAY)
        assert flow.ordered[15] == 1 and sum(flow.handed_over) == 0


def test_the_home_costs_the_same_for_any_number(house):
    """Speed: the counts are a constant number of statements."""
    with acting_as(house.company):
        counts = []
        for number in (1, 12):
            for n in range(number):
                house.order(f"C{number}-{n}", "l", ship_by=None)
            with CaptureQueriesContext(connection) as seen:
                count_todo(FRIDAY)
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 8
