"""Row-level security of uploaded sheets of numbers, told when they change."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("waybills", "0001_sheets"), ("core", "0002_tell_changes")]
    operations = [
        company_policy("waybills_waybillupload"),
        company_policy("waybills_waybillrow"),
        migrations.RunSQL(
            "CREATE TRIGGER tell_changed AFTER INSERT OR UPDATE OR DELETE ON waybills_waybillupload"
            " FOR EACH STATEMENT EXECUTE FUNCTION jumun_tell_changed('jobs')",
            "DROP TRIGGER tell_changed ON waybills_waybillupload",
        ),
    ]
