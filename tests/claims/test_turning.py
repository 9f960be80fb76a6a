"""A claim that turns from a cancel into a return stays one claim (P34, I9, R19)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jumun.channels.port import ClaimKind, Stage
from jumun.claims.models import Claim, ClaimPart
from jumun.claims.queries import count_open_claims
from jumun.orders.actions.catch_up import catch_up
from tests.claims.test_following import HOUR, claim, tell
from tests.conftest import NOON
from tests.making import make_line

STOP = claim("requested", 1, quantity=1, requested_at=NOON, reason="배송 지연")
BACK = claim("requested", 2, kind=ClaimKind.RETURN, quantity=1, requested_at=NOON)
DONE = claim("done", 3, kind=ClaimKind.RETURN, quantity=1, requested_at=NOON)


def rows():
    return [(row.kind, row.stage, row.closed_at is None) for row in Claim.objects.order_by("id")]


def parts():
    found = ClaimPart.objects.order_by("claim__kind", "line__line_key")
    return list(found.values_list("claim__kind", "line__line_key"))


def test_a_stop_asked_too_late_is_a_return_and_one_claim(house):
    """The receipt of a stop request answered 이미출고, told through the same door as statuses."""
    house.order("A1", "a", claims=(STOP,))
    before = Claim.objects.get()
    assert count_open_claims() == {"cancel": 1, "return": 0, "exchange": 0}

    for told, stage in ((BACK, Stage.DISPATCHED), (DONE, Stage.DELIVERED)):
        line = make_line("A1", "a", house.at, stage=stage, claims=(told,), changed_at=told.changed_at)
        catch_up(house.account, [line], at=house.at)
        assert count_open_claims() == {"cancel": 0, "return": int(told is BACK), "exchange": 0}

    after = Claim.objects.get()
    assert (after.id, after.kind, after.stage, after.closed_at) == (before.id, "return", "done", NOON + 3 * HOUR)
    assert (after.requested_at, after.reason) == (NOON, "배송 지연")
    assert parts() == [("return", "a")]


def test_a_return_stopped_after_all_is_a_cancel_again(house):
    house.order("A1", "a")
    for told in (STOP, BACK, claim("done", 3, quantity=1)):
        tell(house, told)
    assert rows() == [("cancel", "done", False)]


@pytest.mark.parametrize("late", [STOP, replace(STOP, changed_at=NOON - timedelta(days=1))])
def test_an_older_message_of_the_other_kind_changes_nothing(house, late):
    house.order("A1", "a")
    tell(house, BACK)
    tell(house, late)
    assert rows() == [("return", "requested", True)]


def test_the_sheet_left_while_the_receipt_stayed_as_it_was(house):
    """The same moment, told later: the parcel left meanwhile."""
    house.order("A1", "a")
    tell(house, STOP)
    tell(house, replace(BACK, changed_at=STOP.changed_at))
    assert rows() == [("return", "requested", True)]


def test_a_receipt_about_two_boxes_of_which_one_left_is_two_claims_until_the_other_leaves(house):
    house.order("A1", "a", "b")
    tell(house, STOP, keys=("a", "b"))
    tell(house, BACK, keys=("a",))
    assert parts() == [("cancel", "b"), ("return", "a")]
    tell(house, STOP, keys=("b",))
    tell(house, BACK, keys=("a",))
    assert parts() == [("cancel", "b"), ("return", "a")]

    tell(house, replace(BACK, changed_at=NOON + 3 * HOUR), keys=("b",))
    assert parts() == [("return", "a"), ("return", "b")]
    assert rows() == [("return", "requested", True)]


def test_both_kinds_in_one_reading_are_two_claims(house):
    house.order("A1", "a", "b")
    for _ in range(2):
        lines = [make_line("A1", key, house.at, claims=(told,)) for key, told in (("a", STOP), ("b", BACK))]
        catch_up(house.account, lines, at=house.at)
        assert parts() == [("cancel", "a"), ("return", "b")]


def test_an_exchange_has_numbers_of_its_own(house):
    house.order("A1", "a")
    tell(house, BACK)
    tell(house, claim("requested", 3, kind=ClaimKind.EXCHANGE))
    assert sorted(rows()) == [("exchange", "requested", True), ("return", "requested", True)]


def test_a_claim_of_another_order_or_account_is_left_alone(house):
    """The number alone is the channel's to repeat."""
    house.order("A1", "a")
    house.order("B2", "a")
    tell(house, STOP)
    tell(house, BACK, order="B2")
    assert sorted(rows()) == [("cancel", "requested", True), ("return", "requested", True)]


def test_two_claims_an_older_version_made_of_one_become_one(house):
    house.order("A1", "a")
    tell(house, BACK)
    twin = Claim.objects.get()
    line = ClaimPart.objects.get().line_id
    twin.pk, twin.kind, twin.changed_at = None, "cancel", NOON
    twin.save()
    ClaimPart.objects.create(company_id=house.company, claim=twin, line_id=line, quantity=1)

    tell(house, BACK)
    assert rows() == [("return", "requested", True)]
