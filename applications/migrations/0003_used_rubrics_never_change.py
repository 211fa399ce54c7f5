from django.db import migrations

# The promise is kept below the application: a score stays readable under the rubric it was given by.
FORWARD = """
CREATE FUNCTION applications_refuse_used_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_from IS NOT NULL THEN
        RAISE EXCEPTION 'rubric % is in use and never changes', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER applications_rubric_used
    BEFORE UPDATE OR DELETE ON applications_rubric
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_used_rubric();
"""
BACKWARD = """
DROP TRIGGER applications_rubric_used ON applications_rubric;
DROP FUNCTION applications_refuse_used_rubric();
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_assessments_are_not_compressed")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
