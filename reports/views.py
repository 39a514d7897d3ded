"""A report: the question above, chart and numbers below, every figure a link to its list."""

import dataclasses
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.models import Company
from reports.asked import AskedForm
from reports.compare import compared
from reports.export import KINDS, export_report
from reports.month import is_for
from reports.month import month as month_so_far
from reports.register import Report, refuse_hidden, reports, reports_for


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "view", "report")
    shown = [(report, _offered(report, request.user)) for report in reports_for(request.user)]
    return render(request, "reports/list.html", {"reports": shown})


def _offered(report: Report, user: Any) -> list[dict[str, Any]]:
    address = reverse("reports:report", args=[report.name])
    return [{"label": label, "url": f"{address}?{urlencode(asked)}"} for label, asked in report.questions(user)]


@require_safe
def report(request: HttpRequest, name: str) -> HttpResponse:
    """The page, or its results alone for htmx."""
    found, form = question(request, name)
    is_fragment = request.htmx and not request.htmx.boosted
    context: dict[str, Any] = {
        "report": found, "form": form, "query": request.GET.urlencode(), "figures": None, "is_empty": False,
        "tabs": _tabs(request, found), "can_export": access.allows(request.user, "export", "report"),
    }  # fmt: skip
    if form.is_valid():
        context |= _answer(request, found, form)
    template = f"reports/_{name}.html" if is_fragment and form.is_valid() else found.template
    response = render(request, template, context, status=200 if form.is_valid() else 422)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """What the page of today fetches; a page of its own for those without JavaScript."""
    if not is_for(request.user):
        raise PermissionDenied
    stats = month_so_far(request.user, today=timezone.now().astimezone(Company.get().zone).date())
    is_fragment = request.htmx and not request.htmx.boosted
    response = render(request, "_parts/stats.html" if is_fragment else "reports/month.html", {"stats": stats})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file of what the address asks for; the filter stands in the address, the format is posted."""
    found, form = question(request, name)
    access.require(request.user, "export", "report")
    kind = request.POST.get("format", "csv")
    if kind not in KINDS or not form.is_valid():
        raise Http404
    return export_report(found, form.asked(), kind, by=request.user)


def question(request: HttpRequest, name: str) -> tuple[Report, AskedForm]:
    """404 for no such report, 403 for one or for a measure that the person has no right to."""
    access.require(request.user, "view", "report")
    found = reports.get(name)
    if found is None:
        raise Http404
    if not found.is_for(request.user):
        raise PermissionDenied
    refuse_hidden(found, request.user, request.GET)
    return found, AskedForm(request.GET, user=request.user, report=found, now=timezone.now())


def _tabs(request: HttpRequest, found: Report) -> list[dict[str, Any]]:
    if not found.group:
        return []
    kept = {name: value for name, value in request.GET.items() if name in ("period", "from", "to", "team", "owner")}
    tail = f"?{urlencode(kept)}" if kept else ""
    return [
        {"label": one.title, "url": reverse("reports:report", args=[one.name]) + tail, "current": one is found}
        for one in reports_for(request.user)
        if one.group == found.group
    ]


def _answer(request: HttpRequest, found: Report, form: AskedForm) -> dict[str, Any]:
    asked = form.asked()
    figures, currency = found.run(request.user, asked), Company.get().currency
    is_empty = found.is_empty(figures)
    stats = found.stats(figures, currency)
    before = asked.period.before(form.today) if asked.is_compared else None
    if before is not None:
        earlier = found.run(request.user, dataclasses.replace(asked, period=before, page=1))
        stats = compared(stats, found.stats(earlier, currency))
    chart = None if is_empty else found.chart(figures)
    return {
        "asked": asked,
        "figures": figures,
        "is_empty": is_empty,
        "stats": stats,
        "before": before,
        "currency": currency,
        "chart": chart.drawn() if chart else None,
        "by_label": found.by_label(asked),
        "pages": _pages(request, found, figures, asked.page),
    }


def _pages(request: HttpRequest, found: Report, figures: Any, page: int) -> dict[str, str]:
    last = getattr(figures, "pages", 1)

    def address(number: int) -> str:
        if not 1 <= number <= last:
            return ""
        query = request.GET.copy()
        query["page"] = str(number)
        return f"{reverse('reports:report', args=[found.name])}?{query.urlencode()}"

    return {"newer": address(page - 1), "older": address(page + 1)}
