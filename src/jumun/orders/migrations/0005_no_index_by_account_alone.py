"""No index by account alone.

The unique keys begin with the account too. Of an account PostgreSQL has no statistics of it expects one row, takes the
smaller index, and reads all lines of the account for every line that comes in.
"""

import django.db.models.deletion
from django.db import migrations, models

ACCOUNT = models.ForeignKey("channels.ChannelAccount", django.db.models.deletion.PROTECT, db_index=False)


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_edited_addresses")]

    operations = [
        migrations.AlterField("order", "account", ACCOUNT),
        migrations.AlterField("orderline", "account", ACCOUNT),
    ]
