from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    """Companies, members, tokens."""

    name = "jumun.companies"
    label = "companies"
