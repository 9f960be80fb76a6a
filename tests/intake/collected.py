"""Words for tests that collect from the simulator: what came in, and a channel that forgets."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from jumun.channels.models import ChannelAccount
from jumun.channels.port import Stage
from jumun.connectors.naver.connector import NaverConnector
from jumun.core.clock import now
from jumun.core.errors import ChannelError
from jumun.core.tenancy import acting_as
from jumun.intake.actions import start_collection
from jumun.intake.collecting import Asked, collect_account
from jumun.intake.models import Gap, UnreadLine
from jumun.intake.tasks import collect as collect_task
from jumun.jobs.models import Job, JobEntry
from jumun.orders.models import OrderItem

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def collect(desk, **asked):
    """Collect the desk's account as the queue would; answers what came of it."""
    return collect_account(desk.company, Asked(desk.account, asked.pop("job_id", 0), **asked))


def as_job(desk, **asked):
    """Ask for a collection and run its task; answers the job."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    with acting_as(desk.company):
        job = start_collection([desk.account], by=desk.owner, at=now(), **asked)
        queued = ProcrastinateJob.objects.filter(task_name="jumun:intake.collect").order_by("-id").first()
    collect_task(**queued.args)
    with acting_as(desk.company):
        return Job.objects.get(id=job)


def entries(desk, job):
    with acting_as(desk.company):
        return {entry.target.split(":")[0]: entry for entry in JobEntry.objects.filter(job_id=job.id)}


def account(desk):
    with acting_as(desk.company):
        return ChannelAccount.objects.get(id=desk.account)


def put_watermark(desk, moment):
    with acting_as(desk.company):
        ChannelAccount.objects.filter(id=desk.account).update(collected_until=moment)


def items(desk):
    with acting_as(desk.company):
        return list(OrderItem.objects.order_by("line_no"))


def lines(desk):
    return [item.line_no for item in items(desk)]


def gaps(desk, *, closed=False):
    with acting_as(desk.company):
        return list(Gap.objects.filter(closed_at__isnull=not closed).order_by("start"))


def doubts(desk):
    with acting_as(desk.company):
        return list(UnreadLine.objects.filter(settled_at__isnull=True).order_by("id"))


def digest(desk):
    """One number for everything a collection writes about orders but the moment of the last reading."""
    from django.db import connection

    told = hashlib.sha256()
    with acting_as(desk.company), connection.cursor() as cursor:
        for table in ("order", "recipient", "orderline", "shipment", "orderitem", "timelineevent", "rawpayload"):
            cursor.execute(f"SELECT (to_jsonb(t) - 'read_at' - 'asked_at')::text FROM orders_{table} t ORDER BY t.id")
            told.update(repr(cursor.fetchall()).encode())
    return told.hexdigest()


def change_profile(monkeypatch, **more):
    """Another profile for Smartstore: what is data about a channel kind."""
    monkeypatch.setattr(NaverConnector, "profile", replace(NaverConnector.profile, **more))


def without(can):
    return NaverConnector.profile.can - {can}


def forget(monkeypatch, after):
    """The channel answers for no window that begins longer ago than `after`; answers the windows it was asked for."""
    asked, real = [], NaverConnector.changed

    def changed(self, window, *, open_only=False):
        asked.append(window)
        if window.start < now() - after:
            raise ChannelError("window_too_old")
        yield from real(self, window, open_only=open_only)

    monkeypatch.setattr(NaverConnector, "changed", changed)
    return asked


def between_pages(monkeypatch, happening, times=5):
    """Something happens on the channel after each of the first pages that are read."""
    real = NaverConnector.changed
    places = iter(range(times))

    def changed(self, window, *, open_only=False):
        for page in real(self, window, open_only=open_only):
            yield page
            if (place := next(places, None)) is not None:
                happening(place)

    monkeypatch.setattr(NaverConnector, "changed", changed)


def unreadable(monkeypatch, keys):
    """These lines come as nothing anybody knows, from both lists, until the set is emptied."""
    listed, read = NaverConnector.changed, NaverConnector.read_lines

    def blur(line):
        return replace(line, stage=Stage.UNKNOWN, stage_raw="SOMETHING_NEW") if line.line_key in keys else line

    def changed(self, window, *, open_only=False):
        for page in listed(self, window, open_only=open_only):
            yield [blur(line) for line in page]

    def read_lines(self, wanted):
        yield from map(blur, read(self, wanted))

    monkeypatch.setattr(NaverConnector, "changed", changed)
    monkeypatch.setattr(NaverConnector, "read_lines", read_lines)
