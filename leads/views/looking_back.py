"""Pages that look back on the assignment rules: what they would have done, and how fairly they gave."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from leads.fairness import fairness
from leads.period_form import period_of
from leads.simulate import simulate


@require_safe
def simulation(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "change", "rules")
    form, period = period_of(request.GET)
    context = {"form": form, "crumbs": _crumbs(), "simulation": None}
    if period:
        context["simulation"] = simulate(request.user, first=period[0], last=period[1], now=timezone.now())
    return render(request, "leads/simulation.html", context, status=200 if period else 422)


@require_safe
def fair(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "change", "rules")
    form, period = period_of(request.GET)
    told = fairness(request.user, first=period[0], last=period[1]) if period else []
    context = {"form": form, "crumbs": _crumbs(), "told": told}
    return render(request, "leads/fairness.html", context, status=200 if period else 422)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Leads"), reverse("leads:list")), (_("Assignment rules"), reverse("leads:rules"))]
