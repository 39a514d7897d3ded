"""What was known before: ratings were set by hand, limits and moments of first contacts stand in the log."""

from django.db import migrations

from records.versions import version_trigger

RATING = """
UPDATE leads_lead SET rating_by_hand = rating, rating_until = current_date + 90
WHERE rating <> '' AND state IN ('new', 'assigned', 'contacted', 'qualified')
"""
# A lead that was handed on had missed its limit before that.
LIMIT = """
UPDATE leads_lead l SET contact_limit_at = coalesce((
    SELECT min(e.at) FROM records_event e WHERE e.subject_kind = 'lead' AND e.subject_id = l.id AND e.verb = 'assign'
       AND e.facts->>'because' = 'not_contacted'
), l.first_contact_due_at) WHERE l.first_contact_due_at IS NOT NULL AND l.owner_id IS NOT NULL
"""
# What came from a file as contacted tells nothing of how long that took.
MINUTES = """
UPDATE leads_lead l SET contact_minutes = least(extract(epoch FROM contacted_at - created_at) / 60, 2147483647)::bigint
WHERE contacted_at >= created_at AND EXISTS (
    SELECT FROM records_event e WHERE e.subject_kind = 'lead' AND e.subject_id = l.id AND e.verb = 'contact'
)
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0008_scoring")]
    operations = [
        migrations.RunSQL(RATING, migrations.RunSQL.noop),
        migrations.RunSQL(LIMIT, migrations.RunSQL.noop),
        migrations.RunSQL(MINUTES, migrations.RunSQL.noop),
        # The rating follows from the score now and raises no version; what is set by hand does.
        version_trigger(
            "leads_lead",
            [
                "campaign",
                "city",
                "company",
                "country",
                "currency",
                "deleted_at",
                "email",
                "estimated_value",
                "external_id",
                "external_system",
                "industry_id",
                "language",
                "mobile",
                "name",
                "need",
                "owner_id",
                "phone",
                "position",
                "rating_by_hand",
                "rating_until",
                "referred_by_id",
                "region_id",
                "source_id",
                "state",
                "tax_number",
                "telegram",
                "website",
                "wechat",
                "whatsapp",
            ],
        ),
    ]
