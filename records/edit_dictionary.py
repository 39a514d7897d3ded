"""The choice lists edited: each entry with an event that names who. An entry in use is switched off, never deleted."""

from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from records.log import log_event
from records.models import DictionaryEntry, Event
from records.refusals import Refused


@transaction.atomic
def add_entry(of: str, *, by: Any, name: str, code: str = "", **names: Any) -> DictionaryEntry:
    """Last in its list; without ``code`` one is made from the name."""
    last = DictionaryEntry.objects.filter(list=of).aggregate(last=Max("order"))["last"] or 0
    code = code or _free_code(of, name)
    if DictionaryEntry.objects.filter(list=of, code=code).exists():
        raise Refused(_("This list has this code already."), reason="code")
    entry = DictionaryEntry.objects.create(list=of, code=code, name=name, order=last + 10, **names)
    log_event("create", entry, by=by)
    _forget(of)
    return entry


@transaction.atomic
def change_entry(
    entry: DictionaryEntry, values: dict[str, Any], *, by: Any, opened: dict | None = None
) -> Event | None:
    """The last entry of a list stays: a question without answers stops the work that asks it."""
    of = entry.list
    others = DictionaryEntry.objects.filter(list=of, is_active=True).exclude(pk=entry.pk)
    if values.get("is_active") is False and not others.exists():
        raise Refused(_("This is the last choice that is offered. Add another one first."), reason="last")
    event = entry.edit(values, by=by, opened=opened)
    _forget(of)
    return event


@transaction.atomic
def order_entries(of: str, wanted: list[int], *, by: Any) -> None:
    rows = {row.pk: row for row in DictionaryEntry.objects.select_for_update().filter(list=of)}
    moved = []
    for place, pk in enumerate(wanted, start=1):
        if rows[pk].order != place * 10:
            rows[pk].order = place * 10
            moved.append(rows[pk])
    DictionaryEntry.objects.bulk_update(moved, ["order"])
    for row in moved:
        log_event("order", row, by=by, facts={"place": row.order // 10})
    _forget(of)


def _free_code(of: str, name: str) -> str:
    """Of a name without Latin letters nothing is left: then the next number of the list."""
    taken = set(DictionaryEntry.objects.filter(list=of).values_list("code", flat=True))
    base = slugify(name)[:40].replace("-", "_") or f"entry_{len(taken) + 1}"
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}_{number}"
    return code


def _forget(of: str) -> None:
    transaction.on_commit(lambda: cache.delete(f"dictionary-{of}"))
