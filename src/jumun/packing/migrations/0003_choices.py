"""What people decided for good: pairs that stay apart, kinds that are always combined for an account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [
        ("packing", "0002_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptApart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ("company", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="companies.company")),
                ("one", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="orders.shipment")),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="orders.shipment")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("company", "one", "other"), name="kept_apart_once")]},
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="channels.channelaccount")),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ("company", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="companies.company")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("company", "account", "reason"), name="standing_once")]},
        ),
        company_policy("packing_keptapart"),
        company_policy("packing_standing"),
    ]
