"""The page of a churn case and its verbs."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.models import Company
from crm.forms.refusals import page_before
from customers.churn import case as verbs
from customers.churn.lists import STATE_TONES
from customers.churn.signs import because, signs
from customers.churn.story import story_of
from customers.models import ChurnCase
from customers.views.reached import reached
from records.dictionary import entry_by_code, reasons
from records.moves import allowed_moves
from records.refusals import Refused

OF_PEOPLE = ("defer", "confirm", "win_back")


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    may = access.covers(request.user, found, "change")
    today = timezone.now().astimezone(Company.get().zone).date()
    signal = signs.get(found.signal)
    context = {
        "case": found,
        "because": because(found),
        "facts": signal.facts(found.customer_id, today) if signal else "",
        "tone": STATE_TONES.get(found.state, "neutral"),
        "moves": [name for name in allowed_moves(found) if name in OF_PEOPLE] if may else [],
        "shows_customer": access.covers(request.user, found.customer),
        "reasons": reasons("churn_reason"),
        "tomorrow": (today + datetime.timedelta(days=1)).isoformat(),
        "story": story_of(found),
        "crumbs": [(_("Churn"), reverse("customers:churn"))],
    }
    return render(request, "customers/churn/case.html", context)


@require_POST
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    access.require(request.user, "create", "churn")
    made = verbs.open_case(customer, by=request.user, note=request.POST.get("reason", ""))
    messages.success(request, _("The churn case is open."))
    return redirect("customers:churn_case", made.pk)


@require_POST
def defer(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    until = _day(request.POST.get("until", ""))
    verbs.defer(found, request.POST.get("measures", ""), until, by=request.user)
    messages.success(request, _("Deferred: the case comes back on its day."))
    return _back(request, found)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found, asked = _to_change(request, pk), request.POST
    reason = entry_by_code("churn_reason", asked.get("reason", ""))
    if reason is None:
        raise Refused(_("Say why this customer is lost."), reason="reason")
    competitor, note = asked.get("competitor", ""), asked.get("note", "")
    verbs.confirm(found, reason, by=request.user, competitor=competitor, note=note)
    messages.success(request, _("“%(name)s” is confirmed as lost.") % {"name": found.customer})
    return _back(request, found)


@require_POST
def win_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    verbs.win_back(found, by=request.user, note=request.POST.get("note", ""))
    messages.success(request, _("“%(name)s” is won back.") % {"name": found.customer})
    return _back(request, found)


def _reached(request: HttpRequest, pk: int) -> ChurnCase:
    rows = ChurnCase.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("customer__owner", "reason", "rule", "created_by"), pk=pk)


def _to_change(request: HttpRequest, pk: int) -> ChurnCase:
    found = _reached(request, pk)
    access.require(request.user, "change", found)
    return found


def _back(request: HttpRequest, found: Any) -> HttpResponse:
    return redirect(page_before(request, reverse("customers:churn_case", args=[found.pk])))


def _day(text: str) -> Any:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("This is not a date."), reason="date")
    return day
