from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Effects and sync."""

    name = "jumun.dispatch"
    label = "dispatch"
