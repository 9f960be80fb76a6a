"""Jobs and entries."""

from django.db import models


class Family(models.TextChoices):
    """The two tabs of the jobs page."""

    MALL = "mall", "쇼핑몰 작업"
    SHEET = "sheet", "엑셀 작업"


class JobStatus(models.TextChoices):
    """Where a job is. `partly`: some targets done, some not."""

    QUEUED = "queued", "대기"
    RUNNING = "running", "진행 중"
    DONE = "done", "완료"
    PARTLY = "partly", "일부 실패"
    FAILED = "failed", "실패"


class EntryOutcome(models.TextChoices):
    """What became of one target of a job."""

    DONE = "done", "완료"
    REFUSED = "refused", "거절"
    FAILED = "failed", "실패"
    UNKNOWN = "unknown", "확인 중"


class Job(models.Model):
    """One piece of work the user can watch, leave and find again."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    kind = models.TextField()
    """collect, confirm, transmit, sync …"""
    family = models.CharField(max_length=5, choices=Family.choices)
    status = models.CharField(max_length=7, choices=JobStatus.choices, default=JobStatus.QUEUED)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    parts_open = models.IntegerField(default=0)
    params = models.JSONField(default=dict)
    """What it was asked to do: account ids, window, batch. Never personal data."""
    reason = models.TextField(default="")
    """Code of the failure of the whole job, if it failed as a whole."""
    retry_of = models.ForeignKey("self", models.SET_NULL, null=True)
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["company", "-id"], name="job_newest"),)


class JobEntry(models.Model):
    """One target of a job: what became of it and why."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    job = models.ForeignKey(Job, models.CASCADE)
    target = models.TextField()
    """"item:12", "account:3", "order:7"."""
    label = models.TextField(default="")
    """What the clerk knows it by: order number, account name."""
    outcome = models.CharField(max_length=7, choices=EntryOutcome.choices)
    code = models.TextField(default="")
    message = models.TextField(default="")
    """The channel's own words, where it gave any."""
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "target"], name="job_entry_once"),)
        indexes = (models.Index(fields=["company", "job", "id"], name="job_entry_list"),)
