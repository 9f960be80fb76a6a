"""Who pays the carrier of a line: 선불 and 착불 are never combined (C17)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_allocation")]

    operations = [migrations.AddField("orderline", "carriage", models.TextField(default="", db_default=""))]
