"""What makes an account trustworthy: breaker, token lease, clock, keys' last day, unreadable answers."""

import django.db.models.deletion
from django.db import migrations, models

from jumun.core.policies import company_policy


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0002_policies'),
        ('companies', '0003_person_session'),
    ]

    operations = [
        migrations.AddField(
            model_name='channelaccount',
            name='clock_skew',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='channelaccount',
            name='keys_expire_guessed',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='channelaccount',
            name='keys_expire_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='channelaccount',
            name='keys_set_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='channeltoken',
            name='renewing',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='channeltoken',
            name='renewing_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='channeltoken',
            name='expires_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='channeltoken',
            name='sealed',
            field=models.TextField(default=''),
        ),
        # Backwards: a row that holds no token does not fit; a token is asked for again.
        migrations.RunSQL(migrations.RunSQL.noop, "TRUNCATE channels_channeltoken"),
        migrations.CreateModel(
            name='Breaker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('failures', models.IntegerField(default=0)),
                ('openings', models.IntegerField(default=0)),
                ('open_until', models.DateTimeField(null=True)),
                ('probe', models.UUIDField(null=True)),
                ('probe_until', models.DateTimeField(null=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='channels.channelaccount')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='companies.company')),
            ],
        ),
        migrations.CreateModel(
            name='Unreadable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('call', models.TextField()),
                ('status', models.IntegerField()),
                ('size', models.BigIntegerField()),
                ('head', models.TextField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='channels.channelaccount')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='companies.company')),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-id'], name='unreadable_newest')],
            },
        ),
        company_policy("channels_breaker"),
        company_policy("channels_unreadable"),
    ]
