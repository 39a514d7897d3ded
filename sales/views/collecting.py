"""The money of an order: its plan, its invoices, what came in."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.formats import current_formats
from records.refusals import Refused
from sales import collect, issue_invoice
from sales.business_day import today
from sales.collect import Part
from sales.collect_forms import PRESETS, PlanForm, ReceiptForm, RefundForm, parts_of, preset
from sales.order_page import may_plan
from sales.views.invoices import entered
from sales.views.orders import show_order
from sales.views.reached_documents import reached_order


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows as typed, or one of the presets as a whole."""
    order = reached_order(request, pk)
    if not may_plan(request.user, order):
        raise PermissionDenied(_("You may not do this."))
    if request.POST.get("preset") in PRESETS:
        rows = preset(request.POST["preset"], today())
        parts = [Part(row["percent"], row["due_on"]) for row in rows]
    else:
        form = PlanForm(request.POST, prefix="plan")
        if not form.is_valid():
            return show_order(request, order, plan_form=form)
        parts = parts_of(form)
        if sum(part.percent for part in parts) != Decimal(100):
            raise Refused(_("The instalments together are 100 %."), reason="percents")
    collect.plan(order, parts, by=request.user)
    messages.success(request, _("The payment is planned."))
    return redirect("sales:order_detail", pk)


@require_POST
def invoice(request: HttpRequest, pk: int, instalment_pk: int) -> HttpResponse:
    order = reached_order(request, pk, "invoice")
    made = issue_invoice.invoice(get_object_or_404(order.instalments, pk=instalment_pk), by=request.user)
    messages.success(request, _("Invoice %(number)s is issued.") % {"number": made.number})
    return redirect("sales:order_detail", pk)


@require_POST
def invoice_whole(request: HttpRequest, pk: int) -> HttpResponse:
    """An order without a plan, in one invoice."""
    made = issue_invoice.invoice_order(reached_order(request, pk, "invoice"), by=request.user)
    messages.success(request, _("Invoice %(number)s is issued.") % {"number": made.number})
    return redirect("sales:invoice_detail", made.pk)


@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    order = reached_order(request, pk, "receive")
    form = ReceiptForm(order, request.POST, today=today())
    if not form.is_valid():
        return show_order(request, order, receipt_form=form)
    typed = form.cleaned_data
    made = collect.receive(
        order, typed["amount"], by=request.user, on=typed["received_on"], instalment=typed["instalment"],
        reference=typed["reference"], key=request.POST.get("key", "")[:64],
    )  # fmt: skip
    messages.success(request, entered(order, made))
    return redirect("sales:order_detail", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int, receipt_pk: int) -> HttpResponse:
    """A receipt that was entered by mistake."""
    order = reached_order(request, pk, "receive")
    collect.withdraw_receipt(get_object_or_404(order.receipts, pk=receipt_pk), by=request.user)
    messages.success(request, _("The receipt is taken out."))
    return redirect("sales:order_detail", pk)


@require_POST
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    order = reached_order(request, pk, "refund")
    form = RefundForm(Decimal(0), request.POST, today=today())
    if not form.is_valid():
        return show_order(request, order, refund_form=form)
    typed = form.cleaned_data
    made = collect.refund(
        order, typed["amount"], by=request.user, on=typed["refunded_on"], reference=typed["reference"],
        key=request.POST.get("key", "")[:64],
    )  # fmt: skip
    amount = current_formats().money(made.amount, made.currency)
    messages.success(request, _("%(amount)s is refunded.") % {"amount": amount})
    return redirect("sales:order_detail", pk)
