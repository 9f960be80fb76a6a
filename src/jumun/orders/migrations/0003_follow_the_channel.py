"""How an item goes to its buyer, whether its label must be printed again, and when a number was last told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_policies")]

    operations = [
        migrations.AddField("orderitem", "method", models.TextField(db_default="parcel", default="parcel")),
        migrations.AddField("orderitem", "reprint", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("orderline", "told_at", models.DateTimeField(null=True)),
    ]
