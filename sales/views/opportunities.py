from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Company, User
from crm.forms import create_view, edit_view
from crm.lists.respond import respond
from customers.models import Customer
from sales.forms import LineForm, NewOpportunityForm, OpportunityForm
from sales.lists import opportunity_list
from sales.models import Opportunity
from sales.open_opportunity import open_opportunity
from sales.opportunity_page import opportunity_page
from sales.views.board import lost_reasons
from sales.views.opportunity_verbs import active_people, reached


def all_of_them(request: HttpRequest) -> HttpResponse:
    return respond(request, opportunity_list, template="sales/opportunity_list.html")


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    opportunity = reached(request, pk)
    page = opportunity_page(request.user, opportunity, now=timezone.now())
    context: dict[str, Any] = {
        "opportunity": opportunity,
        "page": page,
        "reasons": lost_reasons() if page.can["change"] and opportunity.is_open else [],
        "people": active_people() if page.can["assign"] else [],
        "line_form": LineForm(user=request.user) if page.can["change"] and opportunity.is_open else None,
        "reaches_customer": _reaches(request.user, opportunity.customer),
    }
    return render(request, "sales/opportunity.html", context)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit_view(request, reached(request, pk, "change"), OpportunityForm, title=_("Edit opportunity"))


def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "opportunity")
    initial: dict[str, Any] = {"currency": Company.get().currency}
    initial |= {name: request.GET[name] for name in ("customer", "stage") if request.GET.get(name, "").isdecimal()}
    return create_view(
        request, NewOpportunityForm, _open, title=_("New opportunity"), form_arguments={"initial": initial},
        cancel_url=reverse("sales:opportunity_list"),
    )  # fmt: skip


def _open(form: NewOpportunityForm) -> Opportunity:
    values = form.values()
    return open_opportunity(
        values.pop("name"), by=form.user, owner=form.cleaned_data.get("owner"), stage=form.cleaned_data["stage"],
        customer=values.pop("customer"), contact=values.pop("contact"), **values,
    )  # fmt: skip


def _reaches(user: User, customer: Customer | None) -> bool:
    return customer is not None and access.covers(user, customer)
