"""The outbound-effect ledger (전송 내역)."""

from django.db import models


class EffectState(models.TextChoices):
    """planned → sending (committed before the call) → confirmed / rejected / unknown; or withdrawn while planned."""

    PLANNED = "planned", "전송 대기"
    SENDING = "sending", "전송 중"
    UNKNOWN = "unknown", "확인 중"
    CONFIRMED = "confirmed", "완료"
    REJECTED = "rejected", "거절"
    WITHDRAWN = "withdrawn", "거둠"


class Effect(models.Model):
    """One thing told to a channel: one row per account, verb, unit and revision.

    Partitioned by month of its order's `ordered_at`, which never changes, so that the unique key holds across months.
    """

    company = models.ForeignKey("companies.Company", models.DO_NOTHING, db_constraint=False)
    ordered_at = models.DateTimeField()
    account_id = models.BigIntegerField()
    verb = models.TextField()
    """confirm, dispatch, or correct."""
    unit = models.TextField()
    order_number = models.TextField()
    revision = models.IntegerField()
    state = models.CharField(max_length=9, choices=EffectState.choices)
    lines = models.JSONField()
    """What it carried: [{"line_key", "order_number", "item": id, "quantity"}]."""
    carrier = models.TextField(default="")
    number = models.TextField(default="")
    method = models.TextField(default="parcel")
    shipped_at = models.DateTimeField(null=True)
    attempt = models.IntegerField(default=0)
    job_id = models.BigIntegerField()
    batch = models.UUIDField()
    by_id = models.BigIntegerField(null=True)
    code = models.TextField(default="")
    message = models.TextField(default="")
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)
    """When an unknown one is read back next."""
    looks = models.IntegerField(default=0)
