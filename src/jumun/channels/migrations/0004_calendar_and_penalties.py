"""Business days of one company, the ship-by rule of an account, penalty rules."""

import django.db.models.deletion
from django.db import migrations, models

from jumun.core.policies import company_policy


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0003_channelaccount_clock_skew_and_more'),
        ('companies', '0004_second_factor'),
    ]

    operations = [
        migrations.AddField(
            model_name='channelaccount',
            name='cut_off',
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name='channelaccount',
            name='ship_within',
            field=models.IntegerField(null=True),
        ),
        migrations.CreateModel(
            name='PenaltyRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.TextField()),
                ('condition', models.TextField()),
                ('days', models.IntegerField(default=0)),
                ('points', models.DecimalField(decimal_places=1, max_digits=6)),
                ('source', models.TextField(default='')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('active', models.BooleanField(default=False)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='companies.company')),
            ],
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('name', models.TextField(default='')),
                ('off', models.BooleanField(default=True)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='companies.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'day'), name='holiday_once')],
            },
        ),
        company_policy('channels_holiday'),
        company_policy('channels_penaltyrule'),
    ]
