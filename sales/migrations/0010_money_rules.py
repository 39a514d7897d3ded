import django.db.models.expressions
from django.db import migrations, models

from records.versions import version_trigger
from sales.document_rules import ORDER_STAYS
from sales.money_rules import OLD_INVOICES, all_rules

VERSIONED = (
    "contact_id", "currency", "deleted_at", "external_id", "external_system", "net", "opportunity_id", "ordered_on",
    "owner_id", "prices_include_tax", "state", "tax", "terms", "their_number",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("sales", "0009_money")]
    operations = [
        migrations.RunSQL(ORDER_STAYS, migrations.RunSQL.noop),
        version_trigger("sales_order", VERSIONED),
        migrations.RunSQL(OLD_INVOICES, migrations.RunSQL.noop),
        *(migrations.RunSQL(rule, migrations.RunSQL.noop) for rule in all_rules()),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount", django.db.models.expressions.CombinedExpression(models.F("net"), "+", models.F("tax")))
                ),
                name="invoice_is_net_and_tax",
            ),
        ),
    ]
