"""Which recycle rule holds for a customer and since when its days count: one SQL expression for the nightly run, the
warning, the dry run and the page of the customer. What the page says is what the run does.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Company
from accounts.workdays import Calendar
from customers.conditions import ALWAYS_EXEMPTS, EXEMPTS, RESETS_ORDER_CLOCK, of_use
from customers.models import Customer, CustomerQuerySet, RecycleRule

NEW = 2**62  # stands for the number of a rule that is not saved yet: the last of its place


@dataclass(frozen=True)
class Today:
    """The rules' now, seen from the company: its day, its zone, its working days."""

    now: datetime.datetime
    zone: ZoneInfo
    calendar: Calendar

    @classmethod
    def at(cls, now: datetime.datetime) -> "Today":
        company = Company.get()
        return cls(now, company.zone, Calendar.of(company))

    @property
    def date(self) -> datetime.date:
        return self.now.astimezone(self.zone).date()

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        return moment.astimezone(self.zone).date()

    def in_days(self, days: int) -> "Today":
        """The same hour some days later, whatever the clocks do meanwhile."""
        local = self.now.astimezone(self.zone).replace(tzinfo=None) + datetime.timedelta(days=days)
        return replace(self, now=local.replace(tzinfo=self.zone))

    def start_of(self, day: datetime.date) -> datetime.datetime:
        return datetime.datetime.combine(day, datetime.time(), tzinfo=self.zone)

    def limit(self, days: int, *, working: bool) -> datetime.datetime:
        """Facts before this moment are at least ``days`` old today."""
        last = self.calendar.before(self.date, days, working=working)
        return self.start_of(last + datetime.timedelta(days=1))


def rules_in_force(*, trying: RecycleRule | None = None) -> list[RecycleRule]:
    """Each with ``all_teams``: those it names with all below. ``trying``: as if this one, perhaps unsaved, held."""
    rules = list(RecycleRule.objects.in_force())
    if trying is not None:
        rules = [rule for rule in rules if rule.pk != trying.pk] + [trying]
        rules.sort(key=lambda rule: (rule.order, rule.pk or NEW))
        trying.pk = trying.pk or NEW
    for rule in rules:
        rule.all_teams = with_all_below(rule.teams)  # type: ignore[attr-defined]
    return rules


def under_rules(rules: Iterable[RecycleRule], today: Today) -> CustomerQuerySet:
    """Owned customers with ``rule`` (number of the rule that holds, or null), ``touched_at`` and ``sold_at``."""
    whens = [When(_kind(rule), then=Value(rule.pk)) for rule in rules]
    rule = Case(*whens, output_field=models.BigIntegerField()) if whens else Value(None, models.BigIntegerField())
    since = Coalesce("assigned_at", "created_at")
    sales = [_moment(c.expression(None), today, c.is_date) for c in of_use(RESETS_ORDER_CLOCK).values()]
    return Customer.objects.live().owned().alias(
        rule=rule, since=since, touched_at=Greatest(F("last_contact_at"), since), sold_at=Greatest(*sales, since)
    )  # fmt: skip


def due(rules: Iterable[RecycleRule], rule: RecycleRule, today: Today) -> CustomerQuerySet:
    """The customers that ``rule`` lets fall into its pool today."""
    rows = under_rules(rules, today).filter(_over(rule, today), rule=rule.pk)
    rows = rows.filter(Q(protected_until__isnull=True) | Q(protected_until__lte=today.now))
    if rule.fresh_days:
        rows = rows.filter(since__lt=today.limit(rule.fresh_days, working=rule.counts_working_days))
    for name, expression in exemptions(rule).items():
        rows = rows.alias(**{name: expression}).filter(**{name: False})
    return rows


def exemptions(rule: RecycleRule) -> dict[str, Any]:
    """What keeps a customer under this rule: ``kept_<code>`` → expression. A condition whose room is gone is none."""
    known, always = of_use(EXEMPTS), of_use(ALWAYS_EXEMPTS)
    chosen = {code: known[code].expression(None if choice is True else choice)
              for code, choice in rule.exempt.items() if code in known}  # fmt: skip
    chosen |= {code: condition.expression(None) for code, condition in always.items()}
    return {f"kept_{code}": expression for code, expression in chosen.items()}


def _over(rule: RecycleRule, today: Today) -> Q:
    """Either limit, or both, lies behind us."""
    clocks = [
        Q(**{f"{fact}__lt": today.limit(days, working=rule.counts_working_days)})
        for fact, days in (("touched_at", rule.idle_days), ("sold_at", rule.order_days))
        if days
    ]
    return Q(*clocks, _connector=Q.AND if rule.needs_both else Q.OR)


def _kind(rule: RecycleRule) -> Q:
    """The customers that a rule is for. An empty list names all."""
    lists = {
        "grade__in": rule.grades, "state__in": rule.states, "source_id__in": rule.sources,
        "team_id__in": rule.all_teams,  # type: ignore[attr-defined]
    }  # fmt: skip
    return Q(pk__isnull=False, **{name: values for name, values in lists.items() if values})


def _moment(expression: Any, today: Today, is_date: bool) -> Any:
    """A date becomes the company's midnight, so that dates and moments compare."""
    if not is_date:
        return expression
    return Func(
        Value(str(today.zone)), expression, template="(timezone(%(expressions)s::timestamp))",
        output_field=models.DateTimeField(),
    )  # fmt: skip


def with_all_below(teams: list[int]) -> list[int]:
    if not teams:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE tree AS (SELECT id FROM accounts_team WHERE id = ANY(%s)
               UNION SELECT t.id FROM accounts_team t JOIN tree ON t.parent_id = tree.id) SELECT id FROM tree""",
            [teams],
        )
        # A team that is named but gone names nobody, not everybody.
        return [row[0] for row in cursor.fetchall()] or [0]
