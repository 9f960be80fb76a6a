"""Tables of claims. A claim stands beside the items' status and never writes it."""

from django.db import models
from django.db.models import F, Q

from jumun.channels.port import ClaimKind, ClaimStage

COMPANY = "companies.Company"


class Claim(models.Model):
    """One claim as its channel tells it: about one order, and about one or several of its lines (`ClaimPart`)."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.PROTECT, db_index=False)
    order = models.ForeignKey("orders.Order", models.PROTECT)
    order_number = models.TextField()
    channel = models.TextField()
    kind = models.TextField()
    claim_id = models.TextField(default="", blank=True)
    """The channel's id; empty where it has none. Then `line_key` tells the claim from others of its kind."""
    line_key = models.TextField(default="", blank=True)
    stage = models.TextField()
    stage_raw = models.TextField(default="")
    reason = models.TextField(default="")
    fault = models.TextField(default="")
    """Who bears it: buyer, seller, channel, or "" where the channel does not say."""
    requested_at = models.DateTimeField()
    """As the channel tells it, else when it was first heard of."""
    changed_at = models.DateTimeField(null=True)
    """The moment of the last message that counted: an older one changes nothing any more."""
    closed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField()
    collect_carrier = models.TextField(default="")
    collect_waybill = models.TextField(default="")
    """The parcel that comes back."""
    resend_carrier = models.TextField(default="")
    resend_waybill = models.TextField(default="")
    """The parcel that goes out again."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "kind", "claim_id"], condition=~Q(claim_id=""), name="claim_once"
            ),
            models.UniqueConstraint(
                fields=["account", "order_number", "kind", "line_key"],
                condition=Q(claim_id="", closed_at=None),
                name="claim_open_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in ClaimKind]), name="claim_kind"),
            models.CheckConstraint(condition=Q(stage__in=[stage.value for stage in ClaimStage]), name="claim_stage"),
        )
        indexes = (
            models.Index(F("company"), F("requested_at").desc(), F("id").desc(), name="claim_newest"),
            models.Index(F("company"), F("kind"), F("requested_at").desc(), F("id").desc(), name="claim_by_kind"),
            models.Index(F("company"), F("account"), F("requested_at").desc(), F("id").desc(), name="claim_by_account"),
            models.Index(
                F("company"), F("requested_at").desc(), F("id").desc(), condition=Q(closed_at=None), name="claim_open"
            ),
            models.Index(fields=["company", "order_number"], name="claim_by_number"),
            models.Index(fields=["company", "claim_id"], name="claim_by_id"),
            models.Index(
                fields=["company", "collect_waybill"], condition=~Q(collect_waybill=""), name="claim_by_parcel"
            ),
        )


class ClaimPart(models.Model):
    """How much of one line a claim is about."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    claim = models.ForeignKey(Claim, models.CASCADE, db_index=False)
    line = models.ForeignKey("orders.OrderLine", models.PROTECT)
    quantity = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["claim", "line"], name="claim_part_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="claim_part_quantity"),
        )
