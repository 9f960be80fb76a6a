"""Row-level security of what a collection could not get."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("core", "0001_partitions")]
    operations = [company_policy("intake_gap"), company_policy("intake_unreadline")]
