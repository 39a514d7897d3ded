"""The company's working calendar: its days of the week, the public holidays of its country, and its own days, which
overrule both: days off, and working days in exchange (调休).
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import holidays

from accounts.models import Company

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """``after`` and ``before`` are inverse: ``after(d, n) <= today`` exactly when ``d <= before(today, n)``."""

    weekdays: frozenset[int]
    days_off: Any = field(default_factory=dict)
    own: Mapping[datetime.date, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, company: Company) -> "Calendar":
        own = {datetime.date.fromisoformat(day): bool(held["works"]) for day, held in company.own_days.items()}
        return cls(company.days, public_holidays(company), own)

    def is_working(self, day: datetime.date) -> bool:
        if day in self.own:
            return self.own[day]
        return day.weekday() in self.weekdays and day not in self.days_off

    def after(self, day: datetime.date, count: int, *, working: bool) -> datetime.date:
        """The day on which ``count`` whole days have passed since ``day``."""
        if not working:
            return day + datetime.timedelta(days=count)
        while count > 0:
            day += ONE_DAY
            count -= self.is_working(day)
        return day

    def before(self, today: datetime.date, count: int, *, working: bool) -> datetime.date:
        """The latest day since which ``count`` whole days have passed today."""
        if not working:
            return today - datetime.timedelta(days=count)
        while count > 0:
            count -= self.is_working(today)
            today -= ONE_DAY
        return today


def public_holidays(company: Company) -> Any:
    """A mapping that works out a year when it is asked for one; empty for a country that the library does not know."""
    if not (company.has_public_holidays and company.country):
        return {}
    try:
        return holidays.country_holidays(company.country.upper())
    except NotImplementedError:
        return {}
