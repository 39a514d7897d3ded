"""The products of an opportunity: added, changed and removed on its page, or on a page of their own without htmx."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sales.forms import LineForm
from sales.lines import add_line, change_line, remove_line
from sales.models import Opportunity, OpportunityLine
from sales.views.opportunity_verbs import reached


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "change")
    form = LineForm(request.POST or None, user=request.user)
    if form.is_valid():
        values = form.cleaned_data
        add_line(opportunity, values.pop("product"), by=request.user, **values)
        messages.success(request, _("Product added."))
        return redirect("sales:opportunity_detail", pk)
    return _page(request, opportunity, form, _("Add product"))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "change")
    line = _line(opportunity, line_pk)
    form = LineForm(request.POST or None, user=request.user, line=line)
    if form.is_valid():
        change_line(line, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("sales:opportunity_detail", pk)
    return _page(request, opportunity, form, line.product.label)


@require_POST
def remove(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "change")
    remove_line(_line(opportunity, line_pk), by=request.user)
    messages.success(request, _("Product removed."))
    return redirect("sales:opportunity_detail", pk)


def _line(opportunity: Opportunity, pk: int) -> OpportunityLine:
    return get_object_or_404(opportunity.lines.select_related("product", "opportunity"), pk=pk)


def _page(request: HttpRequest, opportunity: Opportunity, form: LineForm, title: str) -> HttpResponse:
    context = {"opportunity": opportunity, "form": form, "title": title}
    return render(request, "sales/line_form.html", context, status=422 if form.is_bound else 200)
