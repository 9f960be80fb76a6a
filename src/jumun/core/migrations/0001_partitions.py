"""Functions that keep monthly partitions ahead of time."""

from django.db import migrations

MAKE = """
CREATE FUNCTION jumun_make_partitions(parent text, back int, ahead int) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', now() - make_interval(months => back));
    month date;
    name text;
    made int := 0;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
                   WHERE c.relname = parent AND c.relnamespace = 'public'::regnamespace) THEN
        RAISE EXCEPTION 'not a partitioned table: %', parent;
    END IF;
    name := parent || '_rest';
    IF to_regclass(format('public.%I', name)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', name, parent);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        made := made + 1;
    END IF;
    FOR i IN 0 .. back + ahead LOOP
        month := first + make_interval(months => i);
        name := parent || to_char(month, '"_"YYYYMM');
        CONTINUE WHEN to_regclass(format('public.%I', name)) IS NOT NULL;
        BEGIN
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                           name, parent, month, month + interval '1 month');
        EXCEPTION WHEN check_violation THEN
            CONTINUE;  -- rows of that month already lie in the rest: they stay there
        END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

CREATE FUNCTION jumun_make_all_partitions(ahead int) RETURNS int LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(jumun_make_partitions(c.relname::text, 0, ahead)), 0)::int
      FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
     WHERE c.relnamespace = 'public'::regnamespace
$$;
REVOKE ALL ON FUNCTION jumun_make_partitions(text, int, int) FROM PUBLIC;
REVOKE ALL ON FUNCTION jumun_make_all_partitions(int) FROM PUBLIC;
"""

UNMAKE = """
DROP FUNCTION jumun_make_all_partitions(int);
DROP FUNCTION jumun_make_partitions(text, int, int);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
