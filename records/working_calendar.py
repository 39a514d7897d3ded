"""The company's own days in its working calendar: days off, and days on which it works although it is a day of rest.

They stand on the company's row; every rule that counts working days reads them there (accounts.workdays).
"""

import datetime
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Company
from records.log import log_event
from records.models import Event
from records.refusals import Refused

LONGEST = 62  # days of one entry
FARTHEST = datetime.timedelta(days=3660)


def set_days(
    company: Company, first: datetime.date, last: datetime.date | None = None, *, works: bool, name: str = "", by: Any,
    today: datetime.date,
) -> Event:  # fmt: skip
    """Each day from ``first`` to ``last``; what stood there for a day is replaced."""
    last = last or first
    if not first <= last:
        raise Refused(_("The last day comes after the first."), reason="order")
    if (last - first).days >= LONGEST:
        raise Refused(_("At most %(days)s days at once.") % {"days": LONGEST}, reason="length")
    if not today - FARTHEST <= first <= today + FARTHEST:
        raise Refused(_("Choose days within ten years."), reason="range")
    days = [(first + datetime.timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
    entry = {"works": works, "name": name.strip()[:80]}
    return _write(company, "set_days", dict.fromkeys(days, entry), {"days": days, "works": works}, by)


def remove_day(company: Company, day: datetime.date, *, by: Any) -> Event | None:
    """From now on it is the day that it would be without an entry; None when there was none."""
    if day.isoformat() not in Company.get().own_days:
        return None
    return _write(company, "remove_days", {day.isoformat(): None}, {"days": [day.isoformat()]}, by)


@transaction.atomic
def _write(company: Company, verb: str, changes: dict[str, Any], facts: dict[str, Any], by: Any) -> Event:
    """Under the row's lock, so that two who enter days at once keep both."""
    company.lock()
    held = {**company.own_days, **changes}
    company.own_days = {day: entry for day, entry in sorted(held.items()) if entry is not None}
    with pghistory.context(user=by and by.pk):
        company.save(update_fields=["own_days"])
    return log_event(verb, company, by=by, facts=facts)
