from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Plugs adapters and event handlers in, last."""

    name = "jumun.config"
    label = "config"

    def ready(self) -> None:
        """Register connectors and subscribe handlers."""
        from jumun.config.wiring import plug_in

        plug_in()
