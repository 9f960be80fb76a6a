from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Cancels, returns and exchanges."""

    name = "jumun.claims"
    label = "claims"
