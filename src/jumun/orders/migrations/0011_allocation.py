"""How much of what an item needs is reserved for it."""

from django.db import migrations, models

CHOICES = [("none", "미할당"), ("partial", "부분 할당"), ("full", "할당됨")]


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_product_url")]

    operations = [
        migrations.AddField(
            "orderitem",
            "allocation",
            models.CharField(max_length=8, choices=CHOICES, default="none", db_default="none"),
        ),
        migrations.AddIndex(
            "orderitem",
            models.Index(
                models.F("company"),
                models.F("allocation"),
                models.F("ordered_at").desc(),
                models.F("id").desc(),
                condition=models.Q(allocation__in=["partial", "full"]),
                name="item_allocated",
            ),
        ),
    ]
