"""How far the leads came that were converted before the step stood on the row."""

from django.db import migrations

FILL = """
UPDATE leads_lead l SET way_step = d.step FROM (
    SELECT l.id, CASE
        WHEN o.won THEN 4
        WHEN EXISTS (SELECT FROM sales_quote q WHERE q.customer_id = l.customer_id AND q.deleted_at IS NULL
             AND q.sent_at >= l.converted_at) THEN 3
        WHEN o.number > 0 THEN 2
        WHEN c.state <> 'prospect' THEN 1
        ELSE 0 END AS step
    FROM leads_lead l JOIN customers_customer c ON c.id = l.customer_id CROSS JOIN LATERAL (
        SELECT count(*) AS number, bool_or(p.state = 'won') AS won FROM sales_opportunity p
        WHERE p.customer_id = l.customer_id AND p.deleted_at IS NULL AND (p.id = l.opportunity_id
           OR coalesce(p.opened_on, p.created_at::date) >= (l.converted_at AT TIME ZONE coalesce(
              (SELECT time_zone FROM accounts_company LIMIT 1), 'UTC'))::date)
    ) o
    WHERE l.state = 'converted'
) d WHERE l.id = d.id AND d.step > 0
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_way_step")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
