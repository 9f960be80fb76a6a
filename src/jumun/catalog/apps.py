from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Products, SKUs, ship-froms."""

    name = "jumun.catalog"
    label = "catalog"
