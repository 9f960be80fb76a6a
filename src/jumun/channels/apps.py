from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Channel accounts."""

    name = "jumun.channels"
    label = "channels"
