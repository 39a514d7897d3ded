"""What opportunities add to the page of today: what closes soon, and what stands too long."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access
from accounts.models import Reach
from crm.formats import current_formats
from crm.lists.keyset import Order
from crm.names import name_at, names_at
from crm.together import Row
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
from sales.models import Opportunity

SOON = timedelta(days=7)
COLUMNS = ("pk", "name", "amount", "currency", "customer__name", *names_at("stage"))
# The first of each stage, by the index of her board: all of hers by their day would be read and sorted.
STANDING = """
    SELECT late.id FROM sales_stage stage CROSS JOIN LATERAL (
        SELECT id FROM sales_opportunity WHERE owner_id = %s AND stage_id = stage.id AND state = 'open'
           AND deleted_at IS NULL AND stage_since <= %s - (stage.rot_days + 1) * interval '24 hours'
         ORDER BY stage_since, id LIMIT %s
    ) late WHERE stage.rot_days IS NOT NULL"""


def add_to_today() -> None:
    today_blocks.add("closing", CLOSING)
    today_blocks.add("rotting", ROTTING)
    today_figures.add("overdue_opportunities", OVERDUE)


def _works(user: Any) -> bool:
    return access.allows(user, "change", "opportunity")


def _closing(day: Day) -> QuerySet | None:
    """Her own open ones whose expected close has passed or comes within a week."""
    if not _works(day.user):
        return None
    rows = Opportunity.objects.live().filter(owner=day.user, state="open", ends_on__lte=day.date + SOON)
    return rows.order_by("ends_on", "pk").values(*COLUMNS, "ends_on")[: SHOWN + 1]


def _show_closing(day: Day, rows: list[Row]) -> Block:
    formats = current_formats()
    items = [
        Item(
            title=row["name"], url=_url(row), line=_line(row), when=formats.relative(row["ends_on"], now=day.now),
            tone="bad" if row["ends_on"] < day.date else "",
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    until = (day.date + SOON).isoformat()
    url = f"{reverse('sales:opportunity_list')}?owner={day.user.pk}&state=open&close_before={until}&sort=close"
    return Block(_("Closing soon"), "target", 30, items, url, more(rows), _("No opportunity closes this week."))


def _rotting(day: Day) -> QuerySet | None:
    """Her own open ones that stand in their stage longer than the stage allows, the longest first."""
    if not _works(day.user):
        return None
    late = RawSQL(STANDING, (day.user.pk, day.now, SHOWN + 1))
    rows = Opportunity.objects.live().filter(pk__in=late).order_by("stage_since", "pk")
    return rows.values(*COLUMNS, "stage_since")[: SHOWN + 1]


def _show_rotting(day: Day, rows: list[Row]) -> Block | None:
    items = [
        Item(row["name"], _url(row), _line(row), _days((day.now - row["stage_since"]).days), "warn")
        for row in rows[:SHOWN]
    ]
    return Block(_("Standing too long"), "hourglass", 35, items, reverse("sales:board"), more(rows)) if items else None


def _leads_a_team(user: Any) -> bool:
    return access.reach_of(user, "opportunity", "change") >= Reach.TEAM


def _counts(day: Day) -> Iterable[Count]:
    """Open ones whose expected close has passed. Counts what its list shows."""
    yesterday = day.date - timedelta(days=1)
    overdue = counted(
        lambda rows: rows.filter(state="open", ends_on__lte=yesterday), Order(Opportunity, "ends_on", False)
    )
    url = f"{reverse('sales:opportunity_list')}?state=open&close_before={yesterday.isoformat()}&sort=close"
    yield Count(_("Opportunities overdue"), url, 25, overdue, "bad")


def _url(row: Row) -> str:
    return reverse("sales:opportunity_detail", args=[row["pk"]])


def _line(row: Row) -> str:
    amount = current_formats().money(row["amount"], row["currency"])
    return " · ".join(filter(None, (row["customer__name"], name_at(row, "stage"), amount)))


def _days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


CLOSING = BlockSource(_closing, _show_closing)
ROTTING = BlockSource(_rotting, _show_rotting)
OVERDUE = FigureSource(_leads_a_team, _counts, Opportunity)
