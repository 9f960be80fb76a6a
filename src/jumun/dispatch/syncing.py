"""주문동기화: pull the channel's later statuses and claims of the orders we collected (P4, P33, P34)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from jumun.channels.models import ChannelAccount
from jumun.channels.port import LineRef, Stage, Window, in_batches
from jumun.channels.speaking import Line, speaking_for
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.orders.actions.catch_up import CaughtUp, catch_up
from jumun.orders.models import OrderItem
from jumun.orders.states import Status

FIRST_SYNC = timedelta(days=7)
QUIET = (Status.PAID, Status.SHIPPED, Status.IN_TRANSIT)
"""Statuses whose next step a channel may not list among its changes: their lines are read one by one."""

PAGE = 300


def sync_account(company_id: int, account_id: int) -> CaughtUp:
    """Bring every line we collected from this account up to date. Raises ChannelBusy or ChannelError.

    What could not be made out is asked for once more. The watermark moves only when all of it was read, so that a failure half-way repeats and loses nothing.
    """
    begun = now()
    lines = moved = claims = 0
    doubtful: list[LineRef] = []
    with speaking_for(company_id, account_id) as line:
        since = line.account.synced_until or begun - FIRST_SYNC
        window = Window(since - line.profile.overlap, begun)
        for page in line.connector.changed(window):
            with acting_as(company_id):
                done = catch_up(account_id, page, at=now())
            lines, moved, claims = lines + done.lines, moved + done.moved, claims + done.claims
            doubtful += [
                LineRef(each.line_key, each.order_number, each.unit) for each in page if each.stage == Stage.UNKNOWN
            ]
        for wanted in chain(in_batches(doubtful, PAGE), _quiet_lines(company_id, line, begun)):
            read = list(line.connector.read_lines(wanted))
            with acting_as(company_id):
                done = catch_up(account_id, read, at=now())
            lines, moved, claims = lines + done.lines, moved + done.moved, claims + done.claims
    with acting_as(company_id):
        ChannelAccount.objects.filter(id=account_id).update(synced_until=begun, last_synced_at=now())
    return CaughtUp(lines, moved, claims, None)


def _quiet_lines(company_id: int, line: Line, before: datetime) -> Iterator[list[LineRef]]:
    """Our lines not read since `before`, page by page: reading them takes them off the list."""
    last = 0
    while True:
        with acting_as(company_id):
            rows = list(
                OrderItem.objects.filter(
                    account_id=line.account.id, status__in=QUIET, line__read_at__lt=before, id__gt=last
                )
                .order_by("id")
                .values_list("id", "line_no", "order_number", "unit")[:PAGE]
            )
        if not rows:
            return
        last = rows[-1][0]
        yield list({LineRef(line_key, number, unit) for _, line_key, number, unit in rows})
