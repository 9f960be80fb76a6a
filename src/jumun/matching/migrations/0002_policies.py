"""Row-level security of remembered links."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_links"), ("core", "0001_partitions")]
    operations = [
        company_policy("matching_link"),
        company_policy("matching_linkpart"),
        company_policy("matching_linkversion"),
        company_policy("matching_automatic"),
    ]
