from django.db import migrations

# The promise is kept below the application: no admin page, shell or later code can alter what applicants were
# asked once it was published.
FORWARD = """
CREATE FUNCTION programmes_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'version % of the questions is published and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER programmes_questionversion_published
    BEFORE UPDATE OR DELETE ON programmes_questionversion
    FOR EACH ROW EXECUTE FUNCTION programmes_refuse_published();
"""
BACKWARD = """
DROP TRIGGER programmes_questionversion_published ON programmes_questionversion;
DROP FUNCTION programmes_refuse_published();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
