from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Holds the first migration: functions that make partitions."""

    name = "jumun.core"
    label = "core"
