"""Saved views, the columns of built-in tabs, comments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from jumun.core.policies import company_policy


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0004_second_factor'),
        ('orders', '0006_orderline_asked_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('deleted_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='companies.company')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='orders.order')),
            ],
        ),
        migrations.CreateModel(
            name='StepLayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.TextField()),
                ('layout', models.JSONField(default=dict)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='companies.company')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'person', 'step'), name='step_layout_once')],
            },
        ),
        migrations.CreateModel(
            name='View',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('shared', models.BooleanField(default=False)),
                ('query', models.TextField(default='')),
                ('layout', models.JSONField(default=dict)),
                ('position', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='companies.company')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'owner', 'name'), name='view_name_once')],
            },
        ),
        company_policy('orders_view'),
        company_policy('orders_steplayout'),
        company_policy('orders_ordercomment'),
    ]
