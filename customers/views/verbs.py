"""The verbs of a customer's page that take a word or none."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers import judge
from customers.log_activity import plan_next_contact
from customers.protect import protect as protect_until
from customers.views.reached import back, reached
from records import sharing, tagging
from records.refusals import Refused


@require_POST
def mark_invalid(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    judge.mark_invalid(customer, request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("Marked as not valid."))
    return back(request, customer)


@require_POST
def mark_valid(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    judge.mark_valid(customer, by=request.user)
    messages.success(request, _("Marked as valid."))
    return back(request, customer)


@require_POST
def plan_contact(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    at = moment(request.POST.get("at", ""))
    plan_next_contact(customer, at, by=request.user)
    messages.success(request, _("The next contact is planned.") if at else _("No next contact is planned now."))
    return back(request, customer)


@require_POST
def protect(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "protect")
    ends = "end" in request.POST
    protect_until(customer, None if ends else day_end(request.POST.get("until", "")), by=request.user)
    messages.success(request, _("The protection is over.") if ends else _("The customer is protected."))
    return back(request, customer)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "delete")
    customer.trash(by=request.user)
    messages.success(request, _("“%(name)s” is in the trash.") % {"name": customer.name})
    return redirect("customers:list")


@require_POST
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    names = request.POST.get("tags", "").replace("，", ",").split(",")
    tagging.add_tags(customer, names, by=request.user)
    return back(request, customer)


@require_POST
def untag(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    tagging.remove_tag(customer, number(request.POST.get("tag")), by=request.user)
    return back(request, customer)


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    person = sharing.colleague(request.POST.get("user", ""))
    until = day_end(request.POST.get("until", "")) if request.POST.get("until") else None
    sharing.share(customer, person, by=request.user, can_write="can_write" in request.POST, until=until)
    messages.success(request, _("Shared with %(name)s.") % {"name": person})
    return back(request, customer)


@require_POST
def unshare(request: HttpRequest, pk: int, collaborator: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    sharing.unshare(customer, collaborator, by=request.user)
    messages.success(request, _("No longer shared."))
    return back(request, customer)


def moment(text: str) -> datetime | None:
    """What the browser's input says, in the person's zone; None for nothing."""
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Refused(_("This is not a date and time."), reason="moment")
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def day_end(text: str) -> datetime:
    """The end of a day in the person's zone."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("This is not a date."), reason="date")
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def number(text: Any) -> int:
    if not str(text or "").isdecimal() or int(text) >= 2**63:
        raise Refused(_("This is no longer here."), reason="gone")
    return int(text)
