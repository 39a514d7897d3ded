"""The nightly run over churn: what settled itself ends, what was deferred comes back, and rules open new cases.

One statement per portion; twice in a night changes nothing the second time, and a missed night is made up for by the
next, since all of it follows from rows.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.churn.settle import bought_since, move_many, returning
from customers.churn.signs import signs
from customers.derived import derive
from customers.limits import Today, with_all_below
from customers.models import ChurnCase, ChurnRule, Customer
from messaging.notices import tell
from records.jobs import JobOutcome
from records.models import Batch

VERB = "customers.churn"
NOTICE = "churn_to_settle"
PORTION = 2_000

Moved = list[tuple[int, int | None]]

# Who has an unsettled case, is lost already, or had a case that ended or was taken back lately, is left alone.
_OPEN = """
WITH chosen AS (
    SELECT c.id, c.owner_id, c.team_id FROM customers_customer c
    WHERE c.id = ANY(%(ids)s) AND c.owner_id IS NOT NULL AND c.deleted_at IS NULL AND NOT EXISTS (
        SELECT FROM customers_churncase h WHERE h.customer_id = c.id AND CASE WHEN h.deleted_at IS NOT NULL
           THEN h.deleted_at > %(undone)s
           ELSE h.ended_on IS NULL OR h.ended_on > %(today)s::date - %(rest)s END)
    ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
), opened AS (
    INSERT INTO customers_churncase (customer_id, customer_owner, customer_team, state, rule_id, signal, number, note,
        opened_on, measures, competitor, end_note, version, created_at)
    SELECT id, owner_id, team_id, 'open', %(rule)s, %(signal)s, %(number)s, '', %(today)s, '', '', '', 1, %(at)s
    FROM chosen ORDER BY id
    ON CONFLICT DO NOTHING RETURNING id, customer_id, customer_owner
), logged AS (
    INSERT INTO records_event (at, verb, subject_kind, subject_id, customer_id, batch_id, facts)
    SELECT %(at)s, 'create', 'churn', id, customer_id, %(batch)s, jsonb_build_object('rule', %(rule)s::bigint)
    FROM opened
)
SELECT customer_id, customer_owner FROM opened
"""


class Run:
    """One night. The batch begins with the first portion."""

    def __init__(self, now: datetime) -> None:
        self.today = Today.at(now)
        self.outcome = JobOutcome()

    def portions(self, ids: list[int], move: Callable[[list[int], Batch], Moved], *, tells: bool) -> int:
        """Each portion is one transaction: cases, events, life cycles, notices and the batch's count."""
        moved = 0
        for start in range(0, len(ids), PORTION):
            with transaction.atomic():
                batch = self.outcome.batch = self.outcome.batch or self._start()
                found = move(ids[start : start + PORTION], batch)
                derive([customer for customer, _owner in found])
                batch.count(moved=len(found))
                if tells:
                    _tell(Counter(owner for _customer, owner in found if owner), batch, self.today)
            moved += len(found)
        return moved

    def _start(self) -> Batch:
        title = format_lazy("{} {}", _("Churn"), self.today.date.isoformat())
        return Batch.start(VERB, by=None, title=str(title), params={"now": self.today.now.isoformat()})


def watch(*, now: datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    run = Run(now)
    _end_what_settled_itself(run, dry_run)
    _return_the_deferred(run, dry_run)
    for rule in ChurnRule.objects.in_force():
        _open_by(rule, run, dry_run)
    if run.outcome.batch:
        run.outcome.batch.finish(moved=run.outcome.moved)
    return run.outcome


def _end_what_settled_itself(run: Run, dry_run: bool) -> None:
    told = {"keep": _told_kept, "win_back": _told_won_back}
    for verb, cases in bought_since().items():
        _move(run, verb, cases, told[verb], dry_run)


def _return_the_deferred(run: Run, dry_run: bool) -> None:
    _move(run, "return", returning(run.today.date), _told_returned, dry_run, tells=True)


def _told_kept(number: int) -> str:
    return ngettext("%(count)s customer bought again: kept", "%(count)s customers bought again: kept", number)


def _told_won_back(number: int) -> str:
    return ngettext(
        "%(count)s lost customer bought again: won back", "%(count)s lost customers bought again: won back", number
    )


def _told_returned(number: int) -> str:
    return ngettext("%(count)s deferred case is open again", "%(count)s deferred cases are open again", number)


def _move(
    run: Run, verb: str, cases: QuerySet, told: Callable[[int], str], dry_run: bool, *, tells: bool = False
) -> None:  # fmt: skip
    ids = list(cases.values_list("pk", flat=True))
    number = len(ids)
    if not dry_run:
        number = run.portions(
            ids, lambda part, batch: move_many(part, verb, on=run.today.date, batch=batch), tells=tells
        )
    run.outcome.moved += number
    if number:
        run.outcome.lines.append(told(number) % {"count": number})


def _open_by(rule: ChurnRule, run: Run, dry_run: bool) -> None:
    ids = list(foreseen(rule, run.today).values_list("pk", flat=True))
    number = len(ids)
    if not dry_run:
        number = run.portions(ids, lambda part, batch: _open(rule, part, run.today, batch), tells=True)
    run.outcome.moved += number
    text = ngettext("%(rule)s: %(count)s new case, because %(reason)s", "%(rule)s: %(count)s new cases, because "
                    "%(reason)s", number)  # fmt: skip
    run.outcome.lines.append(text % {"rule": rule, "count": number, "reason": reason(rule)})


def foreseen(rule: ChurnRule, today: Today) -> QuerySet[Customer]:
    """The customers for whom ``rule`` would open a case today."""
    signal = signs.get(rule.signal)
    if signal is None:  # its room is gone
        return Customer.objects.none()
    rows = Customer.objects.live().owned().filter(**rule.kind_of_customer(with_all_below(rule.teams)))
    rows = rows.filter(pk__in=signal.customers(rule.number, today.date))
    return rows.exclude(pk__in=_left_alone(rule, today)).order_by("pk")


def _left_alone(rule: ChurnRule, today: Today) -> QuerySet:
    """Customers with a case that has not ended, or ended or was taken back within the days of rest."""
    since = today.date - timedelta(days=rule.rest_days)
    held = Q(ended_on__isnull=True) | Q(ended_on__gt=since)
    undone = Q(deleted_at__gt=today.start_of(since))
    return ChurnCase.objects.filter(Q(held, deleted_at__isnull=True) | undone).values("customer")


def _open(rule: ChurnRule, ids: Iterable[int], today: Today, batch: Any) -> Moved:
    params = {
        "ids": list(ids), "rule": rule.pk, "signal": rule.signal, "number": rule.number, "rest": rule.rest_days,
        "today": today.date, "at": timezone.now(), "batch": batch.pk,
        "undone": today.start_of(today.date - timedelta(days=rule.rest_days)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, params)
        return cursor.fetchall()


def reason(rule: ChurnRule) -> str:
    signal = signs.get(rule.signal)
    return signal.because(rule.number) if signal else "–"


def _tell(owners: Counter[int], batch: Batch, today: Today) -> None:
    told = {pk: (number, {}) for pk, number in owners.items()}
    if told:
        tell(NOTICE, told, key=f"{NOTICE}:{today.date}", batch=batch, adds=True)
