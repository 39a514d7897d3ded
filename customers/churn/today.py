"""What churn adds to the page of today: the owner's customers that may leave, and how many there are in the team."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Reach
from crm.formats import current_formats
from crm.lists.keyset import Order
from crm.together import Row
from customers.churn.signs import signs
from customers.models import ChurnCase
from customers.states import ChurnState
from customers.today import (
    SHOWN,
    Block,
    BlockSource,
    Count,
    Day,
    FigureSource,
    Item,
    counted,
    more,
    today_blocks,
    today_figures,
)


def add_to_today() -> None:
    today_blocks.add("churn", TO_DECIDE)
    today_figures.add("churn", OF_TEAM)


def _to_decide(day: Day) -> QuerySet | None:
    """Open cases at her own customers, the newest first."""
    if not access.allows(day.user, "change", "churn"):
        return None
    rows = ChurnCase.objects.live().filter(customer_owner=day.user.pk, customer__owner=day.user, state=ChurnState.OPEN)
    rows = rows.order_by("-opened_on", "-pk")
    return rows.values("pk", "customer__name", "signal", "number", "note", "opened_on")[: SHOWN + 1]


def _show_to_decide(day: Day, rows: list[Row]) -> Block | None:
    formats = current_formats()
    items = [
        Item(
            row["customer__name"], reverse("customers:churn_case", args=[row["pk"]]), _because(row),
            formats.relative(row["opened_on"], now=day.now), "warn",
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('customers:churn')}?owner={day.user.pk}&state=open"
    return Block(_("May leave: decide"), "heart-broken", 15, items, url, more(rows)) if items else None


def _because(row: Row) -> str:
    signal = signs.get(row["signal"])
    return capfirst(signal.because(row["number"])) if signal else row["note"]


def _leads_a_team(user: Any) -> bool:
    return access.reach_of(user, "churn", "change") >= Reach.TEAM


def _counts(_day: Day) -> Iterable[Count]:
    waiting = counted(lambda rows: rows.filter(state=ChurnState.OPEN), Order(ChurnCase, "opened_on", True))
    yield Count(_("Customers that may leave"), f"{reverse('customers:churn')}?state=open", 15, waiting, "bad")


TO_DECIDE = BlockSource(_to_decide, _show_to_decide)
OF_TEAM = FigureSource(_leads_a_team, _counts, ChurnCase)
