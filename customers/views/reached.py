"""How every view of this room comes to its rows: within reach (404 otherwise), then the right (403 otherwise)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts import access
from crm.forms.refusals import page_before
from customers.models import Customer


def reached(request: HttpRequest, pk: int, action: str = "view") -> Customer:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if action != "view":
        access.require(request.user, action, customer)
    return customer


def back(request: HttpRequest, customer: Any) -> HttpResponse:
    """To the page from which the verb was asked, else to the customer's."""
    return redirect(page_before(request, reverse("customers:detail", args=[customer.pk])))
