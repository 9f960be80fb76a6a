"""What the channel has of an address a person edited: its digest, and its newer value while that waits for a choice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_follow_the_channel")]

    operations = [
        migrations.AddField(
            "recipient", "channel_digest", models.TextField(db_default="", default="", editable=False)
        ),
        migrations.AddField(
            "recipient", "channel_sealed", models.TextField(db_default="", default="", editable=False)
        ),
    ]
