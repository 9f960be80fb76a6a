from django.apps import AppConfig


class WaybillsConfig(AppConfig):
    """The waybills room."""

    name = "jumun.waybills"
    label = "waybills"
