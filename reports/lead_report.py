"""The analysis of leads as a report: its chart, large figures, table and the API's body."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.models import Company
from crm.formats import current_formats
from crm.money import round_money
from leads.reached import LABELS
from reports.asked import Asked
from reports.charts import BARS, Chart
from reports.lead_keys import KEYS
from reports.leads import LeadAnalysis, LeadRow, analyse
from reports.register import Report
from reports.stats import stat
from reports.tables import Table


def questions(user: Any) -> dict[str, tuple[Any, dict[str, Any]]]:
    return {"by": (gettext_lazy("By"), {name: key.label for name, key in KEYS.items()})}


def chart(found: LeadAnalysis) -> Chart:
    """How many leads as bars, how many percent of them were converted as a line."""
    rows = found.rows[:BARS]
    return Chart(
        [row.label or _("None") for row in rows],
        {
            _("Leads"): [row.count for row in rows],
            _("Converted, %"): [round(100 * (row.conversion or 0), 1) for row in rows],
        },
    )


def stats(found: LeadAnalysis, currency: str) -> list[dict[str, Any]]:
    shown, total = current_formats(), found.total
    numbers, lists = total.numbers, total.lists
    waited = _("%(hours)s working hours") % {"hours": shown.number(total.working_hours, places=1) or "–"}
    return [
        stat(_("Leads"), shown.number(total.count), url=lists["all"]),
        stat(
            _("Contacted in time"), shown.percent(total.in_time, places=1) or "–", url=lists["in_time"],
            text=_("%(number)s late or not at all") % {"number": shown.number(numbers["late"])},
        ),
        stat(
            _("Hours to first contact"), shown.number(total.hours, places=1),
            text=_("median; %(waited)s") % {"waited": waited},
        ),
        stat(_("Converted"), shown.number(numbers["converted"]), url=lists["converted"],
             text=shown.percent(total.conversion, places=1)),
        stat(_("Value won"), shown.money(round_money(total.value, currency), currency), url=lists["won"],
             text=shown.number(numbers["won"])),
    ]  # fmt: skip


def table(found: LeadAnalysis, asked: Asked) -> Table:
    currency = Company.get().currency
    heads = [
        str(KEYS[asked.by].label), _("Leads"), *(str(label) for label in LABELS.values()),
        _("Share in time"), _("Hours to first contact, median"), _("Working hours to first contact, median"),
        _("Conversion"), f"{_('Value won')}, {currency}",
    ]  # fmt: skip
    return Table(heads, [_cells(row, currency) for row in found.rows])


def _cells(row: LeadRow, currency: str) -> list[Any]:
    return [
        row.label or _("not set"), row.count, *(row.numbers[code] for code in LABELS), row.in_time,
        _rounded(row.hours), _rounded(row.working_hours), row.conversion,
        round_money(row.value, currency),
    ]  # fmt: skip


def _rounded(value: float | None) -> Decimal | None:
    return None if value is None else round(Decimal(value), 1)


def show(found: LeadAnalysis, asked: Asked) -> dict[str, Any]:
    currency = Company.get().currency
    rows = [{"key": row.key, "name": row.label, **_figures(row, currency)} for row in found.rows]
    lost = [{"name": row.label, "count": row.number, "share": row.share, "list": row.list} for row in found.lost]
    totals = {**_figures(found.total, currency), "lost_by_reason": lost}
    return {"rows": rows, "totals": {**totals, "rows": found.groups, "page": found.page, "pages": found.pages}}


def _figures(row: LeadRow, currency: str) -> dict[str, Any]:
    numbers = {name: number for name, number in row.numbers.items() if name != "all"}
    return {
        "count": row.count, **numbers, "in_time_share": row.in_time, "conversion": row.conversion,
        "median_minutes": row.minutes, "median_working_minutes": row.working_minutes,
        "value_won": str(round_money(row.value, currency)), "list": row.lists["all"],
    }  # fmt: skip


def _often_asked(user: Any) -> list[tuple[Any, dict[str, str]]]:
    return [
        (_("By source, last 12 months"), {"by": "source", "period": "last_12_months"}),
        (_("By person"), {"by": "person"}),
        (_("By assignment rule"), {"by": "rule"}),
        (_("By month, this year"), {"by": "month", "period": "this_year"}),
    ]


LEADS = Report(
    "leads", gettext_lazy("Leads"),
    gettext_lazy("What became of the leads: contacted in time, qualified, converted, and what they brought."),
    "user-plus", lambda user, asked, whole=False: analyse(user, asked, whole=whole), chart, show,
    lambda found: not found.total.count, stats, table, lambda user: access.allows(user, "view", "lead"),
    extra=questions, without=("pipeline",), questions=_often_asked, by_label=lambda asked: KEYS[asked.by].label,
)  # fmt: skip
