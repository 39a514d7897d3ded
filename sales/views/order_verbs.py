"""One view per verb of an order."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.formats import current_formats
from records.dictionary import entry_by_code
from records.refusals import Refused
from sales import run_order
from sales.models import Order, OrderReturn
from sales.order_page import may
from sales.states import OrderState
from sales.take_back import cancel_rest as give_up_rest
from sales.take_back import take_back as take_goods_back
from sales.views.reached_documents import reached_order


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    run_order.confirm(_reached(request, pk, "confirm"), by=request.user)
    messages.success(request, _("The order is confirmed. Next: plan its payment."))
    return redirect("sales:order_detail", pk)


@require_POST
def ship(request: HttpRequest, pk: int) -> HttpResponse:
    order = _reached(request, pk, "ship")
    reference = request.POST.get("reference", "").strip()[:120]
    run_order.ship(order, _quantities(request, order), by=request.user, reference=reference)
    is_whole = order.state == OrderState.SHIPPED
    messages.success(request, _("The order is shipped.") if is_whole else _("A part of the order is shipped."))
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


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    order = _reached(request, pk, "return")
    made = take_goods_back(
        order, _quantities(request, order) or {}, _return_reason(request), by=request.user,
        note=request.POST.get("note", "").strip()[:500], key=request.POST.get("key", "")[:64],
    )  # fmt: skip
    messages.success(request, _taken_off(made))
    return redirect("sales:order_detail", pk)


@require_POST
def cancel_rest(request: HttpRequest, pk: int) -> HttpResponse:
    made = give_up_rest(_reached(request, pk, "cancel_rest"), _return_reason(request), by=request.user)
    messages.success(request, _taken_off(made))
    return redirect("sales:order_detail", pk)


def _taken_off(made: OrderReturn) -> str:
    amount = current_formats().money(made.gross, made.order.currency)
    return _("The order is lower by %(amount)s.") % {"amount": amount}


def _return_reason(request: HttpRequest) -> Any:
    reason = entry_by_code("order_return_reason", request.POST.get("reason", ""))
    if reason is None:
        raise Refused(_("Choose a reason."), reason="reason_missing")
    return reason


def _quantities(request: HttpRequest, order: Order) -> dict[int, Decimal] | None:
    """By line, as typed; None when the form has no lines."""
    names = {line.pk: f"quantity-{line.pk}" for line in order.lines.all()}
    if not any(name in request.POST for name in names.values()):
        return None
    field = forms.DecimalField(min_value=0, max_digits=14, decimal_places=3, required=False)
    try:
        return {
            pk: field.clean(request.POST.get(name, "").replace(",", ".")) or Decimal(0) for pk, name in names.items()
        }
    except ValidationError as error:
        raise Refused(error.messages[0], reason="quantity") from error


def _reached(request: HttpRequest, pk: int, verb: str) -> Order:
    order = reached_order(request, pk)
    if not may(request.user, order, verb):
        raise PermissionDenied(_("You may not do this."))
    return order
