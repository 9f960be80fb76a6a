"""The mall's own sheet back: effects told in one, and the sheets themselves."""

import django.db.models.deletion
from django.db import migrations, models

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0003_list_effects"),
        ("channels", "0005_sheets_only"),
        ("companies", "0001_initial"),
    ]
    operations = [
        migrations.AddField("effect", "by_sheet", models.BooleanField(default=False)),
        migrations.RunSQL(
            "ALTER TABLE dispatch_effect ALTER COLUMN by_sheet SET DEFAULT false",
            "ALTER TABLE dispatch_effect ALTER COLUMN by_sheet DROP DEFAULT",
        ),
        migrations.CreateModel(
            name="MallSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job_id", models.BigIntegerField(unique=True)),
                ("wish_job_id", models.BigIntegerField()),
                ("verb", models.TextField()),
                ("form", models.TextField(default="")),
                ("columns", models.JSONField(default=list)),
                ("file", models.TextField()),
                ("rows", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="channels.channelaccount"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to="companies.person"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="companies.company"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["company", "wish_job_id"], name="mall_sheet_by_wish")],
            },
        ),
        company_policy("dispatch_mallsheet"),
    ]
