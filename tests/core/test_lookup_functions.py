"""Functions that look across companies trust no temporary table."""


def test_a_temporary_table_does_not_stand_in_for_a_real_one(committed):
    from django.db import connection

    with connection.cursor() as run:
        run.execute("CREATE TEMP TABLE companies_company AS SELECT 4711::bigint AS id")
        run.execute("SELECT * FROM jumun_companies()")
        assert run.fetchall() == []
        run.execute("DROP TABLE pg_temp.companies_company")
