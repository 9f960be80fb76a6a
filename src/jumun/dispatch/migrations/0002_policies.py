"""Row-level security of the ledger; effects by month of their order."""

from django.db import migrations

from jumun.core.policies import company_policy, partition_by_month


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial"), ("core", "0001_partitions")]
    operations = [
        partition_by_month(
            "dispatch_effect",
            "ordered_at",
            indexes=("company_id, account_id, state", "company_id, job_id", "company_id, batch", "company_id, order_number"),
            unique="account_id, verb, unit, order_number, revision, ordered_at",
        ),
        company_policy("dispatch_effect"),
    ]
