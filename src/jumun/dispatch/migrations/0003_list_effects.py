"""Lists of the ledger: newest first, of one account, and of a state that is not the usual end."""

from django.db import migrations

INDEXES = {
    "effect_newest": "(company_id, planned_at DESC, id DESC)",
    "effect_by_account": "(company_id, account_id, planned_at DESC, id DESC)",
    "effect_unsettled": "(company_id, state, planned_at DESC, id DESC) WHERE state <> 'confirmed'",
}


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_policies")]
    operations = [
        migrations.RunSQL(
            "; ".join(f"CREATE INDEX {name} ON dispatch_effect {columns}" for name, columns in INDEXES.items()),
            "; ".join(f"DROP INDEX {name}" for name in INDEXES),
        )
    ]
