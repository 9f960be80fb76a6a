"""Conversations with the simulator, as collecting and checking hold them."""

import threading
from datetime import UTC, datetime, timedelta

from django.db import connection

from jumun.channels.models import Breaker, ChannelAccount
from jumun.channels.port import Window
from jumun.channels.speaking import speaking_for
from jumun.core.tenancy import acting_as

FEED = "last-changed-statuses"


def now():
    return datetime.now(UTC)


def talk(desk):
    """One reading conversation: the feed of the last hour. Raises what the channel answers."""
    with speaking_for(desk.company, desk.account) as line:
        return [each for page in line.connector.changed(Window(now() - timedelta(hours=1), now())) for each in page]


def fails(desk):
    """Talk, and answer the exception it ends with; None when the channel answered."""
    try:
        talk(desk)
    except Exception as problem:  # noqa: BLE001
        return problem
    return None


def at_once(*works):
    """Run all in threads, begun together; answer what each returned or raised."""
    barrier = threading.Barrier(len(works))
    results = [None] * len(works)

    def run(place, work):
        try:
            barrier.wait(10)
            results[place] = work()
        except Exception as problem:  # noqa: BLE001
            results[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def count(desk, call=FEED):
    """How often a call reached the mall since the reset."""
    return sum(row["count"] for row in desk.mall.calls()["calls"] if row["call"] == call)


def breaker(desk):
    with acting_as(desk.company):
        return Breaker.objects.get()


def let_rest_end(desk):
    """The fake clock: the rest was over a second ago."""
    with acting_as(desk.company):
        Breaker.objects.update(open_until=now() - timedelta(seconds=1))


def account(desk):
    with acting_as(desk.company):
        return ChannelAccount.objects.select_related("breaker").get()
