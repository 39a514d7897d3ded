"""One view per verb of a quote."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access
from records.dictionary import entry_by_code
from records.refusals import Refused
from sales.approval import submit_quote
from sales.create_document import order_quote
from sales.create_document import revise as revise_quote
from sales.send_quote import send_quote
from sales.states import QuoteState
from sales.views.reached_documents import reached_quote


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    quote = reached_quote(request, pk, "change")
    submit_quote(quote, by=request.user)
    waits = quote.state == QuoteState.PENDING
    messages.success(request, _("The quote waits for approval.") if waits else _("The quote can be sent."))
    return redirect("sales:quote_detail", pk)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    reached_quote(request, pk, "approve").approve(by=request.user)
    messages.success(request, _("The quote is approved."))
    return redirect("sales:quote_detail", pk)


@require_POST
def return_it(request: HttpRequest, pk: int) -> HttpResponse:
    quote = reached_quote(request, pk, "approve")
    comment = request.POST.get("reason", "").strip()[:500]
    if not comment:
        raise Refused(_("Say what has to be changed."), reason="reason_missing")
    quote.return_to_draft(comment, by=request.user)
    messages.success(request, _("The quote is a draft again."))
    return redirect("sales:quote_detail", pk)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    send_quote(reached_quote(request, pk, "change"), by=request.user)
    messages.success(request, _("The quote counts as sent. Give its PDF to the customer."))
    return redirect("sales:quote_detail", pk)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    quote = reached_quote(request, pk, "change")
    quote.accept(by=request.user, name=request.POST.get("name", "").strip()[:200])
    messages.success(request, _("The customer accepted. Next: make the order."))
    return redirect("sales:quote_detail", pk)


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    quote = reached_quote(request, pk, "change")
    reason = entry_by_code("quote_decline_reason", request.POST.get("reason", ""))
    if reason is None:
        raise Refused(_("Choose a reason."), reason="reason_missing")
    quote.decline(reason, by=request.user, note=request.POST.get("note", "").strip()[:500])
    messages.success(request, _("The quote is marked as declined."))
    return redirect("sales:quote_detail", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    reached_quote(request, pk, "change").withdraw(by=request.user)
    messages.success(request, _("The quote is withdrawn."))
    return redirect("sales:quote_detail", pk)


@require_POST
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    again = revise_quote(reached_quote(request, pk, "change"), by=request.user)
    messages.success(request, _("A new draft with the same lines. The old quote stays as it was."))
    return redirect("sales:quote_detail", again.pk)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    quote = reached_quote(request, pk, "change")
    access.require(request.user, "create", "order")
    made = order_quote(quote, by=request.user)
    messages.success(request, _("Order %(number)s is entered.") % {"number": made.number})
    return redirect("sales:order_detail", made.pk)
