from django.db import migrations

# Two columns of a case follow from other rows: its permanent home from the profile it was received with, its
# verdict from the last run of the rules. The database keeps them, whoever writes and however many rows at once
# (COPY too), so they cannot differ from what they follow from, and nothing else can write them.
FORWARD = """
CREATE FUNCTION applications_keep_columns_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.profile_id IS DISTINCT FROM OLD.profile_id THEN
        NEW.origin := coalesce(
            (SELECT data ->> 'origin' FROM applications_profilesnapshot WHERE id = NEW.profile_id), ''
        );
    ELSE
        NEW.origin := OLD.origin;
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.verdict := '';
    ELSIF pg_trigger_depth() = 1 THEN
        NEW.verdict := OLD.verdict;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER applications_application_columns
    BEFORE INSERT OR UPDATE ON applications_application
    FOR EACH ROW EXECUTE FUNCTION applications_keep_columns_of_case();

CREATE FUNCTION applications_keep_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE applications_application AS changed SET verdict = last.verdict
    FROM (SELECT DISTINCT application_id FROM made) AS assessed
    CROSS JOIN LATERAL (
        SELECT verdict FROM applications_assessment
        WHERE application_id = assessed.application_id ORDER BY at DESC, id DESC LIMIT 1
    ) AS last
    WHERE changed.id = assessed.application_id AND changed.verdict <> last.verdict;
    RETURN NULL;
END
$$;
CREATE TRIGGER applications_assessment_verdict
    AFTER INSERT ON applications_assessment REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION applications_keep_verdict();
"""
BACKWARD = """
DROP TRIGGER applications_assessment_verdict ON applications_assessment;
DROP FUNCTION applications_keep_verdict();
DROP TRIGGER applications_application_columns ON applications_application;
DROP FUNCTION applications_keep_columns_of_case();
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0003_used_rubrics_never_change")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
