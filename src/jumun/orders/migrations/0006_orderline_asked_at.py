"""When the channel was asked for the reading a line has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_no_index_by_account_alone")]

    operations = [migrations.AddField("orderline", "asked_at", models.DateTimeField(null=True))]
