"""Finds invoices and instalments by a part of a number, as it stands in the reference of a bank: the invoice's or the
order's. The indexes of both numbers are asked first; what fits many is told by the walk of the list.
"""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from crm.lists.search import LISTED
from records.search.listed import AnyOf
from sales.models import Instalment, Invoice, Order

Search = Callable[[str, Any], Callable[[models.QuerySet], models.QuerySet]]


def invoice_search() -> Search:
    return _by_number(Invoice, "id")


def instalment_search() -> Search:
    return _by_number(Instalment, "instalment_id")


def _by_number(model: Any, of_invoice: str) -> Search:
    """``of_invoice``: the column of an invoice that names the row."""

    def prepare(words: str, _user: Any) -> Callable[[models.QuerySet], models.QuerySet]:
        invoices = Invoice._base_manager.filter(number__icontains=words)
        ids = _named(model, invoices.values_list(of_invoice, flat=True), words)
        if ids is not None:
            return lambda rows: rows.filter(AnyOf(F("id"), ids))
        by_invoice = Exists(invoices.filter(**{of_invoice: OuterRef("pk")}))
        return lambda rows: rows.filter(Q(order__number__icontains=words) | by_invoice)

    return prepare


def _named(model: Any, invoices: models.QuerySet, words: str) -> list[int] | None:
    """The rows with such a number, or None where there are more than LISTED. Reach is the list's business."""
    orders = _some(Order._base_manager.filter(number__icontains=words).values_list("pk", flat=True))
    if len(orders) > LISTED:
        return None
    of_orders = model._base_manager.filter(AnyOf(F("order_id"), orders)).values_list("pk", flat=True)
    found = {*_some(of_orders), *_some(invoices)}
    return sorted(found) if len(found) <= LISTED else None


def _some(rows: models.QuerySet) -> list[int]:
    return list(rows.order_by()[: LISTED + 1])
