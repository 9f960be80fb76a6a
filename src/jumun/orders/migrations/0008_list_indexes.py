"""Indexes of sorted lists and of searches, and the amount as a whole number, which an index may compare.

The new column writes the table of items anew while nobody reads or writes it: about ten seconds at a million items. Each
index builds under a lock that lets reads pass and makes writes wait: one or two seconds. All of it goes back but the
names cut to what an index holds (`orders.incoming.LONGEST_NAME`), which the raw payload has in full.
"""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Cast

AMOUNT_MINOR = models.GeneratedField(
    expression=Cast(F("amount") * 100, models.BigIntegerField()),
    output_field=models.BigIntegerField(),
    db_persist=True,
)
CUT_NAMES = """
DO $$
DECLARE
    company bigint;
BEGIN
    FOR company IN SELECT id FROM companies_company LOOP
        PERFORM set_config('jumun.company', company::text, true);
        UPDATE orders_orderitem SET product_name = left(product_name, 300), option_text = left(option_text, 300)
         WHERE length(product_name) > 300 OR length(option_text) > 300;
    END LOOP;
    PERFORM set_config('jumun.company', '', true);
END $$
"""


def by(key: str, name: str) -> migrations.AddIndex:
    """An index of one status in the order of a key, read from either end."""
    index = models.Index(F("company"), F("status"), F(key).desc(), F("id").desc(), name=name)
    return migrations.AddIndex("orderitem", index)


def few(condition: Q, name: str) -> migrations.AddIndex:
    """An index of the few items of a kind, newest order first."""
    index = models.Index(F("company"), F("ordered_at").desc(), F("id").desc(), condition=condition, name=name)
    return migrations.AddIndex("orderitem", index)


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_views_and_comments")]

    operations = [
        migrations.RunSQL(CUT_NAMES, migrations.RunSQL.noop),
        by("paid_at", "item_by_paid"),
        by("ship_by", "item_by_ship_by"),
        by("status_since", "item_by_since"),
        migrations.AddField("orderitem", "amount_minor", AMOUNT_MINOR),
        by("amount_minor", "item_by_amount"),
        migrations.AddIndex(
            "orderitem", models.Index(fields=["company", "product_name", "option_text"], name="item_by_words")
        ),
        few(Q(reprint=True), "item_reprint"),
        few(Q(matched=False), "item_unmatched"),
        migrations.AddIndex(
            "order", models.Index(fields=["company", "id"], condition=~Q(memo=""), name="order_with_memo")
        ),
    ]
