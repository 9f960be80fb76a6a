"""What a company wants of stock: released only when allocated, given back while held."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0004_second_factor")]

    operations = [
        migrations.AddField(
            "company", "release_needs_allocation", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField("company", "hold_frees_stock", models.BooleanField(default=False, db_default=False)),
    ]
