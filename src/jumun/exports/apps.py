from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """The exports room."""

    name = "jumun.exports"
    label = "exports"
