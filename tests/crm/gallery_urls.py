"""The product's addresses and one page more: every part of templates/_parts, as docs/look.md describes them."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from crm.toasts import toast_with_undo
from crm.urls import urlpatterns as product

GALLERY = Path(__file__).with_name("gallery.html").read_text("utf-8")


class LeadForm(forms.Form):
    name = forms.CharField(help_text="As on the card.")
    email = forms.EmailField(required=False)
    source = forms.ChoiceField(choices=[("web", "Web site"), ("fair", "Trade fair")])
    regions = forms.MultipleChoiceField(choices=[(str(n), f"Region {n}") for n in range(12)], required=False)
    note = forms.CharField(widget=forms.Textarea, required=False)
    is_hot = forms.BooleanField(required=False)


def gallery(request):
    if request.method == "POST" and "toast" in request.POST:
        toast_with_undo(request, "Customer released", "/profile/")
        return HttpResponse("<p>swapped</p>")
    if "toast" in request.GET:
        toast_with_undo(request, "Customer released", "/profile/")
        messages.error(request, "That phone number makes no sense")
    form = LeadForm(request.POST or None)
    values = {"form": form, "at": datetime(2026, 3, 4, 5, 6, tzinfo=UTC), "amount": Decimal("-1234567.5")} | TABLES
    status = 422 if form.is_bound and not form.is_valid() else 200
    return HttpResponse(engines["django"].from_string(GALLERY).render(values, request), status=status)


def hits(request):
    lines = [f'<a class="search-hit" href="/profile/">{word} {request.GET["q"]}</a>' for word in ("Acme", "Bolt")]
    return HttpResponse("".join(lines))


def failing(request):
    return HttpResponse("no", status=503)


TABLES = {
    "crumbs": [("Leads", "/"), ("North", "/")],
    "facts": [("Phone", "+49 30 1234"), ("E-mail", ""), ("Estimated value", "€ 12,000")],
    "columns": [{"label": "Person"}, {"label": "Won", "kind": "number"}],
    "rows": [{"cells": ["Alice", "12"], "url": "/"}, {"cells": ["All", "12"], "total": True}],
    "tabs": [
        {"label": "Timeline", "url": "#", "current": True, "count": "12"},
        {"label": "Files", "url": "#", "current": False},
    ],
    "steps": [
        {"label": "Lead", "state": "done", "url": "/", "text": "3 Mar"},
        {"label": "Customer", "state": "done"},
        {"label": "Opportunity", "state": "now", "url": "/"},
        {"label": "Quote", "state": "next"},
        {"label": "Order", "state": "next"},
        {"label": "Paid", "state": "next"},
    ],
    "conflicts": [{"name": "phone", "label": "Phone", "mine": "1", "theirs": "2"}],
    "reasons": [("price", "Price"), ("other", "Other")],
}

urlpatterns = [*product, path("gallery/", gallery), path("failing/", failing), path("hits/", hits)]
