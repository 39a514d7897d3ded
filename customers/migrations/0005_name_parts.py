import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_rule_versions"), ("records", "0009_name_parts")]

    operations = [
        migrations.RemoveIndex(
            model_name="contactsearch",
            name="contactsearch_name",
        ),
        migrations.RemoveIndex(
            model_name="customersearch",
            name="customersearch_name",
        ),
        migrations.AddIndex(
            model_name="contactsearch",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name_key"), function="name_parts"), name="contactsearch_parts"
            ),
        ),
        migrations.AddIndex(
            model_name="customersearch",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name_key"), function="name_parts"), name="customersearch_parts"
            ),
        ),
    ]
