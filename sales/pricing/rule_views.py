"""The pages of exchange rates, of the rule for quotes, and of the numbers of documents."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.models import Company
from crm.forms import edit_view
from crm.hub import crumb
from records.field_history import field_history
from records.refusals import Refused
from sales.business_day import today
from sales.models import ExchangeRate, NumberSeries, QuotePolicy
from sales.pricing.change import change_series, delete_rate, set_rate
from sales.pricing.forms import QuotePolicyForm, RateForm, SeriesForm
from sales.pricing.page import rate_rows, series_rows

SERIES = {
    "quote": gettext_lazy("Quotes"), "order": gettext_lazy("Orders"), "invoice": gettext_lazy("Invoices"),
    "credit_note": gettext_lazy("Credit notes"), "contract": gettext_lazy("Contracts"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """Rates bind everybody; who may set them is a right of its own (sales operations, finance)."""
    access.require_all(request.user, "change", "rate")
    form = RateForm(request.POST or None, initial={"valid_from": today()})
    if form.is_valid():
        try:
            held = set_rate(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("currency", refusal.message)
        else:
            messages.success(
                request, _("Saved. Opportunities in %(currency)s are reckoned anew.") % {"currency": held.currency}
            )
            return redirect("sales:rates")
    context = {"form": form, "rows": rate_rows(), "own": Company.get().currency, "crumbs": [crumb()]}
    return render(request, "sales/pricing/rates.html", context, status=422 if form.is_bound else 200)


@require_POST
def rate_delete(request: HttpRequest, pk: int) -> HttpResponse:
    access.require_all(request.user, "change", "rate")
    delete_rate(get_object_or_404(ExchangeRate, pk=pk), by=request.user)
    messages.success(request, _("The rate is deleted. The rate before it holds."))
    return redirect("sales:rates")


@require_http_methods(["GET", "HEAD", "POST"])
def quote_policy(request: HttpRequest) -> HttpResponse:
    access.require_all(request.user, "change", "rules")
    held = QuotePolicy.get()

    def save(form: QuotePolicyForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        return QuotePolicy.get().edit(values, by=form.user, opened=opened)

    return edit_view(
        request, held, QuotePolicyForm, title=_("Rule for quotes"), template="sales/pricing/quote_policy.html",
        success_url=request.path, save=save, cancel_url=reverse("records:settings"),
        extra={"crumbs": [crumb()], "changes": [row.as_row() for row in field_history(held, 10)]},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD"])
def numbers(request: HttpRequest) -> HttpResponse:
    access.require_all(request.user, "change", "company")
    context = {"rows": series_rows(SERIES, today()), "crumbs": [crumb()]}
    return render(request, "sales/pricing/numbers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def number_series(request: HttpRequest, code: str) -> HttpResponse:
    access.require_all(request.user, "change", "company")
    series = get_object_or_404(NumberSeries, pk=code)
    form = SeriesForm(request.POST or None, instance=NumberSeries(pk=code, pattern=series.pattern))
    if form.is_valid():
        change_series(series, form.cleaned_data["pattern"], by=request.user)
        messages.success(request, _("Saved. Numbers that were given stay as they are."))
        return redirect("sales:numbers")
    context = {
        "form": form, "title": SERIES.get(code, code), "cancel_url": reverse("sales:numbers"), "opened": "", "once": "",
        "conflict": None, "crumbs": [crumb(), (_("Numbers of documents"), reverse("sales:numbers"))], "changes": [],
    }  # fmt: skip
    return render(request, "records/settings/entry.html", context, status=422 if form.is_bound else 200)
