from django.db import migrations

# The promise is kept below the application: no admin page, shell or later code can alter what was in force,
# what was accepted while it was, or what an office was shown before it put either in force.
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

CREATE FUNCTION eligibility_refuse_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    withdrawal text[] := ARRAY['withdrawn_by_id', 'withdrawn_at', 'withdrawal_reason'];
BEGIN
    IF OLD.put_in_force_at IS NULL THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
        OR to_jsonb(OLD) - withdrawal IS DISTINCT FROM to_jsonb(NEW) - withdrawal
    THEN
        RAISE EXCEPTION 'register entry % is in force; it can only be withdrawn, once', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER eligibility_acceptedaward_in_force
    BEFORE UPDATE OR DELETE ON eligibility_acceptedaward
    FOR EACH ROW EXECUTE FUNCTION eligibility_refuse_in_force();

CREATE FUNCTION eligibility_refuse_preview() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- a draft that is thrown away takes its previews along
    IF TG_OP = 'UPDATE'
        OR EXISTS (SELECT FROM eligibility_policyversion WHERE id = OLD.version_id AND published_at IS NOT NULL)
        OR EXISTS (SELECT FROM eligibility_acceptedaward WHERE id = OLD.entry_id AND put_in_force_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'preview % shows what was known and never changes', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER eligibility_policypreview_kept
    BEFORE UPDATE OR DELETE ON eligibility_policypreview
    FOR EACH ROW EXECUTE FUNCTION eligibility_refuse_preview();
"""
BACKWARD = """
DROP TRIGGER eligibility_policypreview_kept ON eligibility_policypreview;
DROP TRIGGER eligibility_acceptedaward_in_force ON eligibility_acceptedaward;
DROP TRIGGER eligibility_policyversion_published ON eligibility_policyversion;
DROP FUNCTION eligibility_refuse_preview();
DROP FUNCTION eligibility_refuse_in_force();
DROP FUNCTION eligibility_refuse_published();
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
