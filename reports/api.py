"""``GET /api/v1/reports/<name>``: the figures of the page, for programs. Without dates: all time."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from accounts import access
from accounts.models import Company
from crm.endpoints.problems import ApiProblem
from reports.asked import Asked, AskedForm
from reports.register import refuse_hidden, reports

router = Router(tags=["reports"])
ROUTERS = (("/reports", router),)


class PeriodOut(Schema):
    start: str | None
    end: str | None


class ReportOut(Schema):
    period: PeriodOut
    filters: dict[str, Any]
    currency: str
    rows: list[dict[str, Any]]
    totals: dict[str, Any]


@router.get("/{name}", response={200: ReportOut}, operation_id="get_report")
def get_report(request: HttpRequest, name: str) -> Any:
    """One report. Filters: from, to, team, owner, pipeline, and what the report asks besides (measure, by, page)."""
    access.require(request.user, "view", "report")
    report = reports.get(name)
    if report is None:
        raise Http404
    if not report.is_for(request.user):
        raise PermissionDenied
    refuse_hidden(report, request.user, request.GET)
    form = AskedForm(request.GET, user=request.user, report=report, default="all", now=timezone.now())
    unknown = set(request.GET) - set(form.fields)
    if unknown or not form.is_valid():
        errors = {key: [str(text) for text in texts] for key, texts in form.errors.items()}
        errors |= {key: ["There is no such filter."] for key in unknown}
        raise ApiProblem(422, "Some filters are not right.", errors=errors)
    asked = form.asked()
    return Status(200, {**_head(asked), **report.show(report.run(request.user, asked), asked)})


def _head(asked: Asked) -> dict[str, Any]:
    period = asked.period
    filters = asked.params() | {name: value for name, value in (("measure", asked.measure), ("by", asked.by)) if value}
    return {
        "period": {
            "start": period.start.isoformat() if period.start else None,
            "end": period.end.isoformat() if period.end else None,
        },
        "filters": filters,
        "currency": Company.get().currency,
    }
