"""Gives many leads to one person by hand, in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.states import OPEN
from messaging.given import tell_given
from records.refusals import Refused

_ASSIGN = """
WITH chosen AS (
    SELECT id, owner_id, state FROM leads_lead
    WHERE id = ANY(%(ids)s) AND deleted_at IS NULL AND state = ANY(%(open)s) AND owner_id IS DISTINCT FROM %(owner)s
    ORDER BY id FOR UPDATE
), given AS (
    UPDATE leads_lead l SET owner_id = %(owner)s, team_id = %(team)s, state = 'assigned', assigned_at = %(now)s,
           rule_id = NULL, waits_because = '', first_contact_due_at = NULL
    FROM chosen c WHERE l.id = c.id
    RETURNING l.id, c.owner_id AS former, c.state
)
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, batch_id, facts)
SELECT %(at)s, %(by)s, 'assign', 'lead', id, %(batch)s,
       jsonb_build_object('from', former, 'to', %(owner)s::bigint, 'state', jsonb_build_array(state, 'assigned'))
FROM given RETURNING subject_id
"""


@transaction.atomic
def assign_many(
    ids: Sequence[int], owner: Any, *, by: Any, batch: Any = None, now: datetime | None = None
) -> list[int]:
    """The leads that went to ``owner``; closed ones and hers stay as they are. Caps do not count by hand."""
    owner = User.objects.select_for_update(no_key=True).get(pk=getattr(owner, "pk", owner))
    if not owner.is_active:
        raise Refused(_("%(name)s is not active.") % {"name": owner}, reason="inactive")
    params = {
        "ids": list(ids),
        "open": list(OPEN),
        "owner": owner.pk,
        "team": owner.team_id,
        "now": now or timezone.now(),
        "at": timezone.now(),
        "by": getattr(by, "pk", None),
        "batch": getattr(batch, "pk", None),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGN, params)
        given = sorted(row[0] for row in cursor.fetchall())
    if given:
        tell_given(
            "lead", {owner.pk: given}, by=by, batch=batch, key="" if batch else f"{given[0]}:{params['at'].isoformat()}"
        )
    return given
