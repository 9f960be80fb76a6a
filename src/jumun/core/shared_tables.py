"""The tables that belong to no company (DESIGN §4), in one place. Every other table is under row-level security."""

SHARED_TABLES: dict[str, str] = {
    "companies_person": "a person may be in several companies",
    "companies_tokendigest": "read before a company is known: digest, company and token id only",
    "companies_personsession": "which sessions a person has open",
    "companies_secondfactor": "a person's authenticator app, asked for before a company is chosen",
    "companies_recoverycode": "a person's ways in without it",
    "django_session": "a signed-in person's session",
    "django_migrations": "what was migrated",
    "django_content_type": "Django's own",
    "auth_permission": "Django's own, unused",
    "auth_group": "Django's own, unused",
    "auth_group_permissions": "Django's own, unused",
    "axes_accessattempt": "wrong sign-ins, for the lock-out",
    "axes_accessattemptexpiration": "when a lock-out ends",
    "axes_accesslog": "sign-ins and sign-outs",
    "axes_accessfailurelog": "not written",
    "procrastinate_jobs": "the queue: ids only",
    "procrastinate_events": "the queue: ids only",
    "procrastinate_periodic_defers": "the queue's clock",
    "procrastinate_workers": "the queue's heartbeats",
}
"""Table name → why it has no company."""
