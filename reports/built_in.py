"""The reports that come with the product, as register entries: what the API says of each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Company
from crm.money import round_money
from reports import charts
from reports.asked import Asked
from reports.contribution import PAGE, Contribution, contribution, measures
from reports.dimensions import DIMENSIONS
from reports.funnel import Funnel, funnel
from reports.lead_report import LEADS
from reports.orders import MARGIN, ORDERS, RECEIPTS
from reports.period import PRESETS
from reports.register import Report, reports
from reports.stats import contribution_stats, funnel_stats, way_stats
from reports.tables import contribution_table, funnel_table, way_table
from reports.way import Way, whole_way
from reports.won import WON


def register() -> None:
    measures.add("orders", ORDERS)  # the first one is the default
    measures.add("won", WON)
    measures.add("receipts", RECEIPTS)
    measures.add("margin", MARGIN)
    for report in (FUNNEL, WAY, CONTRIBUTION, LEADS):
        reports.add(report.name, report)


def _questions_of_contribution(user: Any) -> dict[str, tuple[Any, dict[str, Any]]]:
    """``user`` None: all there are."""
    offered = {name: measures[name] for name in measures.names() if user is None or measures[name].is_for(user)}
    return {
        "measure": (_("Measure"), {name: measure.label for name, measure in offered.items()}),
        "by": (_("By"), {name: dimension.label for name, dimension in DIMENSIONS.items()}),
    }


def _often_asked(user: Any) -> list[tuple[Any, dict[str, str]]]:
    asked = [
        (_("Orders by customer"), "orders", "customer"), (_("Orders by product"), "orders", "product"),
        (_("Won by person"), "won", "person"), (_("Receipts by team"), "receipts", "team"),
        (_("Margin by product"), "margin", "product"),
    ]  # fmt: skip
    return [(label, {"measure": name, "by": by}) for label, name, by in asked if measures[name].is_for(user)]


def show_funnel(found: Funnel, asked: Asked) -> dict[str, Any]:
    currency = Company.get().currency
    totals = found.totals
    return {
        "rows": [
            {
                "pipeline": row.pipeline.pk, "stage": row.stage.pk if row.stage else None,
                "name": str(row.stage) if row.stage else "won", "reached": row.reached,
                "amount": str(round_money(row.amount, currency)), "from_previous": row.from_previous,
                "overall": row.overall, "median_days": row.median_days, "now": row.now,
                "now_amount": str(round_money(row.now_amount, currency)), "list": row.list,
            }
            for row in found.rows
        ],
        "totals": {
            "created": totals.created, "won": totals.won, "lost": totals.lost, "open": totals.open,
            "won_amount": str(round_money(totals.won_amount, currency)), "win_rate": totals.win_rate,
            "closed_won": totals.closed_won, "closed_lost": totals.closed_lost, "cycle_mean": totals.cycle_mean,
            "cycle_median": totals.cycle_median, "undated": totals.undated,
        },
    }  # fmt: skip


def show_way(found: Way, asked: Asked) -> dict[str, Any]:
    return {
        "rows": [
            {
                "step": row.step.name.lower(), "name": str(row.label), "reached": row.reached,
                "from_previous": row.from_previous, "overall": row.overall, "list": row.list,
            }
            for row in found.rows
        ],
        "totals": {"leads": found.leads, "won": found.rows[-1].reached},
    }  # fmt: skip


def show_contribution(found: Contribution, asked: Asked) -> dict[str, Any]:
    currency = Company.get().currency
    return {
        "rows": [
            {
                "place": row.place, "key": row.key, "name": row.label,
                "value": str(round_money(row.value, currency)), "count": row.facts, "share": row.share,
                "cumulative": row.cumulative, "class": row.grade, "list": row.list,
            }
            for row in found.rows
        ],
        "totals": {
            "value": str(round_money(found.total, currency)), "count": found.facts, "rows": found.count,
            "page": found.page, "pages": found.pages,
            "classes": {
                item.grade: {"rows": item.rows, "value": str(round_money(item.value, currency))}
                for item in found.classes
            },
        },
    }  # fmt: skip


FUNNEL = Report(
    "funnel", _("Funnel"), _("What became of the opportunities opened in a period, stage by stage."), "chart-funnel",
    lambda user, asked, whole=False: funnel(user, asked), charts.funnel_chart, show_funnel,
    lambda found: not found.rows, funnel_stats, funnel_table, lambda user: access.allows(user, "view", "opportunity"),
    group="funnel",
    questions=lambda user: [(PRESETS[name], {"period": name}) for name in ("this_month", "this_quarter", "this_year")],
)  # fmt: skip
WAY = Report(
    "way", _("Whole way"), _("From the lead to the win: how many leads of a period came how far."), "route",
    lambda user, asked, whole=False: whole_way(user, asked), charts.way_chart, show_way, lambda found: not found.leads,
    way_stats, way_table, lambda user: access.allows(user, "view", "lead"), without=("pipeline",), group="funnel",
    questions=lambda user: [(PRESETS[name], {"period": name}) for name in ("last_3_months", "last_12_months")],
)  # fmt: skip
CONTRIBUTION = Report(
    "contribution", _("Contribution"), _("Who and what brings how much: customers, products, people, teams."),
    "chart-bar",
    lambda user, asked, whole=False: contribution(user, asked, size=None if whole else PAGE),
    charts.contribution_chart, show_contribution, lambda found: not found.count, contribution_stats,
    contribution_table, lambda user: any(measure.is_for(user) for measure in measures),
    extra=_questions_of_contribution, questions=_often_asked, by_label=lambda asked: DIMENSIONS[asked.by].label,
)  # fmt: skip
