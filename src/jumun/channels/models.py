"""Channel accounts and what they keep between calls."""

from django.db import models


class AccountState(models.TextChoices):
    """Whether an account may be spoken for."""

    OK = "ok", "정상"
    REAUTH = "reauth", "재인증 필요"
    OFF = "off", "꺼짐"


class ChannelAccount(models.Model):
    """One login of one company on one channel (판매처 계정)."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    channel = models.TextField()
    """The connector's kind, or "manual"."""
    name = models.TextField()
    key = models.TextField()
    """The seller's own short name, unique in the company."""
    brand = models.TextField(default="")
    base_url = models.TextField(default="")
    """Empty: the channel's official host."""
    credentials = models.TextField(default="")
    """Sealed mapping (core.secrets)."""
    ship_from = models.ForeignKey("catalog.ShipFrom", models.SET_NULL, null=True)
    """Default ship-from of its items."""
    auto_collect = models.BooleanField(default=False)
    auto_confirm = models.BooleanField(default=False)
    state = models.CharField(max_length=6, choices=AccountState.choices, default=AccountState.OK)
    state_code = models.TextField(default="")
    collected_until = models.DateTimeField(null=True)
    """Watermark: everything the channel listed up to here was stored."""
    last_collected_at = models.DateTimeField(null=True)
    synced_until = models.DateTimeField(null=True)
    last_synced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "key"], name="account_key_once"),)


class ChannelToken(models.Model):
    """The access token in use for an account, sealed, shared by all processes."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    account = models.OneToOneField(ChannelAccount, models.CASCADE)
    sealed = models.TextField()
    expires_at = models.DateTimeField()


class RateSlot(models.Model):
    """The next moment an account may make one kind of call (rate budget, DESIGN §4)."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    account = models.ForeignKey(ChannelAccount, models.CASCADE)
    call = models.TextField()
    next_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "call"], name="rate_slot_once"),)
