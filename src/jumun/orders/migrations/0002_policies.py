"""Row-level security of orders; the timeline and raw payloads by month."""

from django.db import migrations

from jumun.core.policies import company_policy, partition_by_month

BUSY = ("orders_order", "orders_recipient", "orders_orderline", "orders_shipment", "orders_orderitem", "orders_hold")
"""Tables a new company fills fast: planned well only when PostgreSQL looks at them often."""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("core", "0001_partitions")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION jumun_bundle_no(counter bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
            $$ SELECT lpad(counter::text, greatest(5, length(counter::text)), '0') $$
            """,
            "DROP FUNCTION jumun_bundle_no(bigint)",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION jumun_freshen_statistics(grown text[], more int) RETURNS void LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DECLARE
                name text;
            BEGIN
                FOREACH name IN ARRAY grown LOOP
                    IF name LIKE 'orders\\_%' AND (more >= 2000 OR (more >= 500
                       AND more > (SELECT greatest(reltuples, 0) / 10 FROM pg_class WHERE oid = to_regclass(name)))) THEN
                        EXECUTE format('ANALYZE %I', name);
                    END IF;
                END LOOP;
            END $$;
            REVOKE ALL ON FUNCTION jumun_freshen_statistics(text[], int) FROM PUBLIC;
            """,
            "DROP FUNCTION jumun_freshen_statistics(text[], int)",
        ),
        migrations.RunSQL(
            "; ".join(
                f"ALTER TABLE {table} SET (autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 500)"
                for table in BUSY
            ),
            "; ".join(
                f"ALTER TABLE {table} RESET (autovacuum_analyze_scale_factor, autovacuum_analyze_threshold)"
                for table in BUSY
            ),
        ),
        partition_by_month(
            "orders_timelineevent",
            "at",
            indexes=("company_id, order_id, at", "company_id, batch"),
        ),
        partition_by_month("orders_rawpayload", "at", indexes=("company_id, account_id, order_number",)),
        company_policy("orders_order"),
        company_policy("orders_recipient"),
        company_policy("orders_orderline"),
        company_policy("orders_rawpayload"),
        company_policy("orders_shipment"),
        company_policy("orders_orderitem"),
        company_policy("orders_component"),
        company_policy("orders_hold"),
        company_policy("orders_batch"),
        company_policy("orders_batchrefusal"),
        company_policy("orders_timelineevent"),
    ]
