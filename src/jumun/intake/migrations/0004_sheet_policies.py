"""Row-level security of uploaded sheets, told when they change; room on each page for the verdicts that are written after the rows."""

from django.db import migrations

from jumun.core.policies import company_policy


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_sheets"), ("core", "0002_tell_changes")]
    operations = [
        company_policy("intake_sheettemplate"),
        company_policy("intake_sheetupload"),
        company_policy("intake_sheetrow"),
        migrations.RunSQL(
            "ALTER TABLE intake_sheetrow SET (fillfactor = 60)", "ALTER TABLE intake_sheetrow RESET (fillfactor)"
        ),
        migrations.RunSQL(
            "CREATE TRIGGER tell_changed AFTER INSERT OR UPDATE OR DELETE ON intake_sheetupload"
            " FOR EACH STATEMENT EXECUTE FUNCTION jumun_tell_changed('jobs')",
            "DROP TRIGGER tell_changed ON intake_sheetupload",
        ),
    ]
