from django.apps import AppConfig


class PackingConfig(AppConfig):
    """The packing room."""

    name = "jumun.packing"
    label = "packing"
