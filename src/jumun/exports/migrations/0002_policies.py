"""Row-level security of exports and their layouts."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial"), ("core", "0001_partitions")]
    operations = [company_policy("exports_export"), company_policy("exports_exportlayout")]
