"""One view per verb of an order."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from records.dictionary import entry_by_code
from records.refusals import Refused
from sales import run_order
from sales.models import Order
from sales.order_page import may
from sales.views.reached_documents import reached_order


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    run_order.confirm(_reached(request, pk, "confirm"), by=request.user)
    messages.success(request, _("The order is confirmed. Next: plan its payment."))
    return redirect("sales:order_detail", pk)


@require_POST
def ship(request: HttpRequest, pk: int) -> HttpResponse:
    run_order.ship(_reached(request, pk, "ship"), by=request.user)
    messages.success(request, _("The order is shipped."))
    return redirect("sales:order_detail", pk)


@require_POST
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    run_order.deliver(_reached(request, pk, "deliver"), by=request.user)
    messages.success(request, _("The order is delivered."))
    return redirect("sales:order_detail", pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    run_order.close(_reached(request, pk, "close"), by=request.user)
    messages.success(request, _("The order is closed."))
    return redirect("sales:order_detail", pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    order = _reached(request, pk, "cancel")
    reason = entry_by_code("order_cancel_reason", request.POST.get("reason", ""))
    if reason is None:
        raise Refused(_("Choose a reason."), reason="reason_missing")
    run_order.cancel(order, reason, by=request.user)
    messages.success(request, _("The order is cancelled."))
    return redirect("sales:order_detail", pk)


def _reached(request: HttpRequest, pk: int, verb: str) -> Order:
    order = reached_order(request, pk)
    if not may(request.user, order, verb):
        raise PermissionDenied(_("You may not do this."))
    return order
