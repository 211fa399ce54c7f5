from django.db import migrations

# The promise is kept below the application: no admin page, shell or later code can alter what was in force.
FORWARD = """
CREATE FUNCTION eligibility_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'policy version % is published and never changes', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER eligibility_policyversion_published
    BEFORE UPDATE OR DELETE ON eligibility_policyversion
    FOR EACH ROW EXECUTE FUNCTION eligibility_refuse_published();
"""
BACKWARD = """
DROP TRIGGER eligibility_policyversion_published ON eligibility_policyversion;
DROP FUNCTION eligibility_refuse_published();
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
