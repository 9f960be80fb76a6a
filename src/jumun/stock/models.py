"""What lies where, what of it is promised to whom, and every change of both."""

from django.db import models
from django.db.models import F, Q

from jumun.stock.allocation_models import AllocationCriteria, AllocationResult, AllocationRun

__all__ = ("AllocationCriteria", "AllocationResult", "AllocationRun", "Balance", "Kind", "Move", "Reservation")

COMPANY = "companies.Company"


class Kind(models.TextChoices):
    """Why a balance changed."""

    RECEIVE = "receive", "입고"
    ADJUST = "adjust", "조정"
    COUNT = "count", "실사"
    MOVE_OUT = "move_out", "이동 출고"
    MOVE_IN = "move_in", "이동 입고"
    SCRAP = "scrap", "폐기"
    RESERVE = "reserve", "할당"
    RELEASE = "release", "할당 해제"
    SHIP = "ship", "출고"
    UNSHIP = "unship", "출고 취소"


class Balance(models.Model):
    """What of one SKU lies at one ship-from. Always the sum of its moves; never negative, never promised twice (R21, R22)."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT)
    ship_from = models.ForeignKey("catalog.ShipFrom", models.PROTECT, db_index=False)
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    safety = models.IntegerField(default=0)
    """Kept back from what channels are told."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sku", "ship_from"], name="balance_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="balance_on_hand"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="balance_reserved"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="balance_not_beyond"),
            models.CheckConstraint(condition=Q(safety__gte=0), name="balance_safety"),
        )
        indexes = (models.Index(fields=["company", "id"], name="balance_by_company"),)


class Move(models.Model):
    """One change of a balance, with its cause. Insert-only, by month."""

    company = models.ForeignKey(COMPANY, models.DO_NOTHING, db_constraint=False)
    at = models.DateTimeField()
    sku_id = models.BigIntegerField()
    ship_from_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on_hand_by = models.IntegerField(default=0)
    reserved_by = models.IntegerField(default=0)
    cause = models.TextField(default="")
    item_id = models.BigIntegerField(null=True)
    batch = models.UUIDField(null=True)
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(kind__in=Kind.values), name="stock_move_kind"),)


class Reservation(models.Model):
    """할당: so many of a SKU at a ship-from are for one item."""

    company = models.ForeignKey(COMPANY, models.CASCADE, db_index=False)
    item = models.ForeignKey("orders.OrderItem", models.PROTECT, db_index=False)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, db_index=False)
    ship_from = models.ForeignKey("catalog.ShipFrom", models.PROTECT, db_index=False)
    quantity = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "sku"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="reservation_quantity"),
        )
        indexes = (models.Index(fields=["company", "sku", "ship_from"], name="reservation_by_balance"),)
