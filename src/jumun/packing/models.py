"""Runs of 합포, what they found, and what was put together."""

from django.db import models
from django.db.models import F, Q

COMPANY = "companies.Company"


class Run(models.Model):
    """One look for shipments that may go together, over a scope."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    scope = models.JSONField(default=dict)
    combined = models.IntegerField(default=0)
    reviews = models.IntegerField(default=0)
    apart = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(F("company"), F("id").desc(), name="packing_run_newest"),)


class Candidate(models.Model):
    """One shipment a run looked at, beside its base, with the verdict and why (N8). A base stands beside itself."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    run = models.ForeignKey(Run, models.CASCADE, db_index=False)
    shipment = models.ForeignKey("orders.Shipment", models.CASCADE)
    base = models.ForeignKey("orders.Shipment", models.CASCADE, related_name="+")
    revision = models.IntegerField()
    """Of the recipient it was judged by: what changed since is not combined."""
    account = models.ForeignKey("channels.ChannelAccount", models.CASCADE, db_index=False)
    verdict = models.TextField()
    reasons = models.JSONField(default=list)
    ship_by = models.DateTimeField(null=True)
    decision = models.TextField(default="")
    """What was done of it: "combined", "apart", "refused"; empty while it waits."""
    decided_by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "shipment"], name="candidate_once"),)
        indexes = (models.Index(fields=["run", "verdict", "id"], name="candidate_by_verdict"),)


class KeptApart(models.Model):
    """Two shipments a person decided to send by themselves: no later run puts them together (C15)."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    one = models.ForeignKey("orders.Shipment", models.CASCADE, related_name="+")
    """The one with the smaller id."""
    other = models.ForeignKey("orders.Shipment", models.CASCADE, related_name="+")
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "one", "other"], name="kept_apart_once"),)


class Standing(models.Model):
    """확인필요 of one kind that is combined without being asked, for one account (C15)."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.CASCADE)
    reason = models.TextField()
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "account", "reason"], name="standing_once"),)


class Combination(models.Model):
    """An order that joined a shipment of another, the address it was combined on, and where it goes back to."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    shipment = models.ForeignKey("orders.Shipment", models.CASCADE)
    order = models.ForeignKey("orders.Order", models.CASCADE)
    came_from = models.ForeignKey("orders.Shipment", models.CASCADE, related_name="+")
    address = models.TextField()
    """Digest of the order's own address (orders.addresses)."""
    base_address = models.TextField()
    """Digest of the address of the shipment it joined."""
    at = models.DateTimeField()
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["shipment", "order", "came_from"], condition=Q(ended_at=None), name="combination_open_once"
            ),
        )
        indexes = (models.Index(fields=["company", "id"], condition=Q(ended_at=None), name="combination_open"),)
