from django.db import migrations


def storage(kind: str) -> str:
    return f"""
        ALTER TABLE applications_assessment
            ALTER COLUMN facts SET STORAGE {kind}, ALTER COLUMN findings SET STORAGE {kind}
    """


class Migration(migrations.Migration):
    """Compressing what was asked and what was found took the database more time than all else of storing it:
    a third of running the rules again over every case. Twice the space, 3 kB more for each assessment, is the
    lesser price."""

    dependencies = [("applications", "0001_initial")]

    operations = [migrations.RunSQL(storage("EXTERNAL"), storage("EXTENDED"))]
