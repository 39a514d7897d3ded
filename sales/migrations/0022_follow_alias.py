"""A frozen quote or order follows a merged customer along its alias, and no other way."""

from django.db import migrations

from sales.follow_alias import follow_alias


class Migration(migrations.Migration):
    dependencies = [("sales", "0021_number_parts"), ("records", "0013_merges")]
    operations = [migrations.RunSQL(rule, migrations.RunSQL.noop) for rule in follow_alias()]
