"""Tasks: who has to do what until when."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Task
from messaging.given import tell_given
from records.log import log_event
from records.moves import move, refuse
from records.refusals import Refused
from records.sharing import end_because, share_because


@transaction.atomic
def create_task(values: dict[str, Any], *, by: Any, owner: Any = None, about: Any = None, batch: Any = None) -> Task:
    """``values``: fields of Task.EDITABLE. Without ``owner`` it is a task of who made it."""
    row = Task(created_by=by, **values)
    row.owner = owner or by
    if row.owner is None or not row.owner.is_active:
        raise Refused(_("Choose a person who is active."), reason="inactive")
    row.team_id, row.assigned_at = row.owner.team_id, timezone.now()
    if about is not None:
        row.about_kind, row.about_id = about.kind, about.pk
    row.copy_hints()
    row.save(force_insert=True)
    event = log_event("create", row, by=by, facts={"to": row.owner_id}, batch=batch)
    tell_given("task", {row.owner_id: [row.pk]}, by=by, batch=batch, key=str(event.pk))
    share_because(row.customer, row.owner, row, by=by)
    return row


@transaction.atomic
def finish_task(task: Task, *, by: Any, now: datetime | None = None) -> Task:
    move(task, "done", by=by, closed_at=now or timezone.now(), snoozed_until=None)
    end_because(task)
    return task


@transaction.atomic
def cancel_task(task: Task, *, by: Any, now: datetime | None = None) -> Task:
    move(task, "cancel", by=by, closed_at=now or timezone.now(), snoozed_until=None)
    end_because(task)
    return task


@transaction.atomic
def reopen_task(task: Task, *, by: Any) -> Task:
    move(task, "reopen", by=by, closed_at=None)
    share_because(task.customer, task.owner, task, by=by)
    return task


@transaction.atomic
def snooze_task(task: Task, until: datetime, *, by: Any, now: datetime | None = None) -> Task:
    """Out of sight until a moment; what is due stays due."""
    if until <= (now or timezone.now()):
        raise Refused(_("Choose a moment that lies ahead."), reason="past")
    task.lock()
    if task.state != "open":
        refuse(task, "snooze")
    task.snoozed_until = until
    task.save(update_fields=["snoozed_until"])
    log_event("snooze", task, by=by, facts={"until": until})
    return task


@transaction.atomic
def assign_task(task: Task, owner: Any, *, by: Any, batch: Any = None) -> Task:
    """Hands an open task to another person, who reads its customer as long as it is open."""
    task.lock()
    if task.state != "open":
        refuse(task, "assign")
    event = task.give_to(owner, by=by, batch=batch)
    tell_given("task", {owner.pk: [task.pk]}, by=by, batch=batch, key=str(event.pk))
    end_because(task)
    share_because(task.customer, owner, task, by=by)
    return task
