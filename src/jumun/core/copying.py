"""COPY into a (temporary) table, the fast way in for many rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def copy_rows(table: str, rows: Iterable[Sequence[Any]], columns: Sequence[str] = ()) -> None:
    """COPY rows into a table of this connection, into these columns or into all in their order.

    Raises Django's database errors. psycopg's own, which Django lets through inside a COPY, would not be known for what
    they are by those who try again when the database was away.
    """
    into = f"{table} ({', '.join(columns)})" if columns else table
    copied = f"COPY {into} FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(copied) as copy:
        for row in rows:
            copy.write_row(row)
