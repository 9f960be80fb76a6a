"""Claims of the fake mall, synced over HTTP: cancel, return, exchange (P4, P33, P34, C9)."""

import pytest

from jumun.claims.queries import ClaimFilter, count_open_claims, list_claims
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.syncing import sync_account
from jumun.intake.actions import start_collection
from jumun.intake.collecting import Asked, collect_account
from jumun.orders.models import OrderItem


@pytest.fixture
def line(desk):
    """One collected, confirmed line of two pieces."""
    [order] = desk.mall.orders(1, lines=1, quantity=2)
    [key] = order["lines"]
    with acting_as(desk.company):
        job = start_collection([desk.account], by=desk.owner, at=now())
    collect_account(desk.company, Asked(desk.account, job))
    desk.mall.event("confirm", line_no=key)
    return key


def synced(desk):
    """Sync, then every claim, newest first."""
    sync_account(desk.company, desk.account)
    with acting_as(desk.company):
        return list_claims(ClaimFilter()).items


def item(desk):
    with acting_as(desk.company):
        return OrderItem.objects.get()


def test_a_cancel_asked_for_and_approved(desk, line):
    desk.mall.event("cancel_request", line_no=line, reason="COLOR_AND_SIZE")
    [claim] = synced(desk)
    assert (claim.kind, claim.stage, claim.stage_raw, claim.reason) == (
        "cancel",
        "requested",
        "CANCEL_REQUEST",
        "색상 및 사이즈 변경",
    )
    assert claim.claim_id and claim.open
    assert [(part.line_no, part.quantity) for part in claim.parts] == [(line, claim.quantity)]
    assert (item(desk).claim, item(desk).claim_open) == ("cancel_requested", True)
    with acting_as(desk.company):
        assert count_open_claims() == {"cancel": 1, "return": 0, "exchange": 0}

    desk.mall.event("cancel", line_no=line)
    [done] = synced(desk)
    assert (done.id, done.claim_id, done.stage) == (claim.id, claim.claim_id, "done")
    assert done.closed_at and done.requested_at == claim.requested_at
    assert item(desk).status == "cancelled"


def test_a_cancel_taken_back_and_asked_for_again_is_two_claims(desk, line):
    desk.mall.event("cancel_request", line_no=line)
    synced(desk)
    desk.mall.event("cancel_withdraw", line_no=line)
    [refused] = synced(desk)
    assert (refused.stage, refused.open) == ("refused", False)
    desk.mall.event("cancel_request", line_no=line)
    newest, older = synced(desk)
    assert (newest.stage, newest.open, older.stage) == ("requested", True, "refused")
    assert newest.claim_id != older.claim_id
    assert item(desk).claim_open


def test_a_return_is_collected_and_done(desk, line):
    desk.mall.event("ship", line_no=line)
    desk.mall.event("deliver", line_no=line)
    desk.mall.event("return_request", line_no=line, reason="BROKEN", quantity=1)
    [asked] = synced(desk)
    assert (asked.kind, asked.stage, asked.quantity, asked.reason) == ("return", "requested", 1, "상품 파손")
    desk.mall.event("collected", line_no=line)
    [collected] = synced(desk)
    assert (collected.stage, collected.stage_raw, collected.open) == ("collecting", "COLLECT_DONE", True)
    assert collected.changed_at > asked.changed_at
    desk.mall.event("return_done", line_no=line)
    [done] = synced(desk)
    assert (done.id, done.stage, done.stage_raw) == (asked.id, "done", "RETURN_DONE")


def test_an_exchange_and_a_second_sync_that_changes_nothing(desk, line):
    desk.mall.event("ship", line_no=line)
    desk.mall.event("exchange_request", line_no=line, quantity=1)
    desk.mall.event("collected", line_no=line)
    [asked] = synced(desk)
    assert (asked.kind, asked.stage) == ("exchange", "collecting")
    desk.mall.event("exchange_done", line_no=line)
    [done] = synced(desk)
    [again] = synced(desk)
    assert (done.stage, done.closed_at) == ("done", again.closed_at)
    assert again.parts == done.parts


def test_a_part_cancelled_before_and_a_return_now_are_both_there(desk, line):
    desk.mall.event("cancel_partial", line_no=line, quantity=1)
    desk.mall.event("ship", line_no=line)
    desk.mall.event("return_request", line_no=line, quantity=1)
    newest, first = synced(desk)
    assert [(each.kind, each.stage, each.quantity) for each in (first, newest)] == [
        ("cancel", "done", 1),
        ("return", "requested", 1),
    ]


def test_claims_of_orders_nobody_collected_stay_away(desk, line):
    """P4."""
    [other] = desk.mall.orders(1, seed=9, lines=1)
    desk.mall.event("cancel_request", line_no=other["lines"][0])
    assert synced(desk) == []
