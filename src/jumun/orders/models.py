"""Tables of orders. What guards, filters and tab counts ask in bulk is kept on the item (DESIGN §2, Axes)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast

from jumun.orders.states import Allocation, Status

COMPANY = "companies.Company"


class Origin(models.TextChoices):
    """Where an item comes from. Only `line` items add up to their line's quantity."""

    LINE = "line", "주문"
    GIFT = "gift", "사은품"
    RESEND = "resend", "재발송"
    EXCHANGE = "exchange", "교환"


class Push(models.TextChoices):
    """What the channel has been told of an item; empty while there is nothing to tell yet."""

    NOTHING_YET = "", "-"
    NOT_NEEDED = "not_needed", "전송 안 함"
    PLANNED = "planned", "전송 대기"
    SENDING = "sending", "전송 중"
    UNKNOWN = "unknown", "확인 중"
    CONFIRMED = "confirmed", "전송 완료"
    REJECTED = "rejected", "전송 실패"
    COVERED = "covered", "대표 송장으로 전송"


class Order(models.Model):
    """One channel order number of one account."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    account = models.ForeignKey("channels.ChannelAccount", models.PROTECT, db_index=False)
    channel = models.TextField()
    number = models.TextField()
    currency = models.CharField(max_length=3, default="KRW")
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    shipping_fee = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    memo = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "number"], name="order_number_once"),)
        indexes = (
            models.Index(fields=["company", "number"], name="order_by_number"),
            models.Index(fields=["company", "id"], condition=~Q(memo=""), name="order_with_memo"),
        )


class Recipient(models.Model):
    """Who an order goes to, in clear, in a table of its own (DESIGN §4). Never logged, purged by retention."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    order = models.OneToOneField(Order, models.CASCADE)
    name = models.TextField(default="")
    phone1 = models.TextField(default="")
    phone2 = models.TextField(default="")
    postcode = models.TextField(default="")
    address1 = models.TextField(default="")
    address2 = models.TextField(default="")
    country = models.CharField(max_length=2, default="KR")
    message = models.TextField(default="")
    buyer_name = models.TextField(default="")
    sealed = models.TextField(default="")
    """Customs number and door code, encrypted."""
    revision = models.IntegerField(default=1)
    edited_at = models.DateTimeField(null=True)
    """When a person changed it last; the channel's value then no longer overwrites it."""
    channel_digest = models.TextField(default="", db_default="", editable=False)
    """Of what the channel has, from the first edit of a person on (`orders.addresses`)."""
    channel_sealed = models.TextField(default="", db_default="", editable=False)
    """The channel's newer value while it waits beside a person's edit, encrypted; empty when there is nothing to choose."""

    class Meta:
        indexes = (
            models.Index(fields=["company", "name"], name="recipient_by_name"),
            models.Index(fields=["company", "phone1"], name="recipient_by_phone1"),
            models.Index(fields=["company", "phone2"], condition=~Q(phone2=""), name="recipient_by_phone2"),
            models.Index(F("company"), F("order").desc(), condition=~Q(channel_sealed=""), name="recipient_differs"),
        )


class OrderLine(models.Model):
    """What the channel knows of one line (판매처 주문 라인). Never split."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    order = models.ForeignKey(Order, models.CASCADE)
    account = models.ForeignKey("channels.ChannelAccount", models.PROTECT, db_index=False)
    order_number = models.TextField()
    line_key = models.TextField()
    unit = models.TextField()
    quantity = models.IntegerField()
    remaining = models.IntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    unit_price = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    product_code = models.TextField(default="")
    product_name = models.TextField(default="")
    option_code = models.TextField(default="")
    option_text = models.TextField(default="")
    seller_code = models.TextField(default="")
    product_url = models.TextField(default="", db_default="")
    carriage = models.TextField(default="", db_default="")
    """Who pays the carrier (channels.port.Carriage); empty where nobody says."""
    """The page it was sold on, where customs ask for it (Q6, Q24)."""
    stage = models.TextField()
    stage_raw = models.TextField(default="")
    claim_kind = models.TextField(default="")
    claim_stage = models.TextField(default="")
    claim_id = models.TextField(default="")
    claim_quantity = models.IntegerField(default=0)
    carrier = models.TextField(default="")
    waybill = models.TextField(default="")
    """What the channel has as its number."""
    told_at = models.DateTimeField(null=True)
    """When the channel last accepted a number from us: what was read before says nothing about it."""
    ship_by = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    """When the channel was asked for the reading it has: what was asked for earlier comes too late."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "order_number", "line_key"], name="line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="line_quantity"),
        )
        indexes = (
            models.Index(fields=["account", "line_key"], name="line_by_key"),
            models.Index(fields=["order"], name="line_by_order"),
        )


class RawPayload(models.Model):
    """What a channel sent, as received, apart from everything else. By month; holds personal data."""

    company = models.ForeignKey(COMPANY, models.DO_NOTHING, db_constraint=False)
    at = models.DateTimeField()
    account_id = models.BigIntegerField()
    order_number = models.TextField()
    line_key = models.TextField()
    payload = models.JSONField()


class Shipment(models.Model):
    """출고 묶음: what goes to one recipient from one ship-from in one delivery."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    bundle_no = models.TextField()
    ship_from = models.ForeignKey("catalog.ShipFrom", models.PROTECT, null=True)
    recipient = models.ForeignKey(Recipient, models.PROTECT)
    carrier = models.TextField(default="")
    waybill = models.TextField(default="")
    """The first box's number: the one channels are told."""
    waybill_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "bundle_no"], name="bundle_no_once"),
            models.UniqueConstraint(
                fields=["company", "carrier", "waybill"], condition=~Q(waybill=""), name="waybill_once"
            ),
        )
        indexes = (models.Index(fields=["recipient"], name="shipment_by_recipient"),)


class OrderItem(models.Model):
    """The atom: a line or part of one, one quantity, one status, in exactly one shipment."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    order = models.ForeignKey(Order, models.PROTECT)
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True)
    shipment = models.ForeignKey(Shipment, models.PROTECT)
    account = models.ForeignKey("channels.ChannelAccount", models.PROTECT, db_index=False)
    channel = models.TextField()
    order_number = models.TextField()
    line_no = models.TextField()
    unit = models.TextField(default="")
    bundle_no = models.TextField()
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.LINE)

    status = models.CharField(max_length=16, choices=Status.choices)
    status_since = models.DateTimeField()
    last_batch = models.UUIDField(null=True)
    """The batch that touched it last; an undo works only while that is still so."""

    quantity = models.IntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    amount_minor = models.GeneratedField(
        expression=Cast(F("amount") * 100, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    """The amount in hundredths: under row-level security an index compares whole numbers, not decimals (stack.md k)."""
    currency = models.CharField(max_length=3, default="KRW")
    product_name = models.TextField(default="")
    option_text = models.TextField(default="")
    sku = models.ForeignKey("catalog.Sku", models.SET_NULL, null=True, db_index=False)
    sku_code = models.TextField(default="")
    matched = models.BooleanField(default=False)
    ship_from = models.ForeignKey("catalog.ShipFrom", models.PROTECT, null=True, db_index=False)
    allocation = models.CharField(max_length=8, choices=Allocation.choices, default="none", db_default="none")
    """Kept by stock.reserving alone."""

    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ship_by = models.DateTimeField(null=True)
    stored_at = models.DateTimeField()

    claim = models.TextField(default="")
    """Its claim in one word: "cancel_requested", "return_collecting" …; empty without one."""
    claim_open = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    method = models.TextField(default="parcel", db_default="parcel")
    """How it goes to its buyer (channels.port.Method)."""
    needs_waybill = models.BooleanField(default=True)
    reprint = models.BooleanField(default=False, db_default=False)
    """Its parcel's contents changed after the number was put on: the label must be printed again."""
    push = models.CharField(max_length=10, choices=Push.choices, default=Push.NOTHING_YET, blank=True)
    push_code = models.TextField(default="", blank=True)
    carrier = models.TextField(default="")
    waybill = models.TextField(default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gte=1), name="item_quantity"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="item_status"),
            models.CheckConstraint(condition=Q(push__in=Push.values), name="item_push"),
        )
        indexes = (
            models.Index(F("company"), F("status"), F("ordered_at").desc(), F("id").desc(), name="item_by_status"),
            models.Index(F("company"), F("ordered_at").desc(), F("id").desc(), name="item_newest"),
            models.Index(
                F("company"), F("account"), F("status"), F("ordered_at").desc(), F("id").desc(), name="item_by_account"
            ),
            models.Index(fields=["company", "order_number"], name="item_by_number"),
            models.Index(fields=["company", "line_no"], name="item_by_line_no"),
            models.Index(fields=["company", "sku_code"], name="item_by_sku_code"),
            models.Index(fields=["company", "waybill"], condition=~Q(waybill=""), name="item_by_waybill"),
            models.Index(fields=["company", "claim"], condition=Q(claim_open=True), name="item_open_claims"),
            models.Index(
                F("company"),
                F("push"),
                F("ordered_at").desc(),
                F("id").desc(),
                condition=Q(push__in=["planned", "sending", "unknown", "rejected"]),
                name="item_pushes",
            ),
            models.Index(
                F("company"), F("ordered_at").desc(), F("id").desc(), condition=Q(held=True), name="item_held"
            ),
            models.Index(F("company"), F("status"), F("paid_at").desc(), F("id").desc(), name="item_by_paid"),
            models.Index(F("company"), F("status"), F("ship_by").desc(), F("id").desc(), name="item_by_ship_by"),
            models.Index(F("company"), F("status"), F("status_since").desc(), F("id").desc(), name="item_by_since"),
            models.Index(F("company"), F("status"), F("amount_minor").desc(), F("id").desc(), name="item_by_amount"),
            models.Index(fields=["company", "product_name", "option_text"], name="item_by_words"),
            models.Index(
                F("company"), F("ordered_at").desc(), F("id").desc(), condition=Q(reprint=True), name="item_reprint"
            ),
            models.Index(
                F("company"),
                F("allocation"),
                F("ordered_at").desc(),
                F("id").desc(),
                condition=Q(allocation__in=["partial", "full"]),
                name="item_allocated",
            ),
            models.Index(
                F("company"), F("ordered_at").desc(), F("id").desc(), condition=Q(matched=False), name="item_unmatched"
            ),
        )


class Component(models.Model):
    """What an item is made of: SKU × quantity per unit."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    item = models.ForeignKey(OrderItem, models.CASCADE)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT)
    per_unit = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "sku"], name="component_once"),
            models.CheckConstraint(condition=Q(per_unit__gte=1), name="component_quantity"),
        )


class Hold(models.Model):
    """One reason an item must wait (N12). Several may lie on one item."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    item = models.ForeignKey(OrderItem, models.CASCADE)
    reason = models.TextField()
    note = models.TextField(default="")
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    batch = models.UUIDField()
    until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_batch = models.UUIDField(null=True)

    class Meta:
        indexes = (models.Index(fields=["company", "item"], condition=Q(released_at=None), name="hold_open"),)


class Batch(models.Model):
    """One action with a set of items: what undo takes back and what the refused are read from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    action = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    params = models.JSONField(default=dict)
    done = models.IntegerField(default=0)
    refused_total = models.IntegerField(default=0)
    undoes = models.ForeignKey("self", models.SET_NULL, null=True)
    job_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["company", "-at"], name="batch_newest"),)


class BatchRefusal(models.Model):
    """One item a batch left alone, and why."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    batch = models.ForeignKey(Batch, models.CASCADE)
    item_id = models.BigIntegerField()
    code = models.TextField()


class TimelineEvent(models.Model):
    """One thing that happened to an item or an order. Insert-only, by month, without personal data."""

    company = models.ForeignKey(COMPANY, models.DO_NOTHING, db_constraint=False)
    at = models.DateTimeField()
    order_id = models.BigIntegerField()
    item_id = models.BigIntegerField(null=True)
    action = models.TextField()
    came_from = models.TextField(default="")
    went_to = models.TextField(default="")
    by_id = models.BigIntegerField(null=True)
    batch = models.UUIDField(null=True)
    prior_batch = models.UUIDField(null=True)
    """The item's last batch before this one: where an undo puts it back."""
    detail = models.JSONField(default=dict)


class View(models.Model):
    """탭: a saved filter with columns and sort, of one person or shared with the company (I5)."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    owner = models.ForeignKey("companies.Person", models.CASCADE, db_index=False)
    name = models.TextField()
    shared = models.BooleanField(default=False)
    query = models.TextField(default="")
    """The list's address without sort and layout, in its fixed order (`web.filtering.write_address`)."""
    layout = models.JSONField(default=dict)
    """`orders.views.Layout` as JSON: columns, sort, group, row height."""
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "owner", "name"], name="view_name_once"),)


class StepLayout(models.Model):
    """One person's columns, sort and row height of a built-in tab: a status, "all", or "claims"."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    person = models.ForeignKey("companies.Person", models.CASCADE, db_index=False)
    step = models.TextField()
    layout = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "person", "step"], name="step_layout_once"),)


class OrderComment(models.Model):
    """What people write to each other about an order. May hold personal data, so it lies beside the timeline."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    order = models.ForeignKey(Order, models.CASCADE)
    by = models.ForeignKey("companies.Person", models.SET_NULL, null=True)
    at = models.DateTimeField()
    text = models.TextField()
    deleted_at = models.DateTimeField(null=True)
