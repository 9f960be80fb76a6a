"""Column layouts of sheets, and the history of what was taken out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

COMPANY = "companies.Company"


class What(models.TextChoices):
    """What one row of a sheet is."""

    ITEMS = "items", "품목"
    PARCELS = "parcels", "묶음"


class Kind(models.TextChoices):
    """The form of the file."""

    XLSX = "xlsx", "엑셀 (xlsx)"
    CSV = "csv", "csv"


class State(models.TextChoices):
    """Where an export is. What is `expired` has no file any more; its row stays for ever."""

    WAITING = "waiting", "대기"
    READY = "ready", "받을 수 있음"
    FAILED = "failed", "실패"
    EXPIRED = "expired", "기한 지남"


class ExportLayout(models.Model):
    """내려받기 양식: which columns, in which order, under which titles; of one person or shared with the company."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    by = models.ForeignKey("companies.Person", models.CASCADE, db_index=False)
    name = models.TextField()
    what = models.CharField(max_length=7, choices=What.choices)
    columns = models.JSONField(default=list)
    """[{"key": "order_number", "title": "주문번호"}]: the keys are `exports.columns`."""
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "by", "name"], name="export_layout_once"),)


class Export(models.Model):
    """One sheet somebody took: who, what, why, how many rows. Never deleted; its file is, when its time is up."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True, db_index=False)
    what = models.CharField(max_length=7, choices=What.choices)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    title = models.TextField(default="")
    """The name of the view it was taken from."""
    asked = models.TextField(default="")
    """The view's conditions as an address, without what was searched for by name, phone or number."""
    columns = models.JSONField(default=list)
    """As in a layout."""
    language = models.CharField(max_length=2, default="ko")
    personal = models.BooleanField(default=False)
    """Personal data stands in it in clear."""
    reason = models.TextField(default="")
    locked = models.BooleanField(default=False)
    """It opens with a password only."""
    sealed_password = models.TextField(default="")
    """Until the file is written, then empty (decision 0027)."""
    chosen = ArrayField(models.BigIntegerField(), null=True)
    """The ids of its rows in their order, as of the click; NULL once the file is written, or was given up a day ago."""
    ended = models.BooleanField(default=False)
    """Parcels that had ended by the click are among them."""
    total = models.IntegerField(default=0)
    rows = models.IntegerField(null=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    name = models.TextField(default="")
    """The file's name as it is given to the person."""
    file = models.TextField(default="")
    """Its key in `core.files`, planned from the start so that a kill leaves no file nobody knows; empty when it is gone."""
    size = models.BigIntegerField(default=0)
    downloads = models.IntegerField(default=0)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, db_index=False)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(personal=False) | ~Q(reason=""), name="export_of_personal_data_has_a_reason"
            ),
        )
        indexes = (
            models.Index(F("company"), F("id").desc(), name="export_newest"),
            models.Index(fields=["company", "expires_at"], condition=Q(state="ready"), name="export_by_end"),
            models.Index(fields=["company", "job"], name="export_by_job"),
        )
