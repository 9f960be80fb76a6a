"""Row-level security of packing."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("packing", "0001_packing"), ("core", "0001_partitions")]
    operations = [
        company_policy("packing_run"),
        company_policy("packing_candidate"),
        company_policy("packing_combination"),
    ]
