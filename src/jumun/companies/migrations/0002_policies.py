"""Row-level security, and the three functions that look across companies."""

from django.db import migrations

from jumun.core.policies import company_policy, lookup_function, lookup_policy, partition_by_month


class Migration(migrations.Migration):
    dependencies = [("companies", "0001_initial"), ("core", "0001_partitions")]
    operations = [
        company_policy("companies_company", "id"),
        lookup_policy("companies_company"),
        company_policy("companies_member"),
        lookup_policy("companies_member"),
        company_policy("companies_apitoken"),
        company_policy("companies_savedanswer"),
        partition_by_month("companies_accesstrail", "at", indexes=("company_id, at DESC",)),
        company_policy("companies_accesstrail"),
        lookup_function(
            "jumun_company_of_slug",
            "wanted text",
            "bigint",
            "SELECT id FROM companies_company WHERE slug = wanted",
        ),
        lookup_function(
            "jumun_companies_of_person",
            "person bigint",
            "SETOF bigint",
            "SELECT company_id FROM companies_member WHERE person_id = person ORDER BY id",
        ),
        lookup_function("jumun_companies", "", "SETOF bigint", "SELECT id FROM companies_company ORDER BY id"),
    ]
