"""The nightly run: customers whose days are over fall into the pool of the rule that holds for them.

One statement per portion changes the rows and writes their events; it takes what nobody holds at that moment, commits
and goes on, so that a rep never waits for it and a killed run is finished by the next.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Cast
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from crm.named_sql import named_sql
from customers.limits import Today, due, rules_in_force, under_rules
from customers.models import Customer, Pool, PoolMember, RecycleRule
from customers.ownership import give_chosen
from messaging.notices import tell
from records.jobs import JobOutcome
from records.models import Batch

VERB = "customers.recycle"
PORTION = 2_000


@dataclass(frozen=True)
class Share:
    """What a pool's rules would move, of the customers that they watch."""

    pool: Pool
    due: int
    watched: int

    @property
    def percent(self) -> int:
        return 100 * self.due // self.watched if self.watched else 0

    @property
    def is_too_much(self) -> bool:
        return self.due * 100 > self.watched * self.pool.brake_percent


def recycle(*, now: datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Runs every rule in force as of ``now``. A pool whose brake is hit is left alone, unless by ``force``."""
    today, rules = Today.at(now), rules_in_force()
    stopped = {} if force else {share.pool.pk: share for share in _shares(rules, today) if share.is_too_much}
    outcome = JobOutcome(lines=[_stop_line(share) for share in stopped.values()], is_stopped=bool(stopped))
    for rule in rules:
        if rule.pool_id in stopped:
            if dry_run:  # whoever is to pass the brake wants to know whom it holds
                outcome.lines.append(_line(rule, foresee(rules, rule, today)))
            continue
        people = foresee(rules, rule, today) if dry_run else _sweep(rules, rule, today, outcome)
        outcome.moved += sum(people.values())
        outcome.lines.append(_line(rule, people))
    if not dry_run:
        _end(outcome, stopped.values(), today)
    return outcome


def foresee(rules: list[RecycleRule], rule: RecycleRule, today: Today) -> dict[int, int]:
    """Owner → how many of her customers ``rule`` would move."""
    counted = due(rules, rule, today).order_by().values("owner").annotate(number=Count("pk"))
    return {row["owner"]: row["number"] for row in counted}


def _sweep(rules: list[RecycleRule], rule: RecycleRule, today: Today, outcome: JobOutcome) -> dict[int, int]:
    """The same customers, moved. Each portion is one transaction: rows, events, notices and the batch's count."""
    people: Counter[int] = Counter()
    rows = due(rules, rule, today)
    if rows.exists():
        outcome.batch = outcome.batch or _start(today)
        for portion in _portions(rows, rule, today, outcome.batch):
            people.update(portion)
    return people


def _portions(rows: models.QuerySet, rule: RecycleRule, today: Today, batch: Batch) -> Iterator[dict[int, int]]:
    """What somebody holds at that moment is left for the next run."""
    last = 0
    while True:
        with transaction.atomic():
            select, params = _locking_select(rows.filter(pk__gt=last), rule)
            ids = give_chosen(
                select, params, by=None, verb="recycle", batch=batch, facts={"rule": rule.pk}, now=today.now,
                is_gain=False,
            )  # fmt: skip
            if not ids:
                return
            people = _former_owners(ids)
            _tell_former_owners(people, rule, batch)
            batch.count(moved=len(ids))
        last = max(ids)
        yield people


def _locking_select(rows: models.QuerySet, rule: RecycleRule) -> tuple[str, dict[str, Any]]:
    """The next portion as SQL for ``give_chosen``. What somebody holds is left out, not waited for."""
    nothing = Cast(Value(None), models.BigIntegerField())
    pool = Cast(Value(rule.pool_id), models.BigIntegerField())
    chosen = (
        rows.order_by("pk")
        .annotate(to_owner=nothing, to_team=nothing, to_pool=pool)
        .values("id", "to_owner", "to_team", "to_pool")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))[:PORTION]
    )
    return named_sql(chosen, "chosen")


def _former_owners(ids: list[int]) -> dict[int, int]:
    counted = Customer.objects.filter(pk__in=ids).order_by().values("former_owner").annotate(number=Count("pk"))
    return {row["former_owner"]: row["number"] for row in counted}


def _tell_former_owners(people: dict[int, int], rule: RecycleRule, batch: Batch) -> None:
    told = {owner: (number, {"pool": rule.pool_id}) for owner, number in people.items()}
    tell("recycled", told, key=f"recycled:{batch.pk}:{rule.pool_id}", batch=batch, adds=True)


# --- the brake ---


def _shares(rules: list[RecycleRule], today: Today) -> Iterator[Share]:
    """Only for pools with a brake: counting costs a walk over all customers."""
    braked = {rule.pool for rule in rules if rule.pool.brake_percent < 100}
    if not braked:
        return
    counted = (
        under_rules(rules, today).annotate(held_by=F("rule")).order_by().values("held_by").annotate(number=Count("pk"))
    )
    watched = {row["held_by"]: row["number"] for row in counted}
    for pool in sorted(braked, key=lambda pool: pool.pk):
        own = [rule for rule in rules if rule.pool_id == pool.pk]
        number = sum(due(rules, rule, today).count() for rule in own)
        yield Share(pool, number, sum(watched.get(rule.pk, 0) for rule in own))


def _stop_line(share: Share) -> str:
    return _(
        "Stopped by the brake of the pool “%(pool)s”: %(due)s of %(watched)s customers (%(percent)s %%) would move, "
        "more than %(brake)s %%."
    ) % {
        "pool": share.pool, "due": share.due, "watched": share.watched, "percent": share.percent,
        "brake": share.pool.brake_percent,
    }  # fmt: skip


# --- the report ---


def _start(today: Today) -> Batch:
    title = format_lazy("{} {}", _("Recycle"), today.date.isoformat())
    return Batch.start(VERB, by=None, title=str(title), params={"now": today.now.isoformat()})


def _end(outcome: JobOutcome, stopped: Any, today: Today) -> None:
    if outcome.batch:
        outcome.batch.finish(moved=outcome.moved)
    for share in stopped:
        people = PoolMember.objects.filter(pool=share.pool, is_administrator=True).values_list("user_id", flat=True)
        facts = {"pool": share.pool.pk, "watched": share.watched, "brake": share.pool.brake_percent}
        told = {pk: (share.due, facts) for pk in people}
        tell("recycle_stopped", told, key=f"brake:{share.pool.pk}:{today.date}", batch=outcome.batch)


def _line(rule: RecycleRule, people: dict[int, int]) -> str:
    """“Cold customers: 37 customers to “Shared pool”, because no activity for 30 days (Alice 20, Bob 17)”."""
    total = sum(people.values())
    text = ngettext(
        "%(rule)s: %(count)s customer to “%(pool)s”, because %(reason)s",
        "%(rule)s: %(count)s customers to “%(pool)s”, because %(reason)s",
        total,
    ) % {"rule": rule, "count": total, "pool": rule.pool, "reason": reason(rule)}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    shown = sorted(people.items(), key=lambda item: (-item[1], names.get(item[0], "")))
    return f"{text} ({', '.join(f'{names.get(pk, pk)} {number}' for pk, number in shown)})" if people else text


def reason(rule: RecycleRule) -> str:
    """Why customers fall under this rule: “no activity for 30 days or no order for 90 days”."""
    parts = []
    if rule.idle_days:
        parts.append(_("no activity for %(days)s") % {"days": days(rule.idle_days, rule.counts_working_days)})
    if rule.order_days:
        parts.append(_("no order for %(days)s") % {"days": days(rule.order_days, rule.counts_working_days)})
    return (_(" and ") if rule.needs_both else _(" or ")).join(parts)


def days(number: int, working: bool) -> str:
    if working:
        return ngettext("%(days)s working day", "%(days)s working days", number) % {"days": number}
    return ngettext("%(days)s day", "%(days)s days", number) % {"days": number}
