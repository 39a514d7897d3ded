import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0019_what_is_due"), ("records", "0009_name_parts")]

    operations = [
        migrations.RemoveIndex(
            model_name="opportunitysearch",
            name="opportunitysearch_name",
        ),
        migrations.RemoveIndex(
            model_name="ordersearch",
            name="ordersearch_name",
        ),
        migrations.RemoveIndex(
            model_name="productsearch",
            name="productsearch_name",
        ),
        migrations.RemoveIndex(
            model_name="quotesearch",
            name="quotesearch_name",
        ),
        migrations.AddIndex(
            model_name="opportunitysearch",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name_key"), function="name_parts"), name="opportunitysearch_parts"
            ),
        ),
        migrations.AddIndex(
            model_name="ordersearch",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name_key"), function="name_parts"), name="ordersearch_parts"
            ),
        ),
        migrations.AddIndex(
            model_name="productsearch",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name_key"), function="name_parts"), name="productsearch_parts"
            ),
        ),
        migrations.AddIndex(
            model_name="quotesearch",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name_key"), function="name_parts"), name="quotesearch_parts"
            ),
        ),
    ]
