"""Row-level security of stock; the ledger by month."""

from django.db import migrations

from jumun.core.policies import company_policy, partition_by_month


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_stock"), ("core", "0001_partitions")]
    operations = [
        partition_by_month("stock_move", "at", indexes=("company_id, sku_id, at, id", "company_id, at, id", "company_id, batch")),
        company_policy("stock_balance"),
        company_policy("stock_reservation"),
        company_policy("stock_move"),
    ]
