from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from customers import contact_list, lists, next_steps, phrases, task_list, today  # noqa: F401  they register
        from customers.churn import lists as _churn_lists  # noqa: F401  registers the list
        from customers.churn.on_page import add_to_page as add_churn_to_page
        from customers.churn.settle import settle
        from customers.churn.today import add_to_today as add_churn_to_today
        from customers.derived import derivers
        from customers.entries import add_entries
        from customers.followers import followers
        from customers.handover import add_handovers
        from customers.imports import add_importables
        from customers.incoming_mail import add_taker
        from customers.merge import add_merge
        from customers.models.pool import install_default_pool
        from customers.notices import add_notice_kinds
        from customers.pool.doors import add_doors
        from customers.pool.on_page import add_to_page
        from customers.schedule import add_jobs
        from customers.search import add_searchables
        from customers.what import add_kinds

        add_kinds()
        add_merge()
        add_searchables()
        add_jobs()
        add_notice_kinds()
        add_importables()
        for kind, model in (("contact", "Contact"), ("activity", "Activity"), ("task", "Task")):
            followers.add(kind, f"customers.{model}")
        followers.add("churn", "customers.ChurnCase")
        derivers.add("churn", settle)
        add_entries()
        add_handovers()
        phrases.add_own_phrases()
        next_steps.add_own_steps()
        today.add_own()
        add_to_page()
        add_churn_to_page()
        add_churn_to_today()
        add_doors()
        add_taker()
        post_migrate.connect(install_default_pool, sender=self)
