"""A report: the question above, chart and numbers below, every figure a link to its list."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Company
from reports import charts
from reports.asked import AskedForm
from reports.contribution import BY
from reports.register import Report, reports


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "view", "report")
    return render(request, "reports/list.html", {"reports": reports})


@require_safe
def report(request: HttpRequest, name: str) -> HttpResponse:
    """The page, or its results alone for htmx."""
    found, form = _question(request, name)
    is_fragment = request.htmx and not request.htmx.boosted
    context: dict[str, Any] = {
        "report": found, "form": form, "query": request.GET.urlencode(), "figures": None, "is_empty": False,
    }  # fmt: skip
    if form.is_valid():
        context |= _answer(request, found, form)
    template = f"reports/_{name}.html" if is_fragment and form.is_valid() else found.template
    response = render(request, template, context, status=200 if form.is_valid() else 422)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def chart(request: HttpRequest, name: str) -> HttpResponse:
    found, form = _question(request, name)
    if not form.is_valid():
        return JsonResponse({}, status=422)
    figures = found.run(request.user, form.asked())
    if found.is_empty(figures):
        return JsonResponse({"labels": [], "datasets": []})
    return charts.answer(found.chart(figures), request)


def _question(request: HttpRequest, name: str) -> tuple[Report, AskedForm]:
    access.require(request.user, "view", "report")
    found = reports.get(name)
    if found is None:
        raise Http404
    form = AskedForm(request.GET, user=request.user, default=found.period, now=timezone.now(), extra=found.extra())
    return found, form


def _answer(request: HttpRequest, found: Report, form: AskedForm) -> dict[str, Any]:
    asked = form.asked()
    figures, currency = found.run(request.user, asked), Company.get().currency
    return {
        "asked": asked,
        "figures": figures,
        "is_empty": found.is_empty(figures),
        "stats": found.stats(figures, currency),
        "currency": currency,
        "by_label": BY.get(asked.by, ""),
    }
