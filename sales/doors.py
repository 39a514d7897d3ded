"""The doors of this room in the settings."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.hub import HubPage, hub


def add_doors() -> None:
    rules, products = _may("change", "rules"), _may("change", "product")
    for page in (
        HubPage(
            "pipelines", "sales", _("Pipelines and stages"),
            _("The ways that opportunities go: stages, their probability and days, what is asked before each step"),
            "layout-kanban", "sales:pipelines", 10, rules,
        ),
        HubPage(
            "quote_policy", "sales", _("Rule for quotes"),
            _("Discounts by role, amounts and margins that wait for approval, how long a quote is valid"),
            "discount", "sales:quote_policy", 20, rules,
        ),
        HubPage(
            "price_lists", "sales", _("Price lists"),
            _("Prices for a market or a group of customers: by currency, net or gross, quantity and day"),
            "list-details", "sales:price_lists", 30, products,
        ),
        HubPage(
            "products", "sales", _("Products"), _("Names, prices, tax, cost; what can still be offered"),
            "package", "sales:product_list", 40, products,
        ),
        HubPage(
            "rates", "sales", _("Exchange rates"), _("What foreign currencies are worth, from a day on; for everybody"),
            "currency-dollar", "sales:rates", 50, _may("change", "rate"),
        ),
        HubPage(
            "numbers", "company", _("Numbers of documents"), _("How quotes, orders and invoices are numbered"),
            "file-text", "sales:numbers", 15, _may("change", "company"),
        ),
    ):  # fmt: skip
        hub.add(page.name, page)


def _may(action: str, kind: str) -> Any:
    return lambda user: access.allows_all(user, action, kind)
