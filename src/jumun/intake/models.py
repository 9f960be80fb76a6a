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


class UploadState(models.TextChoices):
    """How far a sheet is on its way into orders."""

    READING = "reading", "읽는 중"
    ASKING = "asking", "열 확인"
    """A person must say which column is what, or which account it is for."""
    READY = "ready", "미리보기"
    COMMITTING = "committing", "등록 중"
    DONE = "done", "등록 완료"
    FAILED = "failed", "읽지 못함"
    DELETED = "deleted", "삭제됨"


class Verdict(models.TextChoices):
    """What becomes of a sheet row: the first four before the commit, the next two after it."""

    NEW = "new", "등록 예정"
    UPDATE = "update", "수량 변경 예정"
    SKIP = "skip", "건너뜀"
    REFUSED = "refused", "거절"
    STORED = "stored", "등록됨"
    UPDATED = "updated", "수량 변경됨"
    DELETED = "deleted", "삭제됨"
    NONE = "none", "주문 행 아님"
    """A total or a header repeated in the middle."""


class SheetTemplate(models.Model):
    """주문서 양식: how one account's sheet maps to our fields, known again by its header's fingerprint (Q17–Q26)."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.CASCADE, null=True, db_index=False)
    """None: one sheet for several accounts, or for whichever is chosen."""
    name = models.TextField()
    fingerprint = models.TextField()
    plan = models.JSONField()
    """`sheet_fields.Plan` as JSON."""
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True, db_index=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "name"], name="sheet_template_name_once"),)
        indexes = (models.Index(fields=["company", "fingerprint"], name="sheet_template_by_print"),)


class SheetUpload(models.Model):
    """One sheet somebody uploaded: kept for ever, with what became of each of its rows (Q31–Q34)."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.SET_NULL, null=True, db_index=False)
    name = models.TextField()
    """The file's name as uploaded."""
    file = models.TextField()
    """Where the file is kept (core.files), without its password."""
    failures = models.TextField(default="")
    """Where its last failure file is kept."""
    kind = models.TextField(default="")
    encoding = models.TextField(default="")
    sheet = models.TextField(default="")
    """The worksheet the orders are in."""
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.READING)
    code = models.TextField(default="")
    """Why it could not be read."""
    template = models.ForeignKey(SheetTemplate, models.SET_NULL, null=True, db_index=False)
    plan = models.JSONField(null=True)
    """`sheet_fields.Plan` as JSON; None before one was found."""
    fingerprint = models.TextField(default="")
    samples = models.JSONField(default=dict)
    """Column → a few of its values, for the person who confirms the plan."""
    unsure = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    """What differs from the header its template knew: added, gone, moved."""
    notices = models.JSONField(default=list)
    on_known = models.CharField(max_length=6, default="skip")
    on_other = models.CharField(max_length=6, default="refuse")
    on_duplicate = models.CharField(max_length=6, default="refuse")
    rows = models.IntegerField(default=0)
    """Rows staged: blank ones are not."""
    orders = models.IntegerField(default=0)
    """Orders committed."""
    job_id = models.BigIntegerField(null=True)
    """The job that reads it, then the one that commits it."""
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True, db_index=False)
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey("companies.Person", models.SET_NULL, null=True, db_index=False, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["company", "-id"], name="sheet_upload_newest"),)


class SheetRow(models.Model):
    """One row of an uploaded sheet: its cells, what they were understood as, and what becomes of it."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False, db_constraint=False)
    upload = models.ForeignKey(SheetUpload, models.CASCADE, db_index=False, db_constraint=False)
    row = models.IntegerField()
    """The sheet's own number, from 1."""
    cells = models.JSONField()
    fields = models.JSONField()
    """Field → normalised text (`sheet_judging`)."""
    account_id = models.BigIntegerField(null=True)
    order_number = models.TextField(default="")
    base_key = models.TextField(default="")
    """The identity the row says; `line_key` has its occurrence where the channel gave no line number."""
    line_key = models.TextField(default="")
    quantity = models.IntegerField(default=0)
    problem = models.JSONField(null=True)
    """What the row itself is refused for: column, field, value, code."""
    unsure = models.JSONField(default=list)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    code = models.TextField(default="")
    """Why it is skipped or refused."""
    left_out = models.BooleanField(default=False)
    fixed = models.BooleanField(default=False)
    """A person changed what was understood."""
    line_id = models.BigIntegerField(null=True)
    """The order line it is, or became."""
    known_quantity = models.IntegerField(null=True)
    """How many that line had."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["upload", "row"], name="sheet_row_once"),)
        indexes = (models.Index(fields=["upload", "order_number"], name="sheet_row_by_order"),)
