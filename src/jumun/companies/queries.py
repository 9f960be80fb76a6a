"""Reading companies and their people."""

from django.db import connection


def find_company_id(slug: str) -> int | None:
    """The company with this slug, whoever asks; its rows stay invisible until somebody acts for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jumun_company_of_slug(%s)", [slug])
        row = cursor.fetchone()
    return row[0] if row else None
