"""What the charts draw, as JSON for Chart.js. The only module that knows django-chartjs."""

from collections.abc import Iterator
from typing import Any

from chartjs.views.lines import BaseLineChartView
from django.utils.translation import gettext as _

from reports.contribution import Contribution
from reports.funnel import Funnel
from reports.way import Way

BARS = 20


class Chart(BaseLineChartView):
    """One figure per label. Colours are the page's own: the script takes them from the style sheet."""

    def __init__(self, labels: list[str], series: dict[str, list[float]]) -> None:
        super().__init__()
        self.labels, self.series = labels, series

    def get_colors(self) -> Iterator[tuple[int, int, int]]:
        while True:
            yield (0, 0, 0)

    def get_labels(self) -> list[str]:
        return self.labels

    def get_providers(self) -> list[str]:
        return list(self.series)

    def drawn(self) -> dict[str, Any]:
        """What the script draws; it stands in the page, so that the figures are reckoned once."""
        found = self.get_context_data()
        return {"labels": found["labels"], "datasets": found["datasets"]}

    def get_data(self) -> list[list[float]]:
        return list(self.series.values())


def funnel_chart(funnel: Funnel) -> Chart:
    """The cohort of the first pipeline: one bar per stage, the win last."""
    first = [row for row in funnel.rows if row.pipeline == funnel.rows[0].pipeline]
    labels = [str(row.stage) if row.stage else _("Won") for row in first]
    return Chart(labels, {_("Opportunities"): [row.reached for row in first]})


def way_chart(found: Way) -> Chart:
    return Chart([str(row.label) for row in found.rows], {_("Leads"): [row.reached for row in found.rows]})


def contribution_chart(found: Contribution) -> Chart:
    """Pareto: the largest as bars, their cumulative share in percent as a line."""
    rows = found.rows[:BARS]
    return Chart(
        [row.label or _("None") for row in rows],
        {
            _("Value"): [float(row.value) for row in rows],
            _("Cumulative share, %"): [round(100 * (row.cumulative or 0), 1) for row in rows],
        },
    )
