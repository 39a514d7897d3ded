"""A lead that goes back to the queue because its first contact was missed keeps the limit that it missed."""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION leads_keep_contact_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.owner_id IS NULL AND NEW.contact_limit_at > now() THEN
        NEW.contact_limit_at := NULL;
    ELSE
        NEW.contact_limit_at := coalesce(NEW.contact_limit_at, NEW.first_contact_due_at);
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION leads_keep_contact_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.owner_id IS NULL THEN
        NEW.contact_limit_at := NULL;
    ELSE
        NEW.contact_limit_at := coalesce(NEW.contact_limit_at, NEW.first_contact_due_at);
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0010_assignment_ways")]
    operations = [migrations.RunSQL(KEEP, BEFORE)]
