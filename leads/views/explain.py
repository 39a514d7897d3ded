"""Which rule would take a lead, told to those who assign it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.views.reached import reached
from leads.which_rule import which_rule


@require_safe
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "assign")
    crumbs = [(_("Leads"), reverse("leads:list")), (lead.title, reverse("leads:detail", args=[pk]))]
    answer = which_rule(lead, now=timezone.now())
    return render(request, "leads/which_rule.html", {"lead": lead, "answer": answer, "crumbs": crumbs})
