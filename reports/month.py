"""The month so far in money, beside the same days of the month before: what the page of today fetches."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.models import Company, Reach
from crm.formats import current_formats
from customers.today_later import Later, today_later
from reports.asked import Asked
from reports.contribution import Measure, contribution, measures
from reports.period import Period, preset
from reports.stats import stat

MEASURES = ("orders", "won", "receipts")


def add_to_today() -> None:
    today_later.add("month", Later(gettext_lazy("This month"), 10, "reports:month", is_for, places))


def is_for(user: Any) -> bool:
    """Whoever may read reports over more than what is her own."""
    return access.allows(user, "view", "report") and access.reach_of(user, "order", "view") >= Reach.TEAM


def month(user: Any, *, today: datetime.date) -> list[dict[str, str]]:
    """Money of the company's currency; each figure opens the report that has it as its total."""
    period = preset("this_month", today)
    formats, currency = current_formats(), Company.get().currency
    return [
        stat(
            str(measure.label), formats.money(_total(user, name, period), currency), url=_url(name),
            text=_("same days of last month: %(value)s")
            % {"value": formats.money(_total(user, name, period.before(today)), currency)},
        )
        for name, measure in _offered(user)
    ]  # fmt: skip


def places(user: Any) -> list[dict[str, str]]:
    return [stat(str(measure.label), "…", url=_url(name), text="\u00a0") for name, measure in _offered(user)]


def _offered(user: Any) -> Iterator[tuple[str, Measure]]:
    return ((name, measures[name]) for name in MEASURES if measures[name].is_for(user))


def _total(user: Any, measure: str, period: Period | None) -> Any:
    return contribution(user, Asked(period or Period(), measure=measure, by="team"), size=1).total


def _url(measure: str) -> str:
    asked = {"measure": measure, "by": "team", "period": "this_month"}
    return f"{reverse('reports:report', args=['contribution'])}?{urlencode(asked)}"
