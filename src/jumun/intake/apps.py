from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The intake room."""

    name = "jumun.intake"
    label = "intake"
