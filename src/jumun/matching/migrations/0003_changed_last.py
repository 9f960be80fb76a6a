"""The list of links is read by when they changed, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_policies")]
    operations = [
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["company", "-at", "-id"], name="link_by_change"),
        ),
    ]
