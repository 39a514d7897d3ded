"""Gives waiting leads to people by the rules, and hands on what nobody contacted in time.

One function for the job, for a single new lead after its commit, and for a person who asks for it. Whatever runs at the
same time: a rule's ring is turned by one transaction at a time, a lead is taken by one, and caps are counted under a
lock on the people. Portions commit one by one: after a kill the next run goes on.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from psycopg.types.json import Json

from accounts.models import Company
from leads.conditions import decided_by, none_of
from leads.explain import Told, lines_of
from leads.hand_on import ALL_HAD, had_before, had_by_all, send_to_queue
from leads.models import AssignmentRule, Lead
from leads.seats import Seating, lock_people, lock_ring, seating_of, takes_part, write_ring
from leads.sticky import known_owners
from leads.strategies import Seat, Waiting, facts_of, strategies, strategies_of
from leads.working_time import after_working_minutes
from messaging.given import tell_given
from records.jobs import JobOutcome
from records.models import Batch

PORTION = 10_000
JOB = "leads.assign"
BY_HAND = "assign_by_rules"
# A lead whose assignment was undone is not given away again by itself, nor one that everybody of its rule had.
HELD_BACK = "undone"
STAYS = (HELD_BACK, ALL_HAD)


def run(*, now: datetime, dry_run: bool, force: bool) -> JobOutcome:
    """The job ``leads.assign``."""
    return assign_leads(now=now, dry_run=dry_run)


def assign_leads(
    *, now: datetime, dry_run: bool = False, only: Sequence[int] | None = None, by: Any = None,
    batch: Batch | None = None,
) -> JobOutcome:  # fmt: skip
    """Runs every active rule in order. ``only``: these leads and no hand-on, also those held back after an undo.

    ``batch``: the one to which this belongs, else a batch of its own. A dry run counts what one run at this moment
    would do, and writes nothing.
    """
    work = _Work(now=now, dry_run=dry_run, only=only, by=by, batch=batch)
    _run(work, _rules())
    if work.batch and work.batch is not batch:
        work.batch.finish(moved=work.moved)
    return JobOutcome(lines=lines_of(work.all_told, dry_run=dry_run), moved=work.moved, batch=work.batch)


def preview(*, now: datetime, mine: QuerySet, also: AssignmentRule | None = None) -> list[str]:
    """A dry run told to somebody who reads the rules ``mine``; ``also``: as if this rule were switched on."""
    work = _Work(now=now, dry_run=True, only=None, by=None)
    rules = _rules(also)
    _run(work, rules)
    shown = set(mine.values_list("pk", flat=True))
    return lines_of([told for told in work.all_told if told.rule is None or told.rule.pk in shown], dry_run=True)


def _rules(also: AssignmentRule | None = None) -> list[AssignmentRule]:
    switched_on = Q(is_active=True) | Q(pk=also.pk) if also else Q(is_active=True)
    return list(AssignmentRule.objects.filter(switched_on).select_related("fallback").in_order())


def _run(work: "_Work", rules: Sequence[AssignmentRule]) -> None:
    for place, rule in enumerate(rules):
        told = work.told(rule)
        if work.only is None and rule.contact_within:
            _hand_on(work, rule, told)
        _give_waiting(work, rule, rules[:place], told)
    _leave_unmatched(work, rules)


@dataclass
class _Work:
    """One run: what it was asked, and what it did so far."""

    now: datetime
    dry_run: bool
    only: Sequence[int] | None
    by: Any
    batch: Batch | None = None
    moved: int = 0
    all_told: list[Told] = field(default_factory=list)
    # A dry run writes nothing, so it remembers what each person would hold, and where each ring would stand.
    given: Counter[int] = field(default_factory=Counter)
    positions: dict[int, Decimal] = field(default_factory=dict)

    def told(self, rule: AssignmentRule | None) -> Told:
        self.all_told.append(Told(rule))
        return self.all_told[-1]

    def waiting(self) -> QuerySet:
        rows = Lead.objects.waiting()
        if self.only is None:
            return rows.exclude(waits_because__in=STAYS)
        return rows.filter(pk__in=self.only)

    def open_batch(self) -> Batch | None:
        """One batch for the run, once there is something in it; a single lead needs none."""
        if self.batch is None and (self.only is None or len(self.only) > 1):
            self.batch = Batch.start(JOB if self.only is None else BY_HAND, by=self.by)
        return self.batch


# --- what waits ---


def _give_waiting(work: _Work, rule: AssignmentRule, earlier: Iterable[AssignmentRule], told: Told) -> None:
    rows = work.waiting().filter(decided_by(rule, earlier))
    after: int | None = 0
    while after is not None and rows.filter(pk__gt=after).exists():
        after = _portion(work, rule, rows, after, told, because="rule")


def _hand_on(work: _Work, rule: AssignmentRule, told: Told) -> None:
    rows = Lead.objects.not_contacted_in_time(work.now).filter(rule=rule)
    after: int | None = 0
    while after is not None and rows.filter(pk__gt=after).exists():
        after = _portion(work, rule, rows, after, told, because="not_contacted")


@transaction.atomic
def _portion(work: _Work, rule: AssignmentRule, rows: QuerySet, after: int, told: Told, *, because: str) -> int | None:
    """Gives away up to PORTION leads beyond ``after``; the last one looked at, or None when there is no more to do."""
    seating = _seating(work, rule)
    fallback = rule.fallback if takes_part(rule.fallback, now=work.now) else None
    # What is late is looked at even when nobody has room: it may have been with everybody.
    limit = PORTION if fallback or because == "not_contacted" else min(PORTION, seating.room)
    leads = _take(work, rule, rows.filter(pk__gt=after), limit)
    turn = strategies[rule.strategy].turn(seating.seats, rule)
    chosen = [(lead, turn.give(lead)) for lead in leads]
    pairs = [(lead, given) for lead, given in chosen if given]
    _give(work, rule, pairs, told, _facts(rule, seating, because, len(seating.seats)))
    _turn_ring(work, seating)
    rest = [lead for lead, given in chosen if given is None]
    if fallback:
        seat = Seat(0, fallback.pk, fallback.team_id)
        last = [(lead, (seat, "")) for lead in rest if lead.may_go_to(seat)]
        _give(work, rule, last, told, _facts(rule, seating, "fallback", 0))
        rest = [lead for lead in rest if not lead.may_go_to(seat)]
    if because == "not_contacted":
        _give_up(work, rule, had_by_all(rest, seating.people), told)
    elif not fallback and seating.room <= 0:
        _leave(work, rule, rows, told, seating.reason)
    return leads[-1].id if len(leads) == PORTION else None


def _facts(rule: AssignmentRule, seating: Seating, because: str, candidates: int) -> dict[str, Any]:
    """What the event of each lead tells: rule, way, who could be chosen from, and why the others could not."""
    facts: dict[str, Any] = {"rule": rule.pk, "way": rule.strategy, "because": because, "candidates": candidates}
    if seating.absent:
        facts["absent"] = dict(sorted(seating.absent.items()))
    return facts


def _seating(work: _Work, rule: AssignmentRule) -> Seating:
    if not work.dry_run:
        lock_ring(rule)
        if rule.members.filter(holding_cap__isnull=False).exists():
            lock_people(rule)
    seating = seating_of(rule, now=work.now)
    if work.dry_run:
        for seat in seating.seats:
            seat.held += work.given[seat.user_id]
            seat.room -= work.given[seat.user_id] if seat.limit else 0
            seat.position = work.positions.get(seat.member_id, seat.position)
    return seating


def _turn_ring(work: _Work, seating: Seating) -> None:
    if work.dry_run:
        work.positions.update((seat.member_id, seat.position) for seat in seating.seats)
    else:
        write_ring(seating, now=work.now)


def _take(work: _Work, rule: AssignmentRule, rows: QuerySet, limit: int) -> list[Waiting]:
    if not work.dry_run:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    taken = list(rows.order_by("pk").values_list("pk", "owner_id")[: max(limit, 0)])
    had = had_before([pk for pk, _owner in taken]) if any(owner for _pk, owner in taken) else {}
    known = known_owners([pk for pk, _owner in taken]) if any(way.needs_match for way in strategies_of(rule)) else {}
    return [Waiting(pk, owner, had.get(pk, frozenset()), known.get(pk, ())) for pk, owner in taken]


# A lead, and to whom it goes with the code of leads.strategies.HOW; "" for the fallback.
Pairs = Sequence[tuple[Waiting, tuple[Seat, str]]]


def _give(work: _Work, rule: AssignmentRule, pairs: Pairs, told: Told, facts: dict[str, Any]) -> None:
    if not pairs:
        return
    for _lead, (seat, _how) in pairs:
        told.given[seat.user_id] += 1
        work.given[seat.user_id] += 1
    told.handed_on += sum(lead.owner_id is not None for lead, _given in pairs)
    work.moved += len(pairs)
    if not work.dry_run:
        _write(work, rule, pairs, facts)
        _tell(work, pairs)


def _give_up(work: _Work, rule: AssignmentRule, leads: list[Waiting], told: Told) -> None:
    """Everybody of the rule had these: the supervisor decides."""
    told.returned += len(leads)
    work.moved += len(leads)
    if leads and not work.dry_run:
        send_to_queue(leads, rule, by=work.by, batch=work.open_batch(), now=work.now)


# One statement changes the leads and tells of each.
_ASSIGN = """
WITH given AS (
    UPDATE leads_lead l SET owner_id = p.owner, team_id = p.team, state = 'assigned', assigned_at = %(now)s,
           rule_id = %(rule)s, waits_because = '', first_contact_due_at = %(due)s,
           next_contact_at = coalesce(%(due)s, l.next_contact_at)
    FROM unnest(%(leads)s::bigint[], %(former)s::bigint[], %(owners)s::bigint[], %(teams)s::bigint[], %(how)s::text[])
         AS p(id, former, owner, team, how)
    WHERE l.id = p.id
    RETURNING l.id, p.former, p.owner, p.how
)
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, batch_id, facts)
SELECT %(at)s, %(by)s, 'assign', 'lead', id, %(batch)s,
       jsonb_build_object('from', former, 'to', owner) || %(facts)s::jsonb || how::jsonb
FROM given
"""


def _write(work: _Work, rule: AssignmentRule, pairs: Pairs, facts: dict[str, Any]) -> None:
    batch = work.open_batch()
    due = contact_due(rule, work.now)
    if due:
        facts = {**facts, "due": int(due.timestamp())}
    params = {
        "now": work.now,
        "at": timezone.now(),
        "due": due,
        "rule": rule.pk,
        "by": work.by and work.by.pk,
        "batch": batch and batch.pk,
        "facts": Json(facts),
        "leads": [lead.id for lead, _given in pairs],
        "former": [lead.owner_id for lead, _given in pairs],
        "owners": [seat.user_id for _lead, (seat, _how) in pairs],
        "teams": [seat.team_id for _lead, (seat, _how) in pairs],
        "how": _hows(pairs),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGN, params)


def _hows(pairs: Pairs) -> list[str]:
    """What each event tells besides; the same few texts over and over."""
    texts: dict[tuple[int, str], str] = {}
    for _lead, (seat, how) in pairs:
        if (seat.user_id, how) not in texts:
            texts[seat.user_id, how] = json.dumps(facts_of((seat, how)) if how else {})
    return [texts[seat.user_id, how] for _lead, (seat, how) in pairs]


def _tell(work: _Work, pairs: Pairs) -> None:
    given: dict[int, list[int]] = {}
    for lead, (seat, _how) in pairs:
        given.setdefault(seat.user_id, []).append(lead.id)
    tell_given(
        "lead",
        given,
        by=work.by,
        batch=work.batch,
        key="" if work.batch else f"{pairs[0][0].id}:{work.now.isoformat()}",
    )


def contact_due(rule: AssignmentRule, now: datetime) -> datetime | None:
    """Until when the first contact must have happened; working time where the rule keeps working hours."""
    if rule.contact_within is None:
        return None
    if rule.in_working_hours:
        return after_working_minutes(Company.get(), now, rule.contact_within)
    return now + timedelta(minutes=rule.contact_within)


# --- what stays in the queue, with the reason ---


def _leave(work: _Work, rule: AssignmentRule, rows: QuerySet, told: Told, reason: str) -> None:
    """What the rule decides on and could not give away; only rows whose reason is new are written."""
    told.reason = reason
    if work.dry_run:
        told.waiting = max(0, rows.count() - sum(told.given.values()) + told.handed_on)
        return
    told.waiting = rows.count()
    new = rows.exclude(Q(waits_because=reason, rule=rule))
    new.update(waits_because=reason, rule=rule)


def _leave_unmatched(work: _Work, rules: Sequence[AssignmentRule]) -> None:
    rows = work.waiting().filter(none_of(rules))
    told = work.told(None)
    told.reason, told.waiting = "no_rule", rows.count()
    if not work.dry_run:
        rows.exclude(waits_because="no_rule", rule=None).update(waits_because="no_rule", rule=None)
