"""Runs of 할당, what each item got in them, and criteria saved by name."""

from django.db import models
from django.db.models import F

COMPANY = "companies.Company"


class AllocationCriteria(models.Model):
    """조건 저장: what a run is about, by name, and when the clock runs it."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    name = models.TextField()
    criteria = models.JSONField(default=dict)
    """`stock.criteria.Criteria` as JSON."""
    times = models.JSONField(default=list)
    """Times of day in Korea ("09:00") at which it runs by itself; none where it does not."""
    due_from = models.DateTimeField()
    """Times of day up to here were seen to."""
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "stock"
        constraints = (models.UniqueConstraint(fields=["company", "name"], name="allocation_criteria_name_once"),)


class AllocationRun(models.Model):
    """One run of 할당 over a scope; a dry run wrote nothing."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    criteria = models.JSONField(default=dict)
    saved = models.ForeignKey(AllocationCriteria, models.SET_NULL, null=True)
    dry_run = models.BooleanField(default=False)
    state = models.TextField(default="waiting")
    """"waiting", "done", "failed"."""
    batch = models.UUIDField(null=True)
    full = models.IntegerField(default=0)
    partial = models.IntegerField(default=0)
    none = models.IntegerField(default=0)
    auto = models.IntegerField(default=0)
    unallocated = models.IntegerField(default=0)
    split = models.IntegerField(default=0)
    """Items that got nothing and were taken out into shipments of their own."""
    proof = models.JSONField(default=dict)
    """Of the best strategy: bound, value, whether it is proven."""
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "stock"
        indexes = (models.Index(F("company"), F("id").desc(), name="allocation_run_newest"),)


class AllocationResult(models.Model):
    """자동 or 미할당 of one item in a run, and why (C24, N20)."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    run = models.ForeignKey(AllocationRun, models.CASCADE, db_index=False)
    item_id = models.BigIntegerField()
    shipment_id = models.BigIntegerField()
    order_number = models.TextField()
    shipment_state = models.TextField()
    """"full", "partial", "none": the tab it stands in."""
    state = models.TextField()
    """"auto" or "unallocated"."""
    quantity = models.IntegerField()
    """Units it still needed."""
    units = models.IntegerField()
    """Units it got: fewer than it needed only where the rest is split off."""
    code = models.TextField(default="")
    short = models.JSONField(default=list)
    """Rows of [SKU, missing, [orders that took it], how many more]."""

    class Meta:
        app_label = "stock"
        constraints = (models.UniqueConstraint(fields=["run", "item_id"], name="allocation_result_once"),)
        indexes = (models.Index(fields=["run", "shipment_state", "state", "item_id"], name="allocation_result_tab"),)
