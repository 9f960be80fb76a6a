from django.apps import AppConfig


class StockConfig(AppConfig):
    """The stock room."""

    name = "jumun.stock"
    label = "stock"
