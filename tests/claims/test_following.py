"""Claims follow what their channels tell, in whatever order it comes (P4, P33, P34, R19, I9, C9)."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage, Stage
from jumun.claims.actions import follow_lines
from jumun.claims.models import Claim, ClaimPart
from jumun.claims.queries import ClaimFilter, count_open_claims, get_claim, list_claims
from jumun.claims.states import ENDED, FORWARD, KINDS, STAGES
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.events import LinesRead
from jumun.orders.incoming import load_incoming
from jumun.orders.models import TimelineEvent
from tests.conftest import NOON
from tests.making import make_line

HOUR = timedelta(hours=1)


def claim(stage, hours=None, claim_id="C1", kind=ClaimKind.CANCEL, **more):
    """A claim's message; `hours` after noon, or of no known moment."""
    moment = None if hours is None else NOON + hours * HOUR
    return ClaimSnapshot(kind=kind, stage=ClaimStage(stage), claim_id=claim_id, changed_at=moment, **more)


def tell(house, *claims, order="A1", keys=("a",), at=None):
    """A reading of an order's lines that carry these claims, told to the claims room alone."""
    load_incoming(make_line(order, key, house.at, claims=claims) for key in keys)
    follow_lines(LinesRead(house.account, at or house.at))


def state():
    """Everything about every claim but ids and when it was read."""
    hidden = {"id", "read_at", "order_id", "company_id", "account_id"}
    return [{k: v for k, v in row.items() if k not in hidden} for row in Claim.objects.order_by("id").values()]


def the_claim():
    return Claim.objects.get()


def test_a_claim_is_kept_with_what_the_channel_tells(house):
    """P34, C9."""
    house.order("A1", "a", quantity=3, remaining=3)
    told = claim(
        "collecting",
        1,
        kind=ClaimKind.RETURN,
        quantity=2,
        reason="상품 파손",
        fault="seller",
        stage_raw="COLLECTING",
        requested_at=NOON,
        collect_carrier="cj",
        collect_waybill="680405450931",
    )
    tell(house, told)

    [row] = list_claims(ClaimFilter()).items
    assert (row.kind, row.stage, row.stage_raw, row.claim_id) == ("return", "collecting", "COLLECTING", "C1")
    assert (row.channel, row.channel_account, row.order_number) == ("naver", house.account, "A1")
    assert (row.reason, row.fault, row.collect_carrier, row.collect_waybill) == (
        "상품 파손",
        "seller",
        "cj",
        "680405450931",
    )
    assert (row.requested_at, row.changed_at, row.closed_at, row.open) == (NOON, NOON + HOUR, None, True)
    [part] = row.parts
    assert (part.line_no, part.quantity, part.ordered, [item.status for item in part.items]) == (
        "a",
        2,
        3,
        ["preparing"],
    )
    assert row.buyer == "홍*동"
    assert get_claim(row.id) == row


def test_claims_of_orders_nobody_collected_are_not_kept(house):
    """P4."""
    house.order("A1", "a")
    tell(house, claim("requested", 0), order="B9")
    tell(house, claim("requested", 0), keys=("z",))

    assert not Claim.objects.exists()


def test_a_sync_tells_claims_and_the_timeline_tells_them_once(house):
    """P33, P34: through the same door as statuses; one line of the timeline for each change."""
    house.order("A1", "a")
    for hours, stage in ((1, "requested"), (1, "requested"), (2, "approved")):
        line = make_line("A1", "a", house.at, claims=(claim(stage, hours),), changed_at=NOON + hours * HOUR)
        catch_up(house.account, [line], at=house.at)

    assert the_claim().stage == "approved"
    told = TimelineEvent.objects.filter(action="claim").order_by("id").values_list("detail", flat=True)
    assert [each["claim"] for each in told] == ["cancel_requested", "cancel_approved"]


def test_a_new_order_comes_with_its_claims(house):
    house.order("A1", "a", claims=(claim("requested", 0),))

    assert the_claim().stage == "requested"
    assert count_open_claims() == {"cancel": 1, "return": 0, "exchange": 0}


def test_one_claim_over_several_lines_is_one_claim(house):
    """C9: a receipt about several lines of an order."""
    house.order("A1", "a", "b", "c")
    tell(house, claim("requested", 0, kind=ClaimKind.RETURN, quantity=1), keys=("a", "b"))
    tell(house, claim("collecting", 1, kind=ClaimKind.RETURN), keys=("b", "c"))

    assert the_claim().stage == "collecting"
    assert sorted(ClaimPart.objects.values_list("line__line_key", "quantity")) == [("a", 1), ("b", 1), ("c", 1)]


def test_several_claims_of_one_line_are_several(house):
    house.order("A1", "a", quantity=3, remaining=3)
    tell(house, claim("done", 0, "C1", quantity=1), claim("requested", 1, "C2", kind=ClaimKind.RETURN, quantity=2))

    assert sorted(Claim.objects.values_list("claim_id", "stage")) == [("C1", "done"), ("C2", "requested")]
    assert count_open_claims()["return"] == 1


def test_a_claim_without_quantity_is_about_the_whole_line(house):
    house.order("A1", "a", quantity=3, remaining=3)
    tell(house, claim("requested", 0))
    assert ClaimPart.objects.get().quantity == 3
    tell(house, claim("requested", 0, quantity=2))
    assert ClaimPart.objects.get().quantity == 2
    tell(house, claim("done", 1))
    assert ClaimPart.objects.get().quantity == 2


@pytest.mark.parametrize(
    "late", [claim("requested", 0), claim("requested", 2), claim("requested"), claim("collecting", 1)]
)
def test_late_news_moves_nothing_back(house, late):
    """R19, I9: older, of the same moment, or of no known moment."""
    house.order("A1", "a")
    tell(house, claim("done", 2))
    tell(house, late)

    assert (the_claim().stage, the_claim().closed_at) == ("done", NOON + 2 * HOUR)


def test_what_the_channel_opens_again_is_open_again(house):
    """A later moment says so; a closed claim of the same id is no other claim."""
    house.order("A1", "a")
    tell(house, claim("refused", 2))
    tell(house, claim("requested", 3))

    assert (the_claim().stage, the_claim().closed_at) == ("requested", None)


def test_an_end_without_a_date_is_as_of_now_and_stays(house):
    """Naver tells no moment of a refusal: it ends the claim all the same, once."""
    house.order("A1", "a")
    tell(house, claim("collecting", 2))
    tell(house, claim("refused"), at=NOON + 5 * HOUR)
    tell(house, claim("refused"), at=NOON + 9 * HOUR)
    tell(house, claim("collecting", 3))

    assert (the_claim().stage, the_claim().closed_at) == ("refused", NOON + 5 * HOUR)


def test_what_a_message_leaves_out_stands(house):
    """completedClaims[] tells no parcel."""
    house.order("A1", "a")
    tell(
        house, claim("collecting", 1, reason="변심", collect_carrier="cj", collect_waybill="1", stage_raw="COLLECTING")
    )
    tell(house, claim("done", 2, stage_raw="RETURN_DONE"))
    assert (the_claim().collect_waybill, the_claim().reason, the_claim().stage_raw) == ("1", "변심", "RETURN_DONE")
    tell(house, claim("collecting", 1, collect_waybill="0", resend_waybill="7"))
    assert (the_claim().collect_waybill, the_claim().resend_waybill) == ("1", "7")


def test_without_ids_a_line_has_one_open_claim_of_a_kind(house):
    house.order("A1", "a", "b")
    for stage, hours in (("requested", 0), ("requested", 0), ("refused", 1), ("requested", 0), ("refused", 1)):
        tell(house, claim(stage, hours, ""), keys=("a", "b"))
    assert sorted(Claim.objects.values_list("line_key", "stage")) == [("a", "refused"), ("b", "refused")]
    tell(house, claim("requested", 2, ""))
    tell(house, claim("approved", 3, ""))
    assert list(Claim.objects.filter(line_key="a").order_by("id").values_list("stage", flat=True)) == [
        "refused",
        "approved",
    ]


def test_the_same_id_on_another_order_is_left_alone(house):
    """A channel's mistake takes no claim from its order."""
    house.order("A1", "a")
    house.order("B1", "b")
    tell(house, claim("requested", 0))
    tell(house, claim("done", 5), order="B1", keys=("b",))

    assert (the_claim().order_number, the_claim().stage) == ("A1", "requested")
    assert ClaimPart.objects.count() == 1


def test_endless_words_of_a_channel_are_cut(house):
    """One hostile claim takes no good ones with it."""
    house.order("A1", "a", "b")
    endless = {name: "9" * 50_000 for name in ("reason", "stage_raw", "collect_waybill", "resend_carrier")}
    tell(house, claim("requested", 0, "C1", **endless), claim("requested", 0, "C" * 50_000, **endless))

    assert Claim.objects.count() == 2
    assert len(Claim.objects.get(claim_id="C1").collect_waybill) == 200


def test_the_table_of_stages_is_sound():
    assert set(FORWARD) == set(STAGES) == set(ClaimStage)
    assert set(KINDS) == set(ClaimKind)
    assert set(FORWARD[-len(ENDED) :]) == ENDED


LIFE = [
    claim("requested", 0, quantity=1, reason="변심", requested_at=NOON),
    claim("requested", 0, quantity=1, reason="변심", requested_at=NOON),
    claim("collecting", 0, collect_waybill="1", stage_raw="COLLECTING"),
    claim("collecting", 2, collect_waybill="1", stage_raw="COLLECT_DONE"),
    claim("done", 3, collect_waybill="1", stage_raw="DONE"),
]


def told_in(house, number, messages):
    house.order(number, number.lower())
    for message in messages:
        tell(house, replace(message, claim_id=number), order=number, keys=(number.lower(),))
    [row] = [row for row in state() if row["order_number"] == number]
    return {name: value for name, value in row.items() if name not in ("claim_id", "order_number")}


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_any_order_of_a_claims_messages_ends_the_same(house, step):
    """R19: all of a claim's life, in every order; every fifth of them each time."""
    orders = list(dict.fromkeys(permutations(LIFE)))[::step]
    assert len(orders) > 10
    ends = [told_in(house, f"P{n}", order) for n, order in enumerate(orders)]

    assert all(end == ends[0] for end in ends)
    assert (ends[0]["stage"], ends[0]["closed_at"]) == ("done", NOON + 3 * HOUR)


MESSAGES = st.builds(claim, st.sampled_from(list(ClaimStage)), st.integers(0, 3))
count = iter(range(10**9))


@given(messages=st.lists(MESSAGES, min_size=1, max_size=5), data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shuffled_and_repeated_messages_leave_the_same_claim(house, messages, data):
    """R19, I9: whatever a channel says, late, twice and in any order; also several in one reading."""
    again = [*messages, *data.draw(st.lists(st.sampled_from(messages), max_size=3))]
    shuffled = data.draw(st.permutations(again))
    first = told_in(house, f"H{next(count)}", messages)

    assert told_in(house, f"H{next(count)}", shuffled) == first


def test_the_same_statements_for_one_line_and_for_a_hundred(house):
    """I12."""
    took = []
    for first, many in ((0, 1), (1000, 100)):
        lines = [
            make_line(f"N{n}", f"n{n}", house.at, claims=(claim("requested", 0, f"C{n}"),))
            for n in range(first, first + many)
        ]
        house.store(lines)
        later = [
            make_line(f"N{n}", f"n{n}", house.at, claims=(claim("done", 1, f"C{n}"),), stage=Stage.CONFIRMED)
            for n in range(first, first + many)
        ]
        load_incoming(later)
        with CaptureQueriesContext(connection) as following:
            follow_lines(LinesRead(house.account, house.at))
        with CaptureQueriesContext(connection) as listing:
            list_claims(ClaimFilter(), limit=200)
        took.append((len(following), len(listing)))
    assert took == [(3, 2), (3, 2)]
    assert set(Claim.objects.values_list("stage", flat=True)) == {"done"}
