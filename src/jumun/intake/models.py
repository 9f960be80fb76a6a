"""What a collection could not get: stretches of time a channel no longer answers for, lines nobody could make out."""

from django.db import models
from django.db.models import F, Q


class Gap(models.Model):
    """A stretch nobody could collect (R16). It stays until it was collected after all, or the owner says why not."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.CASCADE)
    start = models.DateTimeField()
    end = models.DateTimeField()
    code = models.TextField()
    """Why, as `core.sentences` knows it: "window_too_old"."""
    opened_at = models.DateTimeField()
    opened_job = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    """None for one that closed by itself, because the whole stretch was collected later."""
    reason = models.TextField(default="")
    """The owner's words."""

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(end__gt=F("start")), name="gap_forward"),)
        indexes = (
            models.Index(
                fields=["company", "account", "start"], condition=Q(closed_at__isnull=True), name="gap_open_by_account"
            ),
        )


class Doubt(models.TextChoices):
    """Why a line the channel named is not among our orders."""

    UNREADABLE = "unreadable", "읽지 못함"
    UNCONFIRMED = "unconfirmed", "발주확인 전"
    """The channel lets nobody collect it before 발주확인 (P8)."""


class UnreadLine(models.Model):
    """A line the channel named that did not come in, until it does. One open row a line."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.CASCADE, db_index=False)
    order_number = models.TextField()
    line_key = models.TextField()
    unit = models.TextField()
    stage_raw = models.TextField(default="")
    """The channel's own word for where it stands."""
    why = models.CharField(max_length=11, choices=Doubt.choices, default=Doubt.UNREADABLE)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    times = models.IntegerField(default=1)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "order_number", "line_key"],
                condition=Q(settled_at__isnull=True),
                name="unread_line_once",
            ),
        )
        indexes = (
            models.Index(fields=["company", "id"], condition=Q(settled_at__isnull=True), name="unread_line_open"),
        )
