from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0017_keep_copies_of_order")]
    operations = [
        migrations.RemoveIndex(
            model_name="instalment",
            name="instalment_list",
        ),
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoice_new",
        ),
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoice_due",
        ),
        migrations.AddIndex(
            model_name="instalment",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["order_owner", "due_on", "id", "state"],
                name="instalment_day_own",
            ),
        ),
        migrations.AddIndex(
            model_name="instalment",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["order_team", "due_on", "id", "state", "order_owner"],
                name="instalment_day_team",
            ),
        ),
        migrations.AddIndex(
            model_name="instalment",
            index=models.Index(
                condition=models.Q(("is_live", True)), fields=["due_on", "id", "state"], name="instalment_day_all"
            ),
        ),
        migrations.AddIndex(
            model_name="instalment",
            index=models.Index(
                condition=models.Q(("is_live", True), ("order_other_owner__isnull", False)),
                fields=["order_other_owner", "due_on", "id", "state"],
                name="instalment_day_cust_own",
            ),
        ),
        migrations.AddIndex(
            model_name="instalment",
            index=models.Index(
                condition=models.Q(("is_live", True), ("order_other_team__isnull", False)),
                fields=["order_other_team", "due_on", "id", "state"],
                name="instalment_day_cust_team",
            ),
        ),
        migrations.AddIndex(
            model_name="instalment",
            index=models.Index(
                condition=models.Q(("is_live", True), models.Q(("state", "paid"), _negated=True)),
                fields=["due_on", "id"],
                include=("currency", "amount", "received"),
                name="instalment_open",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["order_owner", "-issued_on", "-id"],
                name="invoice_new_own",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["order_team", "-issued_on", "-id", "order_owner"],
                name="invoice_new_team",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True)), fields=["-issued_on", "-id"], name="invoice_new_all"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True), ("order_other_owner__isnull", False)),
                fields=["order_other_owner", "-issued_on", "-id"],
                name="invoice_new_cust_own",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True), ("order_other_team__isnull", False)),
                fields=["order_other_team", "-issued_on", "-id"],
                name="invoice_new_cust_team",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True)), fields=["order_owner", "due_on", "id"], name="invoice_due_own"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["order_team", "due_on", "id", "order_owner"],
                name="invoice_due_team",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(condition=models.Q(("is_live", True)), fields=["due_on", "id"], name="invoice_due_all"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True), ("order_other_owner__isnull", False)),
                fields=["order_other_owner", "due_on", "id"],
                name="invoice_due_cust_own",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("is_live", True), ("order_other_team__isnull", False)),
                fields=["order_other_team", "due_on", "id"],
                name="invoice_due_cust_team",
            ),
        ),
    ]
