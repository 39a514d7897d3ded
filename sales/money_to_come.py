"""The sums above the list of instalments: what is overdue, and what is due within a week.

They are summed over all that the reader reaches, years of unpaid instalments of a company among them, so the page does
not wait for them: it shows their places at once and fetches them.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import access
from accounts.models import Reach
from crm.formats import current_formats
from crm.lists.branches import branches_of, fetch, union_all
from customers.today_later import Later, today_later
from sales.models import Instalment
from sales.money_filters import WEEK

PARTS = (("overdue", "bad"), ("week", ""))


def add_to_today() -> None:
    """For those who see the orders of the whole company."""
    title = gettext_lazy("Money to come in")
    today_later.add(
        "money", Later(title, 20, "sales:instalment_sums", _sees_the_company, lambda _user: places_of_sums())
    )  # fmt: skip


@dataclass(frozen=True)
class Figure:
    label: Any
    value: str
    text: str
    tone: str
    url: str


def places_of_sums() -> list[Figure]:
    """The figures before they are known, as high as they will be."""
    return [Figure(_label(name), "…", "\u00a0", "", _url(name)) for name, _tone in PARTS]


def money_to_come(user: Any, *, today: datetime.date) -> list[Figure]:
    """In each currency. One statement over the walks of the list."""
    sums = _sums(user, today)
    return [
        figure
        for name, tone in PARTS
        for figure in _figures(name, tone, [row[1:] for row in sums if row[0] == (name == "overdue")])
    ]


def _sums(user: Any, today: datetime.date) -> list[tuple[Any, ...]]:
    """(is overdue, currency, what is open, number of instalments)."""

    def narrow(rows: Any) -> models.QuerySet:
        due = rows.open().filter(due_on__lte=today + WEEK).order_by()
        return due.values_list("due_on", "currency", "amount", "received")

    branches = [branch.narrowed(narrow) for branch in branches_of(user, Instalment)]
    if not branches:
        return []
    sql, params = union_all(branches)
    return fetch(
        f"SELECT due_on < %s, currency, sum(amount - received), count(*) FROM ({sql}) due GROUP BY 1, 2 ORDER BY 1, 2",
        [today, *params],
    )


def _figures(name: str, tone: str, found: Iterable[tuple[str, Decimal, int]]) -> list[Figure]:
    formats = current_formats()
    figures = [
        Figure(
            _label(name), formats.money(total, currency),
            ngettext("%(count)s instalment", "%(count)s instalments", count) % {"count": formats.number(count)},
            tone, _url(name),
        )
        for currency, total, count in found
    ]  # fmt: skip
    return figures or [Figure(_label(name), formats.number(Decimal(0)), _("nothing"), "", _url(name))]


def _label(name: str) -> str:
    return _("Overdue") if name == "overdue" else _("Within seven days")


def _url(name: str) -> str:
    return f"{reverse('sales:instalment_list')}?when={name}"


def _sees_the_company(user: Any) -> bool:
    return access.reach_of(user, "order", "view") == Reach.ALL
