"""The reports that come with the product, as register entries: what the API says of each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from crm.money import round_money
from reports import charts
from reports.asked import Asked
from reports.contribution import BY, Contribution, contribution, measures
from reports.funnel import Funnel, funnel
from reports.orders import ORDERS, RECEIPTS
from reports.register import Report, reports
from reports.stats import contribution_stats, funnel_stats
from reports.won import WON


def register() -> None:
    measures.add("orders", ORDERS)  # the first one is the default
    measures.add("won", WON)
    measures.add("receipts", RECEIPTS)
    reports.add(
        "funnel",
        Report(
            "funnel", _("Funnel"), _("What became of the opportunities opened in a period, stage by stage."),
            "filter", funnel, charts.funnel_chart, show_funnel, lambda found: not found.rows,
            funnel_stats,
        ),
    )  # fmt: skip
    reports.add(
        "contribution",
        Report(
            "contribution", _("Contribution"), _("Who and what brings how much: customers, products, people, teams."),
            "chart-bar", contribution, charts.contribution_chart, show_contribution, lambda found: not found.rows,
            contribution_stats, extra=_questions_of_contribution,
        ),
    )  # fmt: skip


def _questions_of_contribution() -> dict[str, tuple[Any, dict[str, Any]]]:
    return {
        "measure": (_("Measure"), {name: measures[name].label for name in measures.names()}),
        "by": (_("By"), BY),
    }


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


def show_contribution(found: Contribution, asked: Asked) -> dict[str, Any]:
    currency = Company.get().currency
    return {
        "rows": [
            {
                "key": row.key, "name": row.label, "value": str(round_money(row.value, currency)), "count": row.facts,
                "share": row.share, "cumulative": row.cumulative, "class": row.grade, "list": row.list,
            }
            for row in found.rows
        ],
        "totals": {
            "value": str(round_money(found.total, currency)), "count": found.facts, "rows": found.count,
            "classes": {
                item.grade: {"rows": item.rows, "value": str(round_money(item.value, currency))}
                for item in found.classes
            },
        },
    }  # fmt: skip
