"""Row-level security of the catalogue."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("core", "0001_partitions")]
    operations = [
        company_policy("catalog_shipfrom"),
        company_policy("catalog_product"),
        company_policy("catalog_sku"),
    ]
