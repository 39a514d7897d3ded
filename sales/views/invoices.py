"""Invoices and instalments: their lists, the page of an invoice with its PDF, and the entry of money."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from crm.formats import current_formats
from crm.forms.refusals import page_before
from crm.lists.respond import respond
from records.refusals import Refused
from sales import collect, issue_invoice
from sales.business_day import today
from sales.collect_forms import ReceiptForm
from sales.invoice_page import invoice_page
from sales.invoice_pdf import invoice_file
from sales.models import Instalment, Invoice, Receipt
from sales.money_lists import instalment_list
from sales.money_to_come import money_to_come, places_of_sums

_AROUND = ("instalment", "order__customer__owner", "credits", "order_return__reason", "issued_by")


@require_safe
def instalments(request: HttpRequest) -> HttpResponse:
    is_whole = not request.htmx or request.htmx.boosted  # type: ignore[attr-defined]
    sums = places_of_sums() if is_whole else []
    return respond(request, instalment_list, template="sales/instalment_list.html", sums=sums)


@require_safe
def instalment_sums(request: HttpRequest) -> HttpResponse:
    """What the page of the list fetches; a page of its own for those without JavaScript."""
    access.require(request.user, "view", instalment_list.rights)
    sums, panel = money_to_come(request.user, today=today()), "sales/_instalment_sums.html"
    is_fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    context = {"sums": sums, "spec": instalment_list, "back": instalment_list.url, "panel": panel}
    response = render(request, panel if is_fragment else "lists/panel.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    page = invoice_page(request.user, reached_invoice(request, pk), today=today())
    return render(request, "sales/invoice.html", {"page": page, "invoice": page.invoice})


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = reached_invoice(request, pk)
    answer = HttpResponse(invoice_file(invoice), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{invoice.number}.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def void(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = reached_invoice(request, pk, "invoice")
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        raise Refused(_("Say why the invoice is taken back."), reason="reason_missing")
    made = issue_invoice.void_invoice(invoice, by=request.user, reason=reason)
    messages.success(request, _("Credit note %(number)s takes the invoice back.") % {"number": made.number})
    return redirect("sales:invoice_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """The money for one instalment, filled in as it is expected: usually one key press."""
    rows = Instalment.objects.visible_to(request.user).select_related("order__customer__owner")
    instalment = get_object_or_404(rows, pk=pk)
    order = instalment.order
    access.require(request.user, "receive", order)
    form = ReceiptForm(order, request.POST or None, today=today(), instalment=instalment)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = collect.receive(
            order, typed["amount"], by=request.user, on=typed["received_on"], instalment=typed["instalment"],
            reference=typed["reference"], key=request.POST.get("key", "")[:64],
        )  # fmt: skip
        messages.success(request, entered(order, made))
        return redirect(page_before_form(request))
    context = {
        "instalment": instalment, "order": order, "form": form, "next": page_before_form(request),
        "receipt_key": request.POST.get("key") or secrets.token_urlsafe(16),
    }  # fmt: skip
    return render(request, "sales/receive.html", context, status=422 if form.is_bound else 200)


def entered(order: Any, receipt: Receipt) -> str:
    """What came in, and what that leaves open or over."""
    formats = current_formats()
    credit, words = collect.credit_of(order), {"amount": formats.money(receipt.amount, receipt.currency)}
    if credit > 0:
        return _("%(amount)s entered. %(credit)s is more than was asked for and stays as credit.") % {
            **words, "credit": formats.money(credit, order.currency)
        }  # fmt: skip
    if order.outstanding > 0:
        left = formats.money(order.outstanding, order.currency)
        return _("%(amount)s entered. %(left)s of the order is still open.") % {**words, "left": left}
    return _("%(amount)s entered. The order is paid.") % words


def page_before_form(request: HttpRequest) -> str:
    """The list or the order from which the person came; the form itself is no such page."""
    found = page_before(request, otherwise="")
    return found if found and request.path not in found else reverse("sales:instalment_list") + "?view=open"


def reached_invoice(request: HttpRequest, pk: int, action: str = "view") -> Invoice:
    """The invoice within reach (404 otherwise), with whose order the person may do ``action`` (403 otherwise)."""
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user).select_related(*_AROUND), pk=pk)
    access.require(request.user, action, invoice.order)
    return invoice
