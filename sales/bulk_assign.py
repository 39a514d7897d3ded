"""Many opportunities to one person, as a batch: one statement a portion, taken back the same way."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from crm.lists.actions import BulkForm
from crm.lists.spec import BulkResult
from messaging.given import tell_given
from messaging.notices import take_back
from records.models import Batch, Collaborator, Event
from records.refusals import Refused
from records.undo import UndoResult, undoers, who_changed_last
from sales.sharing import share_customers

VERB = "assign_opportunities"
PORTION = 2_000

# ``chosen`` yields id and to_owner and locks its rows; the moment tells undo what stood still since.
_GIVE = """
WITH chosen AS MATERIALIZED ({select}), before AS (
    SELECT c.id, c.to_owner, u.team_id AS to_team, o.owner_id AS from_owner
    FROM chosen c JOIN sales_opportunity o ON o.id = c.id LEFT JOIN accounts_user u ON u.id = c.to_owner
), given AS (
    UPDATE sales_opportunity o
    SET owner_id = b.to_owner, team_id = coalesce(b.to_team, o.team_id), assigned_at = %(moment)s
    FROM before b WHERE o.id = b.id RETURNING o.id, o.customer_id, b.from_owner, b.to_owner
)
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
SELECT %(at)s, %(by)s, %(verb)s, 'opportunity', id, customer_id, %(batch)s,
       jsonb_build_object('from', from_owner, 'to', to_owner) FROM given RETURNING subject_id
"""
_THESE = """
SELECT id, %(to)s::bigint AS to_owner FROM sales_opportunity
WHERE id = ANY(%(ids)s) AND deleted_at IS NULL AND owner_id IS DISTINCT FROM %(to)s ORDER BY id FOR UPDATE
"""
_STILL_THERE = """
SELECT o.id, (e.facts->>'from')::bigint AS to_owner
FROM records_event e JOIN sales_opportunity o ON o.id = e.subject_id
LEFT JOIN accounts_user u ON u.id = (e.facts->>'from')::bigint
WHERE e.id = ANY(%(events)s) AND o.deleted_at IS NULL AND o.owner_id = (e.facts->>'to')::bigint
  AND o.assigned_at = %(was)s::timestamptz AND (u.id IS NULL OR u.is_active)
ORDER BY o.id
"""


def assign_form(_spec: Any, user: Any) -> type[BulkForm]:
    """Asks to whom: among the people for whom the person may assign."""
    people = access.people_in_reach(user, "opportunity", "assign").order_by("name", "id")
    return type("AssignForm", (BulkForm,), {"to": forms.ModelChoiceField(people, label=_("New owner"))})


def assign_portion(ids: list[int], *, by: Any, values: dict[str, Any], batch: Batch) -> BulkResult:
    to = User.objects.get(pk=values["to"])
    if not to.is_active:
        raise Refused(_("%(name)s is not active.") % {"name": to}, reason="inactive")
    if "now" not in batch.params:
        batch.params = {**batch.params, "now": timezone.now().isoformat()}
    moment = datetime.fromisoformat(batch.params["now"])
    given = _give(_THESE, {"ids": ids, "to": to.pk}, "assign", moment, by=by, batch=batch.pk)
    tell_given("opportunity", {to.pk: given}, by=by, batch=batch)
    return BulkResult(done=len(given))


def undo_assign(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Gives back what still belongs to whom the batch gave it, without having moved in between."""
    result, left = UndoResult(), []
    events = list(
        batch.events.filter(verb="assign", subject_kind="opportunity").order_by("id").values_list("id", "subject_id")
    )
    for start in range(0, len(events), PORTION):
        portion = events[start : start + PORTION]
        done = _give_back([event for event, _subject in portion], batch, by=by, dry_run=dry_run)
        result.restored += len(done)
        left += sorted({subject for _event, subject in portion} - set(done))
    if not dry_run:
        take_back(batch)
    earlier = Event.objects.filter(subject_kind="opportunity", subject_id__in=left, verb="undo", batch=batch)
    left = sorted(set(left) - set(earlier.values_list("subject_id", flat=True)))
    result.left = who_changed_last("opportunity", left, since=batch)
    return result


def _give_back(events: list[int], batch: Batch, *, by: Any, dry_run: bool) -> list[int]:
    params = {"events": events, "was": batch.params.get("now")}
    if dry_run:
        with connection.cursor() as cursor:
            cursor.execute(_STILL_THERE, params)
            return [pk for pk, _owner in cursor.fetchall()]
    return _give(f"{_STILL_THERE} FOR UPDATE OF o", params, "undo", timezone.now(), by=by, batch=batch.pk)


@transaction.atomic
def _give(select: str, params: dict[str, Any], verb: str, moment: datetime, *, by: Any, batch: int | None) -> list[int]:
    told = {**params, "moment": moment, "at": timezone.now(), "by": by and by.pk, "verb": verb, "batch": batch}
    with connection.cursor() as cursor:
        cursor.execute(_GIVE.format(select=select), told)
        ids = [row[0] for row in cursor.fetchall()]
    Collaborator.objects.filter(because_kind="opportunity", because_id__in=ids).delete()
    share_customers(ids, by=by)
    return ids


undoers.add(VERB, undo_assign)
