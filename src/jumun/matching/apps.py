from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The matching room."""

    name = "jumun.matching"
    label = "matching"
