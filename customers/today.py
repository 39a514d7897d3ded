"""The page that everybody sees first: what has to be done today, from every room.

A room adds blocks (things to do, each a line) and figures (each opens the list behind it):
``today_blocks.add("leads", BlockSource(asks, shows))``, ``today_figures.add("leads", FigureSource(is_for, counts))``.
A source says what it wants to know; the page asks for all rows in one statement, and for all numbers in another.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Company, Reach
from crm.formats import current_formats
from crm.kept_sql import At, On, Written, kept
from crm.lists.branches import Branch, Narrow, branches_of_each, union_all
from crm.lists.count import CAP, Counted, counted_as, counting_each
from crm.lists.keyset import Order
from crm.register import Register
from crm.together import Row, answered, together, written
from customers.models import Activity, Customer, Task

SHOWN = 8


@dataclass(frozen=True)
class Day:
    """For whom and when the page is put together. A source that asks by another moment derives it from these: they
    have names, so that the statement is kept and only they are filled in (crm.kept_sql)."""

    user: Any
    moment: datetime

    @cached_property
    def now(self) -> datetime:
        return At.of("now", self.moment)

    @cached_property
    def date(self) -> dt.date:
        """The business day: today where the company is."""
        return On.of("date", self.moment.astimezone(Company.get().zone).date())

    @cached_property
    def tonight(self) -> datetime:
        """The end of the person's day."""
        return At.of("tonight", self._here.replace(hour=23, minute=59, second=59, microsecond=0))

    @cached_property
    def monday(self) -> datetime:
        """The beginning of her week."""
        midnight = self._here.replace(hour=0, minute=0, second=0, microsecond=0)
        return At.of("monday", midnight - timedelta(days=self._here.weekday()))

    @cached_property
    def shape(self) -> tuple[Any, ...]:
        return access.shape_of(self.user)

    @property
    def moments(self) -> dict[str, Any]:
        return {"now": self.moment, "date": self.date, "tonight": self.tonight, "monday": self.monday}

    @property
    def _here(self) -> datetime:
        return timezone.localtime(self.moment)


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


@dataclass(frozen=True)
class BlockSource:
    """``asks(day)``: rows as a queryset of ``values()``, one more than SHOWN, or None when the person has nothing to do
    with them. ``shows(day, rows)``: the block, or None for none. ``varies``: it asks by more than the person's reach
    and the day, so its statement is written each time."""

    asks: Callable[[Day], QuerySet | None]
    shows: Callable[[Day, list[Row]], Block | None]
    varies: bool = False


@dataclass(frozen=True)
class Count:
    """A figure to come: a number of rows, up to 1,000+. ``counted``: by the branches of all rows of the source's model
    within reach. ``tone``: when there are any."""

    label: str
    url: str
    order: int
    counted: Callable[[list[Branch]], Counted]
    tone: str = ""


@dataclass(frozen=True)
class FigureSource:
    """``is_for(user)``: those who lead (reach team or all). ``counts(day)``: its figures."""

    is_for: Callable[[Any], bool]
    counts: Callable[[Day], Iterable[Count]]
    model: Any = None


today_blocks: Register[BlockSource] = Register("block of today")
today_figures: Register[FigureSource] = Register("figures of today")


def today_for(user: Any, *, now: datetime) -> Today:
    day = Day(user, now)
    blocks = blocks_of(day, {name: today_blocks[name] for name in today_blocks.names()})
    figures = figures_of(day, today_figures)
    return Today(sorted(blocks, key=lambda one: one.order), sorted(figures, key=lambda one: one.order))


def blocks_of(day: Day, sources: Mapping[str, BlockSource]) -> list[Block]:
    steady = {name: source for name, source in sources.items() if not source.varies}
    found = answered(_kept(day, tuple(steady.items()), lambda: written(_asked(day, steady))))
    varying = {name: source for name, source in sources.items() if source.varies}
    found |= together(_asked(day, varying))
    blocks = (sources[name].shows(day, rows) for name, rows in found.items())
    return [block for block in blocks if block is not None]


def _asked(day: Day, sources: Mapping[str, BlockSource]) -> dict[str, QuerySet]:
    return {name: rows for name, source in sources.items() if (rows := source.asks(day)) is not None}


def figures_of(day: Day, sources: Iterable[FigureSource]) -> list[Figure]:
    asked = {source: list(source.counts(day)) for source in sources if source.is_for(day.user)}
    counts = [count for of_source in asked.values() for count in of_source]
    if not counts:
        return []
    numbers = counted_as(_kept(day, tuple(asked), lambda: _counting(day, asked)))
    return [_figure(count, number) for count, number in zip(counts, numbers, strict=True)]


def _counting(day: Day, asked: Mapping[FigureSource, list[Count]]) -> Written:
    reach = branches_of_each(day.user, [source.model for source in asked if source.model])
    return counting_each(
        [count.counted(reach.get(source.model, [])) for source, counts in asked.items() for count in counts]
    )


def _kept(day: Day, sources: tuple[Any, ...], write: Callable[[], Written]) -> Written:
    """The statement follows from which sources there are, and from whose reach."""
    key = (sources, day.shape)
    return kept.written(key, write, day.moments, holds=lambda: access.shape_of(day.user) == day.shape)


def _figure(count: Count, number: int) -> Figure:
    formats = current_formats()
    value = f"{formats.number(CAP)}+" if number > CAP else formats.number(number)
    return Figure(count.label, value, count.url, count.order, count.tone if number else "")


def counted(narrow: Narrow, order: Order | None = None) -> Callable[[list[Branch]], Counted]:
    """``order``: that of the list behind the figure, whose index finds the rows."""
    return lambda branches: Counted([branch.narrowed(narrow) for branch in branches], order)


def first_of(model: Any, branches: list[Branch], narrow: Narrow, order: Order) -> QuerySet:
    """The first rows of all branches, each walked by the index of that order: an OR over them is a guess at size."""
    if not branches:
        return model._base_manager.none()
    narrowed = [
        branch.narrowed(lambda rows: order.apply(narrow(rows)).values_list("pk", order.field)[: SHOWN + 1])
        for branch in branches
    ]
    sql, params = union_all(narrowed)
    way = order.direction
    firsts = f"SELECT id FROM ({sql}) k(id, place) ORDER BY place {way}, id {way} LIMIT {SHOWN + 1}"
    return order.apply(model._base_manager.filter(pk__in=RawSQL(firsts, params)))


def more(rows: list[Row]) -> str:
    return _("more") if len(rows) > SHOWN else ""


# --- what this room adds ---


def add_own() -> None:
    today_blocks.add("contacts_due", CONTACTS_DUE)
    today_blocks.add("tasks_due", TASKS_DUE)
    today_blocks.add("unplanned", UNPLANNED)
    today_figures.add("team_customers", TEAM)


def _contacts_due(day: Day) -> QuerySet | None:
    """Her own customers whose next contact is due until tonight, the most overdue first."""
    rows = _mine(day).due(day.tonight)
    return rows.values("pk", "name", "phone", "email", "next_contact_at")[: SHOWN + 1] if _works(day.user) else None


def _show_contacts_due(day: Day, rows: list[Row]) -> Block:
    formats = current_formats()
    items = [
        _customer(
            row, formats.relative(row["next_contact_at"], now=day.now),
            tone="bad" if row["next_contact_at"] < day.now else "", href=f"tel:{row['phone']}" if row["phone"] else "",
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('customers:list')}?owner={day.user.pk}&contact=today&sort=next"
    return Block(_("To contact today"), "phone-call", 10, items, url, more(rows), _("Nobody is waiting for your call."))


def _customer(row: Row, when: str, **more: str) -> Item:
    return Item(row["name"], reverse("customers:detail", args=[row["pk"]]), row["phone"] or row["email"], when, **more)


def _tasks_due(day: Day) -> QuerySet | None:
    if not access.allows(day.user, "create", "task"):
        return None
    due = Task.objects.live().filter(owner=day.user).due(day.tonight)
    return due.values("pk", "title", "due_at", "customer__name")[: SHOWN + 1]


def _show_tasks_due(day: Day, rows: list[Row]) -> Block:
    formats = current_formats()
    items = [
        Item(
            title=row["title"], url=reverse("customers:task", args=[row["pk"]]), line=row["customer__name"] or "",
            when=formats.relative(row["due_at"], now=day.now), tone="bad" if row["due_at"] < day.now else "",
            done_url=reverse("customers:task_verb", args=[row["pk"], "done"]),
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('customers:tasks')}?owner={day.user.pk}&state=open"
    return Block(_("Tasks due"), "checkbox", 20, items, url, more(rows), _("No task is due."))


def _unplanned(day: Day) -> QuerySet | None:
    """Her own customers nobody planned to speak to, and with whom nobody spoke for a month."""
    if not _works(day.user):
        return None
    idle = _mine(day).filter(next_contact_at__isnull=True).exclude(last_contact_at__gte=day.now - timedelta(days=30))
    rows = idle.order_by("next_contact_at", "pk")
    return rows.values("pk", "name", "phone", "email", "last_contact_at")[: SHOWN + 1]


def _show_unplanned(day: Day, rows: list[Row]) -> Block | None:
    formats = current_formats()

    def last(row: Row) -> str:
        at = row["last_contact_at"]
        return formats.relative(at, now=day.now) if at else _("never contacted")

    items = [_customer(row, last(row)) for row in rows[:SHOWN]]
    url = f"{reverse('customers:list')}?owner={day.user.pk}&contact=unplanned"
    return Block(_("Nothing planned"), "calendar-plus", 40, items, url, more(rows)) if items else None


def _team_counts(day: Day) -> Iterable[Count]:
    """For those who lead a team and work with it: what is late there, and what happened this week."""
    user, listed = day.user, reverse("customers:list")
    late = _count(lambda: _of_team(user, Customer).filter(next_contact_at__lt=day.now))
    yield Count(_("Contacts overdue"), f"{listed}?contact=overdue&sort=next", 10, late, "bad")
    tasks = _count(lambda: _of_team(user, Task).filter(state="open", due_at__lt=day.now))
    yield Count(_("Tasks overdue"), f"{reverse('customers:tasks')}?state=open&when=overdue", 20, tasks)
    new = _count(lambda: _of_team(user, Customer).filter(created_at__gte=day.monday))
    yield Count(_("New customers this week"), f"{listed}?created_after={day.monday.date().isoformat()}", 30, new)
    done = _count(lambda: Activity.objects.live().filter(_week(day), state="done", **_team_copies(user)))
    yield Count(_("Activities this week"), "", 40, done)


def _week(day: Day) -> Q:
    return Q(at__gte=day.monday, at__lte=day.now)


def _count(rows: Callable[[], QuerySet]) -> Callable[[list[Branch]], Counted]:
    return lambda _branches: Counted([Branch(rows())])


def _leads_a_team(user: Any) -> bool:
    return access.reach_of(user, "customer", "change") >= Reach.TEAM


def _works(user: Any) -> bool:
    return access.allows(user, "change", "customer")


def _mine(day: Day) -> Any:
    return Customer.objects.live().filter(owner=day.user)


def _of_team(user: Any, model: Any) -> Any:
    """By team, which one index serves; the few shared records do not make a figure of the team."""
    if access.reach_of(user, model.access.kind, "view") == Reach.ALL:
        return model.objects.live().filter(owner__isnull=False)
    return model.objects.live().filter(team_id__in=access.team_ids_of(user), owner__isnull=False)


def _team_copies(user: Any) -> dict[str, Any]:
    if access.reach_of(user, "customer", "view") == Reach.ALL:
        return {}
    return {"customer__team_id__in": access.team_ids_of(user), "customer_team__in": access.team_ids_of(user)}


CONTACTS_DUE = BlockSource(_contacts_due, _show_contacts_due)
TASKS_DUE = BlockSource(_tasks_due, _show_tasks_due)
UNPLANNED = BlockSource(_unplanned, _show_unplanned)
TEAM = FigureSource(_leads_a_team, _team_counts)
