"""Products, SKUs, what sets are made of, suppliers and ship-froms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class ShipFrom(models.Model):
    """출고지: a place parcels leave from."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    code = models.TextField()
    name = models.TextField()
    postcode = models.TextField(default="")
    address = models.TextField(default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "code"], name="ship_from_code_once"),)


class Supplier(models.Model):
    """공급처: whom the goods are bought from."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    code = models.TextField()
    name = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "code"], name="supplier_code_once"),)


class OptionKind(models.TextChoices):
    """How a product's options make SKUs (I28)."""

    UNKNOWN = "", "모름"
    COMBINED = "combined", "조합형"
    """One SKU for each combination of required options: the only kind that carries stock."""
    INDEPENDENT = "independent", "단독형"
    """One SKU for each value of each option: a stock of 블랙 and one of L say nothing of 블랙 / L."""


class Storage(models.TextChoices):
    """How a SKU is kept."""

    PLAIN = "", "상온"
    CHILLED = "chilled", "냉장"
    FROZEN = "frozen", "냉동"


class Product(models.Model):
    """상품: what a shopper would call one thing, with its SKUs under it."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    code = models.TextField()
    name = models.TextField()
    option_kind = models.CharField(max_length=12, choices=OptionKind.choices, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "code"], name="product_code_once"),
            models.CheckConstraint(condition=Q(option_kind__in=OptionKind.values), name="product_option_kind"),
        )


class Sku(models.Model):
    """품목: the thing that is stocked, picked and shipped."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    product = models.ForeignKey(Product, models.CASCADE)
    code = models.TextField()
    name = models.TextField()
    option_text = models.TextField(default="")
    barcode = models.TextField(default="")
    price = models.BigIntegerField(default=0)
    """won"""
    cost = models.BigIntegerField(default=0)
    """won"""
    ship_from = models.ForeignKey(ShipFrom, models.SET_NULL, null=True)
    supplier = models.ForeignKey(Supplier, models.SET_NULL, null=True)
    option_tags = ArrayField(models.TextField(), default=list)
    storage = models.CharField(max_length=8, choices=Storage.choices, default="")
    weight = models.IntegerField(default=0, db_default=0)
    """grams, packed; 0 is not known. A set without one weighs what its parts do."""
    volume = models.IntegerField(default=0, db_default=0)
    """cm³, packed; 0 is not known. A set without one takes the room its parts do."""
    never_combine = models.BooleanField(default=False)
    """Always leaves in a parcel of its own."""
    stocked = models.BooleanField(default=True)
    """Whether it may carry stock: the value of an independent option may not (I28)."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "code"], name="sku_code_once"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="sku_cost"),
            models.CheckConstraint(condition=Q(storage__in=Storage.values), name="sku_storage"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="sku_weight"),
            models.CheckConstraint(condition=Q(volume__gte=0), name="sku_volume"),
        )


class Barcode(models.Model):
    """A further barcode of a SKU: an old package, a carton of the maker."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="further")
    code = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "code"], name="barcode_once"),)


class SetPart(models.Model):
    """세트 구성: this many of `part` make one of the set `sku`. A set has no set in it: the database sees to that."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="parts")
    part = models.ForeignKey(Sku, models.PROTECT, related_name="part_of")
    quantity = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sku", "part"], name="set_part_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="set_part_quantity"),
            models.CheckConstraint(condition=~Q(sku=F("part")), name="set_part_not_itself"),
        )
