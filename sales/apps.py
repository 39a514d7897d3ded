from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    name = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from customers.derived import derivers, explanations
        from customers.way import Way, ways
        from sales import conditions, customer_panels, customer_way, kinds, menus, merge, search, today
        from sales import document_lists as _document_lists  # noqa: F401  registers the lists
        from sales import lists as _lists  # noqa: F401  registers the lists
        from sales import money_lists as _money_lists  # noqa: F401  registers the lists
        from sales.churn_signals import add_churn_signals
        from sales.company_guard import add_company_guard
        from sales.default_pipeline import install_default_pipeline
        from sales.derive import derive_standing
        from sales.derive_nightly import add_derive_job
        from sales.document_anchors import add_document_anchors
        from sales.document_jobs import add_document_jobs
        from sales.document_panels import add_document_panels
        from sales.document_story import add_document_phrases
        from sales.document_today import add_documents_to_today
        from sales.doors import add_doors
        from sales.explain_standing import explain_standing
        from sales.handover import add_handovers
        from sales.imports import add_importables
        from sales.models.number_series import install_number_series
        from sales.money_to_come import add_to_today as add_money_to_today
        from sales.pipelines.retire import add_retirement

        kinds.register()
        search.add_searchables()
        conditions.add_conditions()
        add_churn_signals()
        menus.add_menu_items()
        customer_panels.add_to_customers()
        today.add_to_today()
        add_document_phrases()
        add_document_panels()
        add_document_anchors()
        add_document_jobs()
        add_documents_to_today()
        add_money_to_today()
        ways.add("sales", Way(customer_way.asks, customer_way.steps))
        derivers.add("standing", derive_standing)
        explanations.add("standing", explain_standing)
        add_derive_job()
        add_importables()
        add_company_guard()
        add_doors()
        add_handovers()
        merge.add_links_to_customers()
        add_retirement()
        post_migrate.connect(install_default_pipeline, sender=self)
        post_migrate.connect(install_number_series, sender=self)
