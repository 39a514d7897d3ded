from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from customers.followers import followers
        from customers.models.pool import install_default_pool
        from customers.search import add_searchables
        from customers.what import add_kinds

        add_kinds()
        add_searchables()
        for kind, model in (("contact", "Contact"), ("activity", "Activity"), ("task", "Task")):
            followers.add(kind, f"customers.{model}")
        post_migrate.connect(install_default_pool, sender=self)
