from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs and their entries."""

    name = "jumun.jobs"
    label = "jobs"
