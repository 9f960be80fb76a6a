"""The page a line was sold on: customs of Japan ask for it (Q6, Q24)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_addresses_that_differ")]

    operations = [migrations.AddField("orderline", "product_url", models.TextField(default="", db_default=""))]
