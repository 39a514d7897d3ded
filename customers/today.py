"""The page that everybody sees first: what has to be done today, from every room.

A room adds blocks (things to do, each a line) and figures (each opens the list behind it):
``today_blocks.add("leads", new_leads)``, ``today_figures.add("queue", queue_figure)``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Reach
from crm.formats import current_formats
from crm.lists.branches import branches_of
from crm.lists.count import count_to
from crm.lists.keyset import Order
from crm.register import Register
from customers.models import Activity, Customer, Task

SHOWN = 8
COUNTED_TO = 1_000


@dataclass(frozen=True)
class Item:
    """One line. ``done_url``: a POST that ticks it off."""

    title: str
    url: str
    line: str = ""
    when: str = ""
    tone: str = ""
    done_url: str = ""
    href: str = ""


@dataclass(frozen=True)
class Block:
    """``count``: as text, of all behind the shown ones; ``url``: the whole list. ``order`` places it on the page."""

    title: str
    icon: str
    order: int
    items: list[Item]
    url: str = ""
    count: str = ""
    nothing: str = ""


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    url: str
    order: int = 50
    tone: str = ""
    text: str = ""


@dataclass(frozen=True)
class Today:
    blocks: list[Block] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


# function(user, *, now) → a block, or None when the person has nothing to do with it
today_blocks: Register[Callable[..., Block | None]] = Register("block of today")
# function(user, *, now) → figures; for those who lead (reach team or all)
today_figures: Register[Callable[..., Iterable[Figure]]] = Register("figures of today")


def today_for(user: Any, *, now: datetime) -> Today:
    blocks = [block for source in today_blocks if (block := source(user, now=now)) is not None]
    figures = [figure for source in today_figures for figure in source(user, now=now)]
    return Today(sorted(blocks, key=lambda one: one.order), sorted(figures, key=lambda one: one.order))


def tonight(now: datetime) -> datetime:
    """The end of the person's day."""
    return timezone.localtime(now).replace(hour=23, minute=59, second=59, microsecond=0)


def count_text(rows: QuerySet) -> str:
    """``"37"`` or ``"1,000+"``: never counts further than somebody wants to know."""
    found = rows.order_by().values("pk")[: COUNTED_TO + 1].count()
    formats = current_formats()
    return f"{formats.number(COUNTED_TO)}+" if found > COUNTED_TO else formats.number(found)


def count_in_list(user: Any, model: Any, narrow: Callable[[QuerySet], QuerySet], sort: str) -> str:
    """The same of all rows within reach, by the walks of their list in the order ``sort``: what the list will show."""
    branches = [branch.narrowed(narrow) for branch in branches_of(user, model)]
    found = count_to(branches, Order(model, sort.lstrip("-"), sort.startswith("-")), COUNTED_TO)
    formats = current_formats()
    return f"{formats.number(COUNTED_TO)}+" if found > COUNTED_TO else formats.number(found)


# --- what this room adds ---


def add_own() -> None:
    today_blocks.add("contacts_due", contacts_due)
    today_blocks.add("tasks_due", tasks_due)
    today_blocks.add("unplanned", unplanned)
    today_figures.add("team_customers", team_figures)


def contacts_due(user: Any, *, now: datetime) -> Block | None:
    """Her own customers whose next contact is due until tonight, the most overdue first."""
    if not _works(user):
        return None
    rows = list(_mine(user).due(tonight(now))[: SHOWN + 1])
    formats = current_formats()
    items = [
        Item(
            title=row.name, url=reverse("customers:detail", args=[row.pk]), line=row.phone or row.email,
            when=formats.relative(row.next_contact_at, now=now), tone="bad" if row.next_contact_at < now else "",
            href=f"tel:{row.phone}" if row.phone else "",
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('customers:list')}?owner={user.pk}&contact=today&sort=next"
    more = _("more") if len(rows) > SHOWN else ""
    return Block(_("To contact today"), "phone-call", 10, items, url, more, _("Nobody is waiting for your call."))


def tasks_due(user: Any, *, now: datetime) -> Block | None:
    if not access.allows(user, "create", "task"):
        return None
    due = Task.objects.live().filter(owner=user).due(tonight(now)).select_related("customer")
    rows = list(due[: SHOWN + 1])
    formats = current_formats()
    items = [
        Item(
            title=row.title, url=reverse("customers:task", args=[row.pk]),
            line=row.customer.name if row.customer else "",
            when=formats.relative(row.due_at, now=now), tone="bad" if row.due_at < now else "",
            done_url=reverse("customers:task_verb", args=[row.pk, "done"]),
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('customers:tasks')}?owner={user.pk}&state=open"
    more = _("more") if len(rows) > SHOWN else ""
    return Block(_("Tasks due"), "checkbox", 20, items, url, more, _("No task is due."))


def unplanned(user: Any, *, now: datetime) -> Block | None:
    """Her own customers nobody planned to speak to, and with whom nobody spoke for a month."""
    if not _works(user):
        return None
    idle = _mine(user).filter(next_contact_at__isnull=True).exclude(last_contact_at__gte=now - timedelta(days=30))
    rows = list(idle.order_by("next_contact_at", "pk")[: SHOWN + 1])
    if not rows:
        return None
    formats = current_formats()
    items = [
        Item(
            title=row.name, url=reverse("customers:detail", args=[row.pk]), line=row.phone or row.email,
            when=formats.relative(row.last_contact_at, now=now) if row.last_contact_at else _("never contacted"),
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('customers:list')}?owner={user.pk}&contact=unplanned"
    return Block(_("Nothing planned"), "calendar-plus", 40, items, url, _("more") if len(rows) > SHOWN else "")


def team_figures(user: Any, *, now: datetime) -> Iterable[Figure]:
    """For those who lead a team and work with it: what is late there, and what happened this week."""
    if access.reach_of(user, "customer", "change") < Reach.TEAM:
        return
    customers, listed = _of_team(user, Customer), reverse("customers:list")
    late = count_text(customers.filter(next_contact_at__lt=now))
    yield Figure(_("Contacts overdue"), late, f"{listed}?contact=overdue&sort=next", 10, "bad" if late != "0" else "")
    tasks = _of_team(user, Task).filter(state="open", due_at__lt=now)
    yield Figure(_("Tasks overdue"), count_text(tasks), f"{reverse('customers:tasks')}?state=open&when=overdue", 20)
    monday = tonight(now).replace(hour=0, minute=0, second=0) - timedelta(days=timezone.localtime(now).weekday())
    new = customers.filter(created_at__gte=monday)
    created = f"{listed}?created_after={monday.date().isoformat()}"
    yield Figure(_("New customers this week"), count_text(new), created, 30)
    done = Activity.objects.live().filter(at__gte=monday, at__lte=now, state="done", **_team_copies(user))
    yield Figure(_("Activities this week"), count_text(done), "", 40)


def _works(user: Any) -> bool:
    return access.allows(user, "change", "customer")


def _mine(user: Any) -> Any:
    return Customer.objects.live().filter(owner=user)


def _of_team(user: Any, model: Any) -> Any:
    """By team, which one index serves; the few shared records do not make a figure of the team."""
    if access.reach_of(user, model.access.kind, "view") == Reach.ALL:
        return model.objects.live().filter(owner__isnull=False)
    return model.objects.live().filter(team_id__in=access.team_ids_of(user), owner__isnull=False)


def _team_copies(user: Any) -> dict[str, Any]:
    if access.reach_of(user, "customer", "view") == Reach.ALL:
        return {}
    return {"customer__team_id__in": access.team_ids_of(user), "customer_team__in": access.team_ids_of(user)}
