"""The large figures above a report, as finished strings."""

from typing import Any

from django.utils.translation import gettext as _

from crm.formats import current_formats
from reports.contribution import Contribution
from reports.funnel import Funnel
from reports.way import Way


def stat(label: str, value: str, *, url: str = "", text: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "url": url, "text": text}


def funnel_stats(found: Funnel, currency: str) -> list[dict[str, Any]]:
    shown, totals, lists = current_formats(), found.totals, found.totals.lists
    of_closed = _("%(won)s won, %(lost)s lost in the period") % {
        "won": shown.number(totals.closed_won), "lost": shown.number(totals.closed_lost),
    }  # fmt: skip
    median = shown.number(totals.cycle_median, places=0)
    return [
        stat(_("Opened"), shown.number(totals.created), url=lists["created"]),
        stat(_("Won"), shown.number(totals.won), url=lists["won"], text=shown.money(totals.won_amount, currency)),
        stat(_("Lost"), shown.number(totals.lost), url=lists["lost"]),
        stat(_("Still open"), shown.number(totals.open), url=lists["open"]),
        stat(_("Win rate"), shown.percent(totals.win_rate, places=1), url=lists["closed_won"], text=of_closed),
        stat(
            _("Days to close"), shown.number(totals.cycle_mean, places=1), text=_("median %(days)s") % {"days": median}
        ),
    ]


def way_stats(found: Way, currency: str) -> list[dict[str, Any]]:
    shown = current_formats()
    return [
        stat(str(row.label), shown.number(row.reached), url=row.list,
             text=shown.percent(row.overall, places=1) if row.step else "")
        for row in found.rows
    ]  # fmt: skip


def contribution_stats(found: Contribution, currency: str) -> list[dict[str, Any]]:
    shown = current_formats()
    return [
        stat(_("Total"), shown.money(found.total, currency)),
        *(
            stat(
                _("Class %(letter)s") % {"letter": item.grade}, shown.number(item.rows),
                text=shown.money(item.value, currency),
            )
            for item in found.classes
        ),
    ]  # fmt: skip
