"""How every view of this room comes to its rows: within reach (404 otherwise), then the right (403 otherwise)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts import access
from crm.forms.refusals import page_before
from leads.models import Lead

_RELATED = (
    "owner", "team", "source", "region", "industry", "lost_reason", "rule", "referred_by", "customer", "opportunity",
)  # fmt: skip


def reached(request: HttpRequest, pk: int, action: str = "view") -> Lead:
    lead = get_object_or_404(Lead.objects.visible_to(request.user).select_related(*_RELATED), pk=pk)
    if action != "view":
        access.require(request.user, action, lead)
    return lead


def back(request: HttpRequest, lead: Lead) -> HttpResponse:
    """To the page from which the verb was asked, else to the lead's."""
    return redirect(page_before(request, reverse("leads:detail", args=[lead.pk])))
