"""What may be the same, while a new customer is being typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts import access
from accounts.models import Company
from customers.duplicates import Found, Signals
from customers.duplicates import similar as find_similar

PHONES = ("phone", "mobile", "contact_phone")
EMAILS = ("email", "contact_email")


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """A fragment. By POST, because what is told of records out of reach is counted and logged."""
    access.require(request.user, "create", "customer")
    typed = request.POST
    signals = Signals.read(
        name=typed.get("name", ""),
        phones=[typed.get(name, "") for name in PHONES],
        emails=[typed.get(name, "") for name in EMAILS],
        tax_number=typed.get("tax_number", ""),
        country=typed.get("country", "") or Company.get().country,
    )
    found = find_similar(request.user, signals) if signals != Signals() else Found()
    return render(request, "customers/_similar.html", {"found": found})
