"""Who looks at a list hears of a change: triggers that announce the topic, once a statement, never a row.

PostgreSQL sends equal notices of one transaction once, and only when it commits. Nothing is told outside a company.
"""

from django.db import migrations

TABLES = {
    "orders_orderitem": "items",
    "orders_orderline": "items",
    "orders_hold": "items",
    "jobs_job": "jobs",
    "channels_channelaccount": "accounts",
    "intake_gap": "accounts",
    "intake_unreadline": "accounts",
    "claims_claim": "claims",
}

TELL = """
CREATE FUNCTION jumun_tell_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('jumun.company', true), '') <> '' THEN
        PERFORM pg_notify('jumun_changed', current_setting('jumun.company') || ':' || TG_ARGV[0]);
    END IF;
    RETURN NULL;
END $$;
"""


def trigger(table: str, topic: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER tell_changed AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION jumun_tell_changed('{topic}')",
        f"DROP TRIGGER tell_changed ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_partitions"),
        ("channels", "0004_calendar_and_penalties"),
        ("orders", "0007_views_and_comments"),
        ("intake", "0002_policies"),
        ("jobs", "0002_policies"),
        ("claims", "0002_policies"),
    ]
    operations = [
        migrations.RunSQL(TELL, "DROP FUNCTION jumun_tell_changed()"),
        *(trigger(table, topic) for table, topic in TABLES.items()),
    ]
