from django.db import migrations

from sales.copies_of_order import copies_of_order


class Migration(migrations.Migration):
    dependencies = [("sales", "0016_copies_of_order")]
    operations = [migrations.RunSQL(rule, migrations.RunSQL.noop) for rule in copies_of_order()]
