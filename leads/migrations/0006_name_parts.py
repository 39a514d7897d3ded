import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0005_rule_version"), ("records", "0009_name_parts")]

    operations = [
        migrations.RemoveIndex(
            model_name="leadsearch",
            name="leadsearch_name",
        ),
        migrations.AddIndex(
            model_name="leadsearch",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name_key"), function="name_parts"), name="leadsearch_parts"
            ),
        ),
    ]
