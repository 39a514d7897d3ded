"""How every view of this room comes to its rows: within reach (404 otherwise), then the right (403 otherwise)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from crm.forms.refusals import page_before
from customers.give_back import may_still_log
from customers.models import Customer


def reached(request: HttpRequest, pk: int, action: str = "view") -> Customer:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if action != "view":
        access.require(request.user, action, customer)
    return customer


def reached_to_log(request: HttpRequest, pk: int) -> Customer:
    """Also a customer that a rule took from this person while she wrote: what she noted is kept."""
    lost = Customer.objects.live().filter(pk=pk, owner=None, former_owner=request.user).first()  # unscoped: was hers
    if lost is not None and may_still_log(lost, request.user):
        return lost
    return reached(request, pk, "change")


def page_or_pool(request: HttpRequest, customer: Customer) -> str:
    """The customer's page, or, when it fell out of reach meanwhile, the pool, with a word on what became of it."""
    if access.covers(request.user, customer):
        return reverse("customers:detail", args=[customer.pk])
    text = _("Your activity is stored, but a rule took “%(name)s” into the pool meanwhile.")
    messages.warning(request, text % {"name": customer.name})
    return reverse("customers:pool")


def back(request: HttpRequest, customer: Any) -> HttpResponse:
    """To the page from which the verb was asked, else to the customer's."""
    return redirect(page_before(request, reverse("customers:detail", args=[customer.pk])))
