from django.db import migrations

from records.versions import version_trigger
from sales.document_rules import all_rules


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_documents"), ("records", "0001_functions")]
    operations = [
        *(migrations.RunSQL(rule, migrations.RunSQL.noop) for rule in all_rules()),
        version_trigger(
            "sales_quote",
            [
                "contact_id",
                "currency",
                "deleted_at",
                "intro",
                "language",
                "net",
                "opportunity_id",
                "owner_id",
                "prices_include_tax",
                "state",
                "tax",
                "terms",
                "valid_until",
            ],
        ),
        version_trigger(
            "sales_order",
            [
                "contact_id",
                "currency",
                "deleted_at",
                "external_id",
                "external_system",
                "net",
                "opportunity_id",
                "ordered_on",
                "owner_id",
                "prices_include_tax",
                "state",
                "tax",
                "terms",
                "their_number",
            ],
        ),
    ]
