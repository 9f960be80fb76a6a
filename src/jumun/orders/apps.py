from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders; the state table is checked at start-up."""

    name = "jumun.orders"
    label = "orders"

    def ready(self) -> None:
        """Refuse to start with a broken state table."""
        from jumun.orders.states import check_table

        check_table()
