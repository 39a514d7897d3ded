"""The days a report counts: of the company's zone, weeks from Monday, for every viewer (PRODUCT §11)."""

import datetime
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PRESETS = {
    "this_month": _("This month"),
    "last_month": _("Last month"),
    "this_quarter": _("This quarter"),
    "last_quarter": _("Last quarter"),
    "this_year": _("This year"),
    "last_year": _("Last year"),
    "last_30_days": _("Last 30 days"),
    "last_3_months": _("Last 3 months"),
    "last_12_months": _("Last 12 months"),
    "all": _("All time"),
}


@dataclass(frozen=True)
class Period:
    """``start`` and ``end`` are the first and last day, both counted; None is open."""

    start: datetime.date | None = None
    end: datetime.date | None = None

    def covers(self, field: str) -> Q:
        """Rows whose date ``field`` lies within; a row without the date is in no period."""
        rule = Q(**{f"{field}__isnull": False})
        if self.start:
            rule &= Q(**{f"{field}__gte": self.start})
        if self.end:
            rule &= Q(**{f"{field}__lte": self.end})
        return rule

    def covers_moment(self, field: str, zone: Any) -> Q:
        """As ``covers`` for a moment: its day in the company's zone."""
        rule = Q(**{f"{field}__isnull": False})
        if self.start:
            rule &= Q(**{f"{field}__gte": datetime.datetime.combine(self.start, datetime.time(), zone)})
        if self.end:
            after = self.end + datetime.timedelta(days=1)
            rule &= Q(**{f"{field}__lt": datetime.datetime.combine(after, datetime.time(), zone)})
        return rule

    def before(self, today: datetime.date) -> "Period | None":
        """The same span before it: whole months as months. One that still runs is compared as far as it has come."""
        if not self.start or not self.end:
            return None
        end = min(self.end, max(today, self.start))
        day, after = datetime.timedelta(days=1), self.end + datetime.timedelta(days=1)
        if self.start.day == after.day == 1:
            months = relativedelta(months=(after.year - self.start.year) * 12 + after.month - self.start.month)
            last = self.start - day if end == self.end else min(end - months, self.start - day)
            return Period(self.start - months, last)
        length = end - self.start + day
        return Period(self.start - length, self.start - day)

    def params(self, field: str) -> dict[str, str]:
        """The period as parameters of a list: ``<field>_after`` and ``<field>_before``."""
        found = {f"{field}_after": self.start, f"{field}_before": self.end}
        return {name: day.isoformat() for name, day in found.items() if day}


def preset(name: str, today: datetime.date) -> Period:
    """The period that a preset means on ``today``."""
    month = today.replace(day=1)
    quarter = month.replace(month=3 * ((month.month - 1) // 3) + 1)
    year = month.replace(month=1)
    day = datetime.timedelta(days=1)
    periods = {
        "this_month": Period(month, month + relativedelta(months=1) - day),
        "last_month": Period(month - relativedelta(months=1), month - day),
        "this_quarter": Period(quarter, quarter + relativedelta(months=3) - day),
        "last_quarter": Period(quarter - relativedelta(months=3), quarter - day),
        "this_year": Period(year, year + relativedelta(years=1) - day),
        "last_year": Period(year - relativedelta(years=1), year - day),
        "last_30_days": Period(today - 29 * day, today),
        "last_3_months": Period(today - relativedelta(months=3) + day, today),
        "last_12_months": Period(today - relativedelta(years=1) + day, today),
        "all": Period(),
    }
    return periods[name]
