"""PostgreSQL itself refuses to change or erase an audit event.

Two exceptions. `actor_id` may become null, and nothing else with it, because erasing a person's
row must not erase what they did (`actor_label` stays). An event older than three years may be
deleted: that is the retention rule of `accounts.retention`, and no setting shortens it.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION accounts_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_id IS NULL
       AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '3 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'an audit event is never changed (% of event %)', lower(TG_OP), OLD.id
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_is_immutable BEFORE UPDATE OR DELETE ON accounts_auditevent
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_audit_change();
"""

ALLOW = """
DROP TRIGGER audit_is_immutable ON accounts_auditevent;
DROP FUNCTION accounts_refuse_audit_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
