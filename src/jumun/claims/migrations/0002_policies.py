"""Row-level security of claims."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("core", "0001_partitions")]
    operations = [
        company_policy("claims_claim"),
        company_policy("claims_claimpart"),
    ]
