"""Accounts that are spoken with by sheet only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_calendar_and_penalties")]
    operations = [
        migrations.AddField("channelaccount", "by_sheet", models.BooleanField(default=False)),
    ]
