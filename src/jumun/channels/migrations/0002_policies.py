"""Row-level security of channel accounts."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial"), ("core", "0001_partitions")]
    operations = [
        company_policy("channels_channelaccount"),
        company_policy("channels_channeltoken"),
        company_policy("channels_rateslot"),
    ]
