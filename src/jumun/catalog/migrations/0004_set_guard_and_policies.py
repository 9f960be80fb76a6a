"""No set within a set, whoever writes at the same time; row-level security of the new tables."""

from django.db import migrations

from jumun.core.policies import company_policy

GUARD = """
CREATE FUNCTION catalog_no_set_in_set() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('catalog_setpart'), company::int)
    FROM (SELECT DISTINCT company_id AS company FROM added) AS companies;
    IF EXISTS (
        SELECT FROM added JOIN catalog_setpart AS other ON other.sku_id = added.part_id OR other.part_id = added.sku_id
    ) THEN
        RAISE EXCEPTION 'a set within a set' USING ERRCODE = 'check_violation', CONSTRAINT = 'no_set_in_set';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER no_set_in_set_inserted AFTER INSERT ON catalog_setpart
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog_no_set_in_set();
CREATE TRIGGER no_set_in_set_updated AFTER UPDATE ON catalog_setpart
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog_no_set_in_set();
"""
UNGUARD = """
DROP TRIGGER no_set_in_set_updated ON catalog_setpart;
DROP TRIGGER no_set_in_set_inserted ON catalog_setpart;
DROP FUNCTION catalog_no_set_in_set();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_sets_suppliers_options"), ("core", "0001_partitions")]
    operations = [
        company_policy("catalog_supplier"),
        company_policy("catalog_barcode"),
        company_policy("catalog_setpart"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
