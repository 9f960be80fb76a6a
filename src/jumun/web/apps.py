from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web room."""

    name = "jumun.web"
    label = "web"
