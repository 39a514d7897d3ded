"""Two people edit one record: only fields that both changed conflict, and nothing typed is lost."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from records.log import log_event, plain
from records.models.event import Change, Event
from records.refusals import EditConflict, Refused, StaleVersion


@transaction.atomic
def edit_record(
    record: Any,
    values: dict[str, Any],
    *,
    by: Any,
    opened: dict[str, Any] | None = None,
    version: int | None = None,
    batch: Any = None,
) -> Event | None:
    """Writes the fields of ``values`` that differ, as one UPDATE and one event; None when nothing differs.

    ``opened``: the values that the form was opened with. A field that the person did not touch keeps what others
    wrote since; a field that both changed to different values raises EditConflict, and nothing is saved.
    ``version``: refuse with StaleVersion when the record is in another one (the API's If-Match).
    """
    record.lock()
    if version is not None and record.version != version:
        raise StaleVersion(record.version)
    if record.is_deleted:
        raise Refused(_("This is in the trash. Restore it first."), reason="deleted")
    unknown = set(values) - set(record.EDITABLE)
    if unknown:
        raise ValueError(f"not editable on {record.kind}: {sorted(unknown)}")
    wanted = _touched(values, opened)
    _refuse_conflicts(record, wanted, opened)
    changes = {
        name: (getattr(record, _column(record, name)), value)
        for name, value in wanted.items()
        if plain(getattr(record, _column(record, name))) != plain(value)
    }
    return _write(record, wanted, changes, by=by, batch=batch) if changes else None


def _touched(values: dict[str, Any], opened: dict[str, Any] | None) -> dict[str, Any]:
    if opened is None:
        return values
    return {name: value for name, value in values.items() if name not in opened or plain(opened[name]) != plain(value)}


def _refuse_conflicts(record: Any, wanted: dict[str, Any], opened: dict[str, Any] | None) -> None:
    if opened is None:
        return
    conflicts = {}
    for name, mine in wanted.items():
        theirs = getattr(record, _column(record, name))
        if name in opened and plain(theirs) != plain(opened[name]) and plain(theirs) != plain(mine):
            conflicts[name] = (opened[name], theirs, mine)
    if conflicts:
        last = (
            Change.objects.filter(event__subject_kind=record.kind, event__subject_id=record.pk, field__in=conflicts)
            .select_related("event__by")
            .order_by("-event_id")
            .first()
        )
        raise EditConflict(conflicts, version=record.version, by=last.event.by if last else None)


def _write(record: Any, wanted: dict[str, Any], changes: dict[str, tuple[Any, Any]], *, by: Any, batch: Any) -> Event:
    for name in changes:
        setattr(record, name, wanted[name])
    derived = record.derived(set(changes))
    for name, value in derived.items():
        setattr(record, name, value)
    record.save(update_fields=[*changes, *derived])
    record.refresh_from_db(fields=["version"])
    return log_event("change", record, by=by, facts={"fields": sorted(changes)}, batch=batch, changes=changes)


def _column(record: Any, name: str) -> str:
    return record._meta.get_field(name).attname
