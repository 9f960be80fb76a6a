"""Products, SKUs and ship-froms."""

from django.db import models


class ShipFrom(models.Model):
    """출고지: a place parcels leave from."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    code = models.TextField()
    name = models.TextField()
    postcode = models.TextField(default="")
    address = models.TextField(default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "code"], name="ship_from_code_once"),)


class Product(models.Model):
    """상품: what a shopper would call one thing, with its SKUs under it."""

    company = models.ForeignKey("companies.Company", models.CASCADE)
    code = models.TextField()
    name = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "code"], name="product_code_once"),)


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
    ship_from = models.ForeignKey(ShipFrom, models.SET_NULL, null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "code"], name="sku_code_once"),)
