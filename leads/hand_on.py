"""A lead that was not contacted in time goes on: never to somebody who had it; after everybody, to the supervisor.

Who had it is read from the log: all to whom it was assigned since it was last reopened or stood in the queue.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Json

from accounts.models import Team
from leads.models import AssignmentRule
from leads.strategies import Waiting
from messaging.notices import tell

# The code of leads.seats.REASONS with which it waits, and the kind of notice that tells of it.
ALL_HAD = "all_had"
NOTICE = "leads_all_had"

_HAD = """
SELECT e.subject_id, array_agg(DISTINCT (e.facts->>'to')::bigint) FROM records_event e
WHERE e.subject_kind = 'lead' AND e.subject_id = ANY(%s) AND e.verb IN ('assign', 'handover')
  AND e.facts->>'to' IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM records_event r WHERE r.subject_kind = 'lead' AND r.subject_id = e.subject_id
                  AND r.id > e.id AND r.verb IN ('reopen', 'to_queue'))
GROUP BY 1
"""


def had_before(leads: Sequence[int]) -> dict[int, frozenset[int]]:
    """Lead → the people who had it in this round; one statement for all."""
    with connection.cursor() as cursor:
        cursor.execute(_HAD, [list(leads)])
        return {lead: frozenset(people) for lead, people in cursor.fetchall()}


def had_by_all(leads: Iterable[Waiting], people: set[int]) -> list[Waiting]:
    """Those for which nobody of the rule is left."""
    return [lead for lead in leads if people <= lead.had | {lead.owner_id}]


# The team stays, so that its supervisor finds the lead in her queue.
_TO_QUEUE = """
WITH back AS (
    UPDATE leads_lead l SET owner_id = NULL, state = 'new', assigned_at = NULL, waits_because = %(because)s,
           next_contact_at = nullif(l.next_contact_at, l.first_contact_due_at), first_contact_due_at = NULL
    FROM unnest(%(leads)s::bigint[], %(former)s::bigint[], %(tried)s::int[]) AS p(id, former, tried)
    WHERE l.id = p.id
    RETURNING l.id, l.team_id, p.former, p.tried
), told AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, batch_id, facts)
    SELECT %(at)s, %(by)s, 'to_queue', 'lead', id, %(batch)s,
           jsonb_build_object('from', former, 'to', NULL, 'tried', tried) || %(facts)s::jsonb
    FROM back
)
SELECT id, team_id FROM back
"""


def send_to_queue(
    leads: Sequence[Waiting], rule: AssignmentRule, *, by: Any, batch: Any, now: datetime
) -> None:  # fmt: skip
    """Inside the transaction that locked the leads."""
    params = {
        "leads": [lead.id for lead in leads],
        "former": [lead.owner_id for lead in leads],
        "tried": [len(lead.had | {lead.owner_id}) for lead in leads],
        "because": ALL_HAD,
        "at": timezone.now(),
        "by": by and by.pk,
        "batch": batch and batch.pk,
        "facts": Json({"rule": rule.pk, "because": ALL_HAD}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TO_QUEUE, params)
        rows = cursor.fetchall()
    _tell_supervisors(rows, batch=batch, now=now)


def _tell_supervisors(rows: list[tuple[int, int | None]], *, batch: Any, now: datetime) -> None:
    """Of a lead without team nobody in particular is told: it stands in the queue of all who assign leads."""
    teams = Counter(team for _lead, team in rows if team is not None)
    supervisors = dict(Team.objects.filter(pk__in=teams).values_list("pk", "supervisor_id"))
    told: Counter[int] = Counter()
    for team, number in teams.items():
        if supervisor := supervisors.get(team):
            told[supervisor] += number
    key = str(batch.pk) if batch else f"{rows[0][0]}:{now.isoformat()}"
    if told:
        people = {person: (number, {}) for person, number in told.items()}
        tell(NOTICE, people, key=f"{NOTICE}:{key}", batch=batch, adds=batch is not None)
