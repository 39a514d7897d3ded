from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

RAISE_VERSION = """
CREATE OR REPLACE FUNCTION records_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
"""

# The same rounding as crm.money, with the minor units of the same source (CLDR); a test compares every currency.
# round(numeric) rounds half away from zero, as ROUND_HALF_UP does.
ROUND_MONEY = """
CREATE OR REPLACE FUNCTION minor_digits(currency text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN currency IN ('ADP','AFN','ALL','BIF','BYR','CLP','DJF','ESP','GNF','IQD','IRR','ISK','ITL','JPY','KMF','KPW',
                          'KRW','LAK','LBP','LUF','MGA','MGF','MMK','MRO','PYG','RSD','RWF','SLL','SOS','STD','SYP','TMM',
                          'TRL','UGX','UYI','VND','VUV','XAF','XOF','XPF','YER','ZMK','ZWD') THEN 0
        WHEN currency IN ('BHD','JOD','KWD','LYD','OMR','TND') THEN 3
        WHEN currency IN ('CLF','UYW') THEN 4
        ELSE 2 END
$$;
CREATE OR REPLACE FUNCTION round_money(amount numeric, currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT round(amount, minor_digits(currency)) $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(RAISE_VERSION, "DROP FUNCTION records_raise_version()"),
        migrations.RunSQL(ROUND_MONEY, "DROP FUNCTION round_money(numeric, text); DROP FUNCTION minor_digits(text)"),
    ]
