"""Contact points: add, make main, mark, remove."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers import points
from customers.models import Contact, Customer, PointKind
from customers.points import Point
from customers.views.reached import back, reached
from records.refusals import Refused

VERBS = {
    "main": lambda row, by: points.set_main(row, by=by),
    "valid": lambda row, by: points.set_valid(row, True, by=by),
    "invalid": lambda row, by: points.set_valid(row, False, by=by),
    "remove": lambda row, by: points.remove_point(row, by=by),
}


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    return _add(request, customer, None)


@require_POST
def add_to_contact(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    return _add(request, customer, get_object_or_404(customer.contacts.live(), pk=contact))


@require_POST
def verb(request: HttpRequest, pk: int, point: int, name: str) -> HttpResponse:
    customer = reached(request, pk, "change")
    if name not in VERBS:
        raise Http404
    VERBS[name](get_object_or_404(customer.points.select_related("contact"), pk=point), request.user)
    return back(request, customer)


def _add(request: HttpRequest, customer: Customer, contact: Contact | None) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in PointKind.values:
        raise Refused(_("Choose the kind."), reason="kind")
    point = Point(kind, request.POST.get("value", "")[:254], request.POST.get("label", "")[:60])
    try:
        points.add_point(customer, point, by=request.user, contact=contact)
    except ValidationError as error:
        raise Refused(error.messages[0], reason="point") from error
    messages.success(request, _("Added."))
    return back(request, customer)
