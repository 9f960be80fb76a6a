from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exports', '0002_policies'),
    ]

    operations = [
        migrations.AddField(
            model_name='export',
            name='ended',
            field=models.BooleanField(default=False),
        ),
    ]
