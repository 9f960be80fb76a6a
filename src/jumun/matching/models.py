"""Remembered links: what one listing of one account means in our SKUs (C10-C13)."""

from django.db import models
from django.db.models import Q

COMPANY = "companies.Company"


class Kind(models.TextChoices):
    """What a link says of a listing."""

    LINK = "link", "매칭"
    GIFT = "gift", "사은품"
    """Goods given along: packed like the others, sold for nothing."""
    IGNORE = "ignore", "출고 없음"
    """Nothing is packed for it: 배송비 추가, 각인 옵션."""
    NONE = "none", "매칭 안 함"
    """Taken back: its items wait to be matched again."""


class Link(models.Model):
    """매칭: one listing of one account, remembered. `version` counts its changes."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.CASCADE, db_index=False)
    product_key = models.TextField()
    option_key = models.TextField()
    """`orders.listing_keys`: codes, or digests of the words where the channel gives none."""
    product_code = models.TextField(default="")
    product_name = models.TextField(default="")
    option_code = models.TextField(default="")
    option_text = models.TextField(default="")
    kin = models.TextField(default="")
    """Digest of its words without promotions: the same goods under another headline have the same."""
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LINK)
    version = models.IntegerField(default=1)
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "product_key", "option_key"], name="link_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="link_kind"),
        )
        indexes = (
            models.Index(fields=["company", "kin"], name="link_by_kin"),
            models.Index(fields=["company", "id"], name="link_of_company"),
            models.Index(fields=["company", "-at", "-id"], name="link_by_change"),
        )


class LinkPart(models.Model):
    """One SKU of a link, so many for each one ordered."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    link = models.ForeignKey(Link, models.CASCADE)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT)
    quantity = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["link", "sku"], name="link_part_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="link_part_quantity"),
        )


class LinkVersion(models.Model):
    """What a link said from this version on: who is to blame, and what to go back to. Insert-only."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    link = models.ForeignKey(Link, models.CASCADE)
    version = models.IntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    parts = models.JSONField(default=list)
    """[{"sku": code, "quantity": n}, …]"""
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["link", "version"], name="link_version_once"),)


class Automatic(models.Model):
    """Whether a company has certain suggestions linked by themselves (docs/algorithms/matching.md)."""

    company = models.OneToOneField(COMPANY, models.CASCADE)
    on = models.BooleanField(default=False)
