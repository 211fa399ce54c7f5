"""History is only ever added to: the database itself refuses to change or delete an event.

Row triggers, not statement ones: emptying the table (TRUNCATE) stays possible for whoever owns it, as tests need.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION history_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history_event is append-only';
END $$;
CREATE TRIGGER history_event_append_only BEFORE UPDATE OR DELETE ON history_event
    FOR EACH ROW EXECUTE FUNCTION history_refuse_change();
"""
BACKWARD = """
DROP TRIGGER history_event_append_only ON history_event;
DROP FUNCTION history_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
