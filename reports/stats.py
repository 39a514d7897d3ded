"""The large figures above a report, as finished strings."""

from typing import Any

from django.utils.translation import gettext as _

from crm.formats import current_formats
from reports.contribution import Contribution
from reports.funnel import Funnel


def funnel_stats(found: Funnel, currency: str) -> list[dict[str, Any]]:
    shown, totals, lists = current_formats(), found.totals, found.totals.lists
    of_closed = _("%(won)s won, %(lost)s lost in the period") % {
        "won": shown.number(totals.closed_won), "lost": shown.number(totals.closed_lost),
    }  # fmt: skip
    median = shown.number(totals.cycle_median, places=0)
    return [
        {"label": _("Opened"), "value": shown.number(totals.created), "url": lists["created"]},
        {
            "label": _("Won"), "value": shown.number(totals.won), "url": lists["won"],
            "text": shown.money(totals.won_amount, currency),
        },
        {"label": _("Lost"), "value": shown.number(totals.lost), "url": lists["lost"]},
        {"label": _("Still open"), "value": shown.number(totals.open), "url": lists["open"]},
        {
            "label": _("Win rate"), "value": shown.percent(totals.win_rate, places=1), "url": lists["closed_won"],
            "text": of_closed,
        },
        {
            "label": _("Days to close"), "value": shown.number(totals.cycle_mean, places=1), "url": "",
            "text": _("median %(days)s") % {"days": median},
        },
    ]  # fmt: skip


def contribution_stats(found: Contribution, currency: str) -> list[dict[str, Any]]:
    shown = current_formats()
    total = {"label": _("Total"), "value": shown.money(found.total, currency), "url": ""}
    return [total, *({
        "label": _("Class %(letter)s") % {"letter": item.grade}, "value": shown.number(item.rows), "url": "",
        "text": shown.money(item.value, currency),
    } for item in found.classes)]  # fmt: skip
