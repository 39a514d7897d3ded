"""The page that everybody sees first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.formats import current_formats
from crm.menu import Entry, menu_for, quick_create_for
from customers.today import today_for
from customers.today_later import later_for


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    shown = today_for(request.user, now=now)
    context = {
        "today": shown,
        "greeting": _greeting(request.user, now),
        "day": current_formats().full(timezone.localdate(now)),
        "later": later_for(request.user),
        "places": [] if shown.blocks else _places(request.user),
        "quick": quick_create_for(request.user),
    }
    return render(request, "customers/today.html", context)


def _greeting(user: Any, now: Any) -> str:
    hour = timezone.localtime(now).hour
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": user.name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": user.name}
    return _("Good evening, %(name)s") % {"name": user.name}


def _places(user: Any) -> list[Entry]:
    """Who has nothing to do here sees where she may go: reports, data, the system."""
    return [entry for section in menu_for(user, "/") for entry in section.entries if entry.url != "/"]
