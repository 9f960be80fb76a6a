"""The application's role: made and granted by `jumun migrate`, never an owner, under every policy (DESIGN §4)."""

import psycopg
from psycopg import sql

INSERT_ONLY = ("companies_accesstrail", "orders_timelineevent", "stock_move")
"""Tables the application may add to and read, never change (S13)."""

READ_ONLY = ("django_migrations",)


def make_app_role(owner: psycopg.Connection[tuple[object, ...]], *, role: str, password: str) -> None:
    """Create the role, or set its password again. Needs CREATEROLE; raises psycopg.errors.InsufficientPrivilege."""
    known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    # An owner that is no superuser may not even repeat "NOSUPERUSER" of a role that exists.
    verb = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}"
    owner.execute(sql.SQL(verb).format(sql.Identifier(role), sql.Literal(password)))


def grant_to_app_role(owner: psycopg.Connection[tuple[object, ...]], *, role: str) -> None:
    """Give the role exactly what the application needs, after each migration. Safe to repeat.

    Partitions are reached through their parents only, whose policies then hold.
    """
    who = sql.Identifier(role)
    owner.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who))
    owner.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(who))
    for name, partition in owner.execute(_TABLES).fetchall():
        if partition:
            continue
        rights = "SELECT, INSERT, UPDATE, DELETE"
        if name in INSERT_ONLY:
            rights = "SELECT, INSERT"
        elif name in READ_ONLY:
            rights = "SELECT"
        table = sql.Identifier("public", str(name))
        owner.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), table, who))
    owner.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(who))
    for (name,) in owner.execute(_FUNCTIONS).fetchall():
        owner.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(str(name)), who))


_TABLES = """
SELECT c.relname, c.relispartition FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') ORDER BY 1
"""

_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'jumun\\_%' ORDER BY 1
"""
