"""Row-level security of jobs."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("core", "0001_partitions")]
    operations = [
        company_policy("jobs_job"),
        company_policy("jobs_jobentry"),
    ]
