"""Create and edit customers, contacts and activities."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from crm.forms import create_view, edit_view
from customers import forms
from customers.create import add_contact, create_customer
from customers.log_activity import SLACK, cancel_activity, complete_activity, log_activity, plan_activity
from customers.models import Activity, Customer
from customers.views.page import crumbs
from customers.views.reached import back, page_or_pool, reached, reached_to_log

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "customer")

    def save(form: forms.NewCustomerForm) -> Customer:
        return create_customer(form.values(), by=request.user, points=form.own_points(), contacts=form.new_contacts())

    return create_view(
        request, forms.NewCustomerForm, save, title=_("New customer"), template="customers/form.html",
        cancel_url=reverse("customers:list"),
        extra={"crumbs": [(_("Customers"), reverse("customers:list"))], "similar_url": reverse("customers:similar")},
    )  # fmt: skip


@form_methods
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    extra = {"crumbs": crumbs(customer), "similar_url": ""}
    return edit_view(
        request, customer, forms.CustomerForm, title=_("Edit"), template="customers/form.html", extra=extra
    )


@form_methods
def contact_create(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")

    def save(form: forms.NewContactForm) -> object:
        return add_contact(customer, form.values(), by=request.user, points=form.points())

    return create_view(
        request, forms.NewContactForm, save, title=_("New contact"), template="customers/contact_form.html",
        cancel_url=reverse("customers:detail", args=[pk]),
        extra={"crumbs": crumbs(customer), "similar_url": "", "contact": None},
    )  # fmt: skip


@form_methods
def contact_edit(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    row = get_object_or_404(customer.contacts.live(), pk=contact)
    extra = {"crumbs": crumbs(customer), "similar_url": "", "contact": row}
    return edit_view(
        request, row, forms.ContactForm, title=row.name, template="customers/contact_form.html", extra=extra
    )


@require_POST
def contact_delete(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    get_object_or_404(customer.contacts.live(), pk=contact).trash(by=request.user)
    messages.success(request, _("The contact is in the trash."))
    return back(request, customer)


@form_methods
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes what was done; what lies ahead is planned."""
    customer = reached_to_log(request, pk)

    def save(form: forms.LogForm) -> Activity:
        values = {name: value for name, value in form.values().items() if value not in (None, "")}
        verb = plan_activity if values.get("at") and values["at"] > timezone.now() + SLACK else log_activity
        return verb(customer, values, by=request.user)

    return create_view(
        request, forms.LogForm, save, title=_("Log activity"), template="customers/record_form.html",
        cancel_url=reverse("customers:detail", args=[pk]), extra={"crumbs": crumbs(customer)},
        success_url=lambda _row: page_or_pool(request, customer), form_arguments={"customer": customer},
    )  # fmt: skip


@form_methods
def activity_edit(request: HttpRequest, pk: int, activity: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    row = get_object_or_404(customer.activities.live(), pk=activity)
    return edit_view(
        request, row, forms.ActivityForm, title=row.get_type_display().capitalize(),
        template="customers/record_form.html", extra={"crumbs": crumbs(customer)},
        success_url=reverse("customers:detail", args=[pk]), form_arguments={"customer": customer},
    )  # fmt: skip


@require_POST
def activity_verb(request: HttpRequest, pk: int, activity: int, name: str) -> HttpResponse:
    customer = reached(request, pk, "change")
    row = get_object_or_404(customer.activities.live(), pk=activity)
    verbs = {"done": complete_activity, "cancel": cancel_activity}
    if name not in verbs:
        raise Http404
    verbs[name](row, by=request.user)
    return back(request, customer)
