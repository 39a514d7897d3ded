"""Moves between states: the table is the whole machine, and nothing else assigns ``.state`` (HOUSE §6)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from records.log import log_event
from records.models.event import Event
from records.refusals import Refused

Moves = Mapping[str, tuple[frozenset[str] | set[str], str]]


def allowed_moves(record: Any) -> list[str]:
    """The verbs that the record's state allows, in the order of its table."""
    return [name for name, (sources, _target) in record.MOVES.items() if record.state in sources]


@transaction.atomic
def move(
    record: Any, name: str, *, by: Any, facts: dict[str, Any] | None = None, batch: Any = None,
    to: str | None = None, **stamps: Any,
) -> Event:  # fmt: skip
    """Locks, refuses with a clear message, writes state and stamps in one UPDATE, adds the event ``name``.

    ``to`` overrides the table's target where the state reached depends on facts (reopen: assigned or new).
    """
    record.lock()
    sources, target = record.MOVES[name]
    if record.is_deleted or record.state not in sources:
        refuse(record, name)
    before = record.state
    record.state = to or target
    for field, value in stamps.items():
        setattr(record, field, value)
    record.save(update_fields=["state", *stamps])
    record.refresh_from_db(fields=["version"])
    return log_event(name, record, by=by, facts={"state": [before, record.state], **(facts or {})}, batch=batch)


def refuse(record: Any, name: str) -> None:
    raise Refused(
        _("This is not possible now: the state is “%(state)s”.") % {"state": record.get_state_display()},
        reason="state",
        state=record.state,
        allowed=allowed_moves(record),
    )
