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
    by_sheet = models.BooleanField(default=False)
    """Told in the mall's own sheet (`MallSheet` of its job): no connector has anything to do with it."""


class MallSheet(models.Model):
    """A mall's bulk-dispatch sheet (쇼핑몰 발송 엑셀): one a job, kept for ever."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.CASCADE, db_index=False)
    job_id = models.BigIntegerField(unique=True)
    """The sheet's own job, of the family of sheets."""
    wish_job_id = models.BigIntegerField()
    """The job of the wish it belongs to."""
    verb = models.TextField()
    """dispatch, or correct: only what was corrected is in it."""
    form = models.TextField(default="")
    """Where its columns come from: "preset:naver", "learned:12", "plain"."""
    columns = models.JSONField(default=list)
    """Titles as written."""
    file = models.TextField()
    """Where it is kept (core.files); planned before it is written."""
    rows = models.IntegerField(default=0)
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True, db_index=False)
    created_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    """None: not made yet. Nobody is given it before, and nothing moves before."""
    ended_at = models.DateTimeField(null=True)
    """Nothing is left to do about it: it was made, or nothing was left to write."""

    class Meta:
        indexes = (models.Index(fields=["company", "wish_job_id"], name="mall_sheet_by_wish"),)
