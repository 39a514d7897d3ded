"""pg_restore works without a search path: a generated column must reach what it calls by reference, not by name."""

from django.db import migrations

BY_REFERENCE = """
CREATE OR REPLACE FUNCTION round_money(amount numeric, currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN round(amount, minor_digits(currency))
"""
BY_NAME = """
CREATE OR REPLACE FUNCTION round_money(amount numeric, currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT round(amount, minor_digits(currency)) $$
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0009_name_parts")]

    operations = [migrations.RunSQL(BY_REFERENCE, BY_NAME)]
