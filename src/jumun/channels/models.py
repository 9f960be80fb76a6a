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
    """The connector's kind, a kind known only by its sheets (`sheet_kinds`), or "manual"."""
    by_sheet = models.BooleanField(default=False)
    """Orders come and numbers go by sheet only: nobody speaks with its channel, though there may be a connector."""
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
    ship_within = models.IntegerField(null=True)
    """Business days from payment to ship-by where the channel names none (N4); None: no such rule."""
    cut_off = models.TimeField(null=True)
    """Payments after this time of day (KST) count as the next business day's."""
    auto_collect = models.BooleanField(default=False)
    auto_confirm = models.BooleanField(default=False)
    state = models.CharField(max_length=6, choices=AccountState.choices, default=AccountState.OK)
    state_code = models.TextField(default="")
    collected_until = models.DateTimeField(null=True)
    """Watermark: everything the channel listed up to here was stored."""
    last_collected_at = models.DateTimeField(null=True)
    synced_until = models.DateTimeField(null=True)
    last_synced_at = models.DateTimeField(null=True)
    clock_skew = models.IntegerField(null=True)
    """Seconds our clock is ahead of the channel's, as last heard; negative: behind (R31)."""
    keys_set_on = models.DateField(null=True)
    """The day (KST) the keys were entered."""
    keys_expire_on = models.DateField(null=True)
    """Their last day (KST); None: they do not run out, or nobody knows."""
    keys_expire_guessed = models.BooleanField(default=False)
    """That day was reckoned from the channel's usual lifetime; the seller has not said it."""
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "key"], name="account_key_once"),)


class ChannelToken(models.Model):
    """The access token in use for an account, sealed, shared by all processes; and who is asking for a new one (R12)."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    account = models.OneToOneField(ChannelAccount, models.CASCADE)
    sealed = models.TextField(default="")
    """Empty: there is none."""
    expires_at = models.DateTimeField(null=True)
    renewing = models.UUIDField(null=True)
    """Whoever asks for a new one; all others wait for it until `renewing_until`."""
    renewing_until = models.DateTimeField(null=True)


class Breaker(models.Model):
    """Whether an account's channel is left alone for a while, because it does not answer (R11)."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    account = models.OneToOneField(ChannelAccount, models.CASCADE)
    failures = models.IntegerField(default=0)
    """Conversations in a row that the channel did not answer."""
    openings = models.IntegerField(default=0)
    """How often it rested since it last answered; each rest is twice the one before."""
    open_until = models.DateTimeField(null=True)
    """None: closed. Afterwards one conversation at a time may try."""
    probe = models.UUIDField(null=True)
    """The conversation that tries; it is given up at `probe_until`."""
    probe_until = models.DateTimeField(null=True)


class Unreadable(models.Model):
    """The masked beginning of an answer nobody could read (R17); the newest 20 of an account."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    account = models.ForeignKey(ChannelAccount, models.CASCADE)
    at = models.DateTimeField()
    call = models.TextField()
    status = models.IntegerField()
    size = models.BigIntegerField()
    """Bytes received."""
    head = models.TextField()

    class Meta:
        indexes = (models.Index(fields=["account", "-id"], name="unreadable_newest"),)


class RateSlot(models.Model):
    """The next moment an account may make one kind of call (rate budget, DESIGN §4)."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    account = models.ForeignKey(ChannelAccount, models.CASCADE)
    call = models.TextField()
    next_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "call"], name="rate_slot_once"),)


class Holiday(models.Model):
    """A day that differs from the public calendar: one more day off, or a public holiday that is worked (N4)."""

    company = models.ForeignKey("companies.Company", models.CASCADE, db_index=False)
    day = models.DateField()
    name = models.TextField(default="")
    off = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "day"], name="holiday_once"),)


class PenaltyRule(models.Model):
    """What a channel takes for lateness or a seller's cancel, as the seller entered it; never a constant of ours (N4)."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    channel = models.TextField()
    condition = models.TextField()
    """`channels.penalties.Condition`."""
    days = models.IntegerField(default=0)
    """Business days past ship-by from which it holds."""
    points = models.DecimalField(max_digits=6, decimal_places=1)
    source = models.TextField(default="")
    """Where the seller read it: an address or the name of the notice."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    active = models.BooleanField(default=False)
