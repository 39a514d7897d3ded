"""Quotes and orders as views load them: within reach (404 otherwise)."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts import access
from sales.models import Order, Quote

SHARED = ("customer", "customer__owner", "contact", "opportunity", "owner")


def reached_quote(request: HttpRequest, pk: int, action: str = "view") -> Quote:
    """The quote within reach, on which the person may do ``action`` (403 otherwise)."""
    rows = Quote.objects.visible_to(request.user)
    related = (*SHARED, "declined_reason", "approved_by", "order", "superseded_by", "supersedes")
    quote = get_object_or_404(rows.select_related(*related), pk=pk)
    access.require(request.user, action, quote)
    return quote


def reached_order(request: HttpRequest, pk: int, action: str = "view") -> Order:
    """The order within reach, on which the person may do ``action`` (403 otherwise)."""
    rows = Order.objects.visible_to(request.user)
    order = get_object_or_404(rows.select_related(*SHARED, "cancel_reason", "quote"), pk=pk)
    access.require(request.user, action, order)
    return order
