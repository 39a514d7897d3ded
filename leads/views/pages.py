"""The pages of one lead: its page, create, edit, convert."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from crm.forms import create_view, edit_view
from crm.lists.respond import respond
from customers.models.activity import ActivityType
from customers.timeline import ICONS
from leads.convert import convert_lead
from leads.convert_form import ConvertForm
from leads.create import create_lead
from leads.duplicates import duplicates_of, find_duplicates
from leads.forms import LeadForm, LogForm, NewLeadForm
from leads.lists import lead_list
from leads.models import Lead, Submission
from leads.page import page_of
from leads.views.reached import reached
from records.dictionary import entries
from records.kinds import kinds
from records.merge.views import follows_merge

QUICK_TYPES = ("call", "email", "chat", "meeting", "visit", "note")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    may_rule = access.allows(request.user, "change", "rules")
    return respond(request, lead_list, template="leads/list.html", may_rule=may_rule)


@require_safe
@follows_merge("lead")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk)
    page = page_of(lead, request.user, now=timezone.now(), everything="all" in request.GET)
    return render(
        request,
        "leads/detail.html",
        {
            "page": page,
            "lead": lead,
            "crumbs": [(_("Leads"), reverse("leads:list"))],
            "lost_reasons": [(entry.code, entry.label) for entry in entries("lead_lost_reason")],
            "assignees": access.people_in_reach(request.user, "lead", "assign") if page.can["assign"] else [],
            "log_form": LogForm(),
            "quick_types": [(code, ActivityType(code).label, ICONS[code]) for code in QUICK_TYPES],
            "customer_url": _url_in_reach(lead.customer, request.user),
            "opportunity_url": _url_in_reach(lead.opportunity, request.user),
            "once": secrets.token_urlsafe(16),
            "submissions": list(Submission.objects.for_lead(lead)[:20]),
        },
    )


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "lead")

    def make(form: Any) -> Lead:
        owner = form.chosen_owner()
        return create_lead(form.values(), by=request.user, owner=owner, team=None if owner else request.user.team)

    extra = {"cancel_url": reverse("leads:list")}
    return create_view(request, NewLeadForm, make, title=_("New lead"), template="leads/create.html", **extra)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What may be the same as what stands in the form, as a fragment, while it is typed."""
    access.require(request.user, "create", "lead")
    names = ("name", "company", "phone", "mobile", "email", "website", "tax_number", "country")
    values = {name: request.POST.get(name, "").replace("\x00", "")[:300] for name in names}
    duplicates = find_duplicates(values, request.user)
    return render(request, "leads/_duplicates.html", {"duplicates": duplicates})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit_view(request, reached(request, pk, "change"), LeadForm, title=_("Edit lead"))


@require_http_methods(["GET", "POST"])
def convert(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "convert")
    if lead.customer_id:  # the second click, or a colleague was faster
        messages.info(request, _("This lead was converted already."))
        return redirect("leads:detail", pk)
    duplicates = duplicates_of(lead, request.user)
    form = ConvertForm(request.POST or None, lead=lead, user=request.user, found=duplicates.customers)
    if request.method == "POST" and form.is_valid():
        made = convert_lead(lead, by=request.user, customer=form.chosen_customer(), opportunity=form.opportunity())
        messages.success(request, _("“%(name)s” is a customer now.") % {"name": made.customer.name})
        return redirect(kinds["customer"].url_of(made.customer))
    status = 422 if request.method == "POST" else 200
    crumbs = [(_("Leads"), reverse("leads:list")), (lead.title, reverse("leads:detail", args=[pk]))]
    context = {"lead": lead, "form": form, "duplicates": duplicates, "crumbs": crumbs}
    return render(request, "leads/convert.html", context, status=status)


def _url_in_reach(record: Any, user: Any) -> str:
    return kinds[record.kind].url_of(record) if record is not None and access.covers(user, record) else ""
