"""How much room a SKU takes: a parcel takes no more than a run of 합포 allows (C17)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_sku_weight")]

    operations = [
        migrations.AddField("sku", "volume", models.IntegerField(default=0, db_default=0)),
        migrations.AddConstraint("sku", models.CheckConstraint(condition=models.Q(volume__gte=0), name="sku_volume")),
    ]
