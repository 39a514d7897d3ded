"""The reports there are: a later one adds itself here, and has page, chart, export, menu entry and API at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied

from crm.register import Register
from reports.asked import Asked
from reports.charts import Chart
from reports.tables import Table


@dataclass(frozen=True)
class Report:
    """``run(user, asked, whole)`` gives the figures, all rows if ``whole``; ``chart(figures)`` what is drawn;
    ``show(figures, asked)`` the API's body; ``stats(figures, currency)`` the large figures above; ``table(figures,
    asked)`` what an export writes.

    ``is_for(user)``: who has it at all. ``extra(user)``: further questions as name → (label, {code: label}), the first
    code being the default. ``without``: usual questions that it does not ask. ``group``: reports of one group are tabs
    of one another. ``questions``: (label, parameters) that the hub offers. ``by_label(asked)``: the head of the column
    by which the rows are split.
    """

    name: str
    title: Any
    about: Any
    icon: str
    run: Callable[..., Any]
    chart: Callable[[Any], Chart]
    show: Callable[[Any, Asked], dict[str, Any]]
    is_empty: Callable[[Any], bool]
    stats: Callable[[Any, str], list[dict[str, Any]]]
    table: Callable[[Any, Asked], Table]
    is_for: Callable[[Any], bool]
    period: str = "last_30_days"
    extra: Callable[[Any], dict[str, tuple[Any, dict[str, Any]]]] = field(default=lambda user: {})
    without: tuple[str, ...] = ()
    group: str = ""
    questions: Callable[[Any], list[tuple[Any, dict[str, str]]]] = field(default=lambda user: [])
    by_label: Callable[[Asked], Any] = field(default=lambda asked: "")

    @property
    def template(self) -> str:
        return f"reports/{self.name}.html"


reports: Register[Report] = Register("report")


def reports_for(user: Any) -> list[Report]:
    return [report for report in reports if report.is_for(user)]


def refuse_hidden(report: Report, user: Any, data: Any) -> None:
    """A choice that exists, but not for this person."""
    offered, known = report.extra(user), report.extra(None)
    for name, (_label, choices) in known.items():
        asked = data.get(name)
        if asked in choices and asked not in offered[name][1]:
            raise PermissionDenied
