"""Finds invoices and instalments by a part of a number, as it stands in the reference of a bank: the invoice's or the
order's. The indexes of both numbers are asked first; what fits many is told by the walk of the list.
"""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import F, Q

from crm.lists.search import LISTED
from records.search.listed import AnyOf
from sales.models import Instalment, Invoice, Order

Search = Callable[[str, Any], Callable[[models.QuerySet], models.QuerySet]]


def invoice_search() -> Search:
    return _by_number(Invoice, "id", "number")


def instalment_search() -> Search:
    return _by_number(Instalment, "instalment_id", "invoices__number")


def _by_number(model: Any, of_invoice: str, path: str) -> Search:
    """``of_invoice``: the column of an invoice that names the row; ``path``: from the row to an invoice's number."""

    def prepare(words: str, _user: Any) -> Callable[[models.QuerySet], models.QuerySet]:
        ids = _named(model, of_invoice, words)
        if len(ids) <= LISTED:
            return lambda rows: rows.filter(AnyOf(F("id"), ids))
        found = Q(**{f"{path}__icontains": words}) | Q(order__number__icontains=words)
        return lambda rows: rows.filter(found)

    return prepare


def _named(model: Any, of_invoice: str, words: str) -> list[int]:
    """At most one more than LISTED; reach is the list's business."""
    orders = Order._base_manager.filter(number__icontains=words).values("pk")
    of_orders = model._base_manager.filter(order__in=orders).order_by().values_list("pk", flat=True)
    of_invoices = Invoice._base_manager.filter(number__icontains=words).order_by().values_list(of_invoice, flat=True)
    return list(of_orders.union(of_invoices)[: LISTED + 1])
