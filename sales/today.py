"""What opportunities add to the page of today: what closes soon, and what stands too long."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access
from accounts.models import Reach
from crm.formats import current_formats
from crm.lists.branches import branches_of
from crm.lists.count import CAP, count_to
from crm.lists.keyset import Order
from customers.today import SHOWN, Block, Figure, Item, today_blocks, today_figures
from sales.business_day import today_of_company
from sales.models import Opportunity, Stage

SOON = timedelta(days=7)


def add_to_today() -> None:
    today_blocks.add("closing", closing_soon)
    today_blocks.add("rotting", standing_too_long)
    today_figures.add("overdue_opportunities", overdue_figure)


def closing_soon(user: Any, *, now: datetime) -> Block | None:
    """Her own open ones whose expected close has passed or comes within a week."""
    if not access.allows(user, "change", "opportunity"):
        return None
    today, formats = today_of_company(now), current_formats()
    rows = list(_mine(user).closing(today + SOON + timedelta(days=1))[: SHOWN + 1])
    items = [
        Item(
            title=row.name, url=_url(row), line=_line(row), when=formats.relative(row.close_on, now=now),
            tone="bad" if row.close_on < today else "",
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    until = (today + SOON).isoformat()
    url = f"{reverse('sales:opportunity_list')}?owner={user.pk}&state=open&close_before={until}&sort=close"
    return Block(_("Closing soon"), "target", 30, items, url, _more(rows), _("No opportunity closes this week."))


def standing_too_long(user: Any, *, now: datetime) -> Block | None:
    """Her own open ones that stand in their stage longer than the stage allows, the longest first."""
    if not access.allows(user, "change", "opportunity"):
        return None
    limits = Stage.objects.filter(rot_days__isnull=False).values_list("pk", "rot_days")
    late = Q(pk__in=[])
    for stage, days in limits:
        late |= Q(stage=stage, stage_since__lte=now - timedelta(days=days + 1))
    rows = list(_mine(user).open().filter(late).order_by("stage_since", "pk")[: SHOWN + 1])
    if not rows:
        return None
    items = [
        Item(title=row.name, url=_url(row), line=_line(row), when=_days(row.days_in_stage(now)), tone="warn")
        for row in rows[:SHOWN]
    ]
    return Block(_("Standing too long"), "hourglass", 35, items, reverse("sales:board"), _more(rows))


def overdue_figure(user: Any, *, now: datetime) -> Iterable[Figure]:
    """For those who lead a team: open ones whose expected close has passed. Counts what its list shows."""
    if access.reach_of(user, "opportunity", "change") < Reach.TEAM:
        return
    yesterday = today_of_company(now) - timedelta(days=1)
    branches = [
        branch.narrowed(lambda rows: rows.filter(state="open", ends_on__lte=yesterday))
        for branch in branches_of(user, Opportunity)
    ]
    number, formats = count_to(branches, Order(Opportunity, "ends_on", False)), current_formats()
    text = formats.number(min(number, CAP)) + ("+" if number > CAP else "")
    url = f"{reverse('sales:opportunity_list')}?state=open&close_before={yesterday.isoformat()}&sort=close"
    yield Figure(_("Opportunities overdue"), text, url, 25, "bad" if number else "")


def _mine(user: Any) -> Any:
    return Opportunity.objects.live().filter(owner=user).select_related("customer", "stage")


def _url(row: Opportunity) -> str:
    return reverse("sales:opportunity_detail", args=[row.pk])


def _line(row: Opportunity) -> str:
    amount = current_formats().money(row.amount, row.currency)
    return " · ".join(filter(None, (row.customer.name if row.customer else "", row.stage.label, amount)))


def _days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def _more(rows: list[Opportunity]) -> str:
    return _("more") if len(rows) > SHOWN else ""
