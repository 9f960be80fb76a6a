"""What a SKU weighs: a parcel takes no more than a run of 합포 allows (C17)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_set_guard_and_policies")]

    operations = [
        migrations.AddField("sku", "weight", models.IntegerField(default=0, db_default=0)),
        migrations.AddConstraint("sku", models.CheckConstraint(condition=models.Q(weight__gte=0), name="sku_weight")),
    ]
