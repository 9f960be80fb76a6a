"""Sheets of waybill numbers that were uploaded: kept for ever, with what became of each of their rows (P21–P23)."""

from django.db import models


class State(models.TextChoices):
    """How far a sheet of numbers is."""

    READY = "ready", "미리보기"
    COMMITTING = "committing", "저장 중"
    DONE = "done", "저장 완료"


class Verdict(models.TextChoices):
    """What becomes of a row: the first five before the commit; the last three after it, in place of the first three."""

    LABEL = "label", "입력 예정"
    CHANGE = "change", "번호 변경 예정"
    CORRECT = "correct", "쇼핑몰 정정 예정"
    SAME = "same", "이미 같음"
    REFUSED = "refused", "거절"
    LABELLED = "labelled", "입력됨"
    CHANGED = "changed", "변경됨"
    CORRECTING = "correcting", "정정 보냄"


class WaybillUpload(models.Model):
    """One sheet of numbers somebody uploaded."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False)
    name = models.TextField()
    """The file's name as uploaded."""
    file = models.TextField()
    """Where the file is kept (core.files), without its password."""
    kind = models.TextField(default="")
    sheet = models.TextField(default="")
    """The worksheet the numbers are in."""
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    """What was found → the sheet's column, from 0 (`sheet_columns.Columns`)."""
    carrier = models.TextField(default="")
    """The carrier of rows that name none."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    rows = models.IntegerField(default=0)
    job_id = models.BigIntegerField(null=True)
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True, db_index=False)
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["company", "-id"], name="waybill_upload_newest"),)


class WaybillRow(models.Model):
    """One row of it: which parcel, which number, and what becomes of it."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False)
    upload = models.ForeignKey(WaybillUpload, models.CASCADE, db_index=False)
    row = models.IntegerField()
    """The sheet's own number, from 1."""
    cells = models.JSONField()
    key_kind = models.TextField(default="")
    """What names the parcel: bundle, order, line, shipment or item."""
    key = models.TextField(default="")
    orders = models.TextField(default="")
    """The order numbers that stand beside another key: a sheet whose columns were sorted apart is found out by them."""
    said_carrier = models.TextField(default="")
    """The carrier as the row says it."""
    carrier = models.TextField(default="")
    """Our id of it."""
    number = models.TextField(default="")
    lost = models.BooleanField(default=False)
    """The number lost digits in the spreadsheet."""
    shipment_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField(null=True)
    bundle_no = models.TextField(default="")
    was_carrier = models.TextField(default="")
    was_number = models.TextField(default="")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.REFUSED)
    code = models.TextField(default="")
    """Why it is refused."""
    doubt = models.BooleanField(default=False)
    """Its check digit does not fit."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["upload", "row"], name="waybill_row_once"),)
