"""How it shows that the database went away in the middle. Nothing was committed, and the same work may be done again."""

import psycopg
from django.db import InterfaceError, OperationalError

DATABASE_AWAY: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    # Django wraps what its own cursors raise; a streamed export, a COPY's end and the pool speak psycopg's own.
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""For `except` and `isinstance`; psycopg_pool's PoolTimeout is one of them."""
