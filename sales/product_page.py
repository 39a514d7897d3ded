"""The page of one product: its facts and its prices."""

from typing import Any

from django.utils.translation import gettext as _

from accounts import access
from crm.formats import current_formats
from sales.models import Product


def facts_of(user: Any, product: Product) -> list[tuple[Any, Any]]:
    formats = current_formats()
    facts = [
        (_("Code"), product.code),
        (_("Series"), product.category),
        (_("Price"), formats.money(product.price, product.currency)),
        (_("Unit"), product.unit),
        (_("Tax rate"), f"{formats.number(product.tax_rate.normalize())} %"),
        (_("Can be offered"), _("yes") if product.is_active else _("no")),
    ]
    if access.allows(user, "see_cost", "quote"):
        facts.append((_("Cost"), formats.money(product.cost, product.currency)))
    names = [(_("Name in Chinese"), product.name_zh), (_("Name in Russian"), product.name_ru)]
    return [*facts, *((label, name) for label, name in names if name)]


def prices_of(product: Product) -> list[dict[str, Any]]:
    """Rows of the table of prices in lists."""
    formats = current_formats()
    prices = product.prices.select_related("price_list").order_by("price_list__name", "from_quantity", "valid_from")
    return [
        {
            "cells": [
                price.price_list.name,
                formats.number(price.from_quantity.normalize()),
                formats.money(price.amount, price.price_list.currency),
                formats.date(price.valid_from) or "–",
                formats.date(price.valid_to) or "–",
            ]
        }
        for price in prices
    ]
