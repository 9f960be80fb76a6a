"""Migration operations for what Django cannot say: row-level security and monthly partitions (DESIGN §4).

Every company table gets `company_policy`; every table that only grows gets `partition_by_month` before it.
"""

from django.db.migrations.operations import RunSQL

COMPANY = "nullif(current_setting('jumun.company', true), '')::bigint"
"""The company this transaction acts for; NULL (nothing visible) when none was set."""


def company_policy(table: str, column: str = "company_id") -> RunSQL:
    """Let every role, the owner too, see and write only rows of the company it acts for."""
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY company ON {table} USING ({column} = {COMPANY}) WITH CHECK ({column} = {COMPANY});
        """,
        f"""
        DROP POLICY company ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def lookup_policy(table: str) -> RunSQL:
    """Let the owner's SECURITY DEFINER functions read this table across companies; nobody connects as owner."""
    return RunSQL(
        f"CREATE POLICY lookup ON {table} FOR SELECT TO CURRENT_USER USING (true)",
        f"DROP POLICY lookup ON {table}",
    )


def lookup_function(name: str, arguments: str, returns: str, body: str) -> RunSQL:
    """A named SECURITY DEFINER function that looks across companies and returns ids only."""
    types = ", ".join(part.split()[-1] for part in arguments.split(",")) if arguments else ""
    return RunSQL(
        f"""
        CREATE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ {body} $$;
        REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC;
        """,
        f"DROP FUNCTION {name}({types})",
    )


def partition_by_month(table: str, column: str, *, indexes: tuple[str, ...] = (), unique: str = "") -> RunSQL:
    """Turn a table just created, still empty, into one partitioned by month of `column`.

    indexes   column lists, each an index of its own
    unique    one more unique key; it must contain `column`
    """
    made = "".join(f"CREATE INDEX ON {table} ({columns});" for columns in indexes)
    if unique:
        made += f"ALTER TABLE {table} ADD UNIQUE ({unique});"
    return RunSQL(
        f"""
        ALTER TABLE {table} RENAME TO {table}_plain;
        CREATE TABLE {table} (LIKE {table}_plain INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS)
            PARTITION BY RANGE ({column});
        DROP TABLE {table}_plain;
        ALTER TABLE {table} ADD PRIMARY KEY (id, {column});
        {made}
        SELECT jumun_make_partitions('{table}', 3, 3);
        """,
        RunSQL.noop,
    )
