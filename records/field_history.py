"""Who changed which field of a record, or of a rule: before and after, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.utils.text import capfirst

from crm.formats import current_formats
from crm.forms.shown import shown_value
from records.models import Event

PAGE = 50


@dataclass(frozen=True)
class FieldChange:
    at: datetime
    by: str
    label: str
    before: str
    after: str

    def as_row(self) -> dict[str, list[str]]:
        """For the part "table"."""
        return {"cells": [current_formats().moment(self.at), self.by, self.label, self.before, self.after]}


def field_history(record: Any, limit: int = PAGE) -> list[FieldChange]:
    """Texts of related records come one statement each, as few as there are."""
    rows = []
    for event in events_of(record).filter(verb__in=("change", "merge")).prefetch_related("changes")[:limit]:
        for change in event.changes.all():
            rows.append(_shown(record, event, change))
    return rows


def events_of(record: Any) -> QuerySet[Event]:
    rows = Event.objects.filter(subject_kind=record.kind, subject_id=record.pk)
    return rows.select_related("by").order_by("-pk")


def _shown(record: Any, event: Event, change: Any) -> FieldChange:
    try:
        label = str(getattr(record._meta.get_field(change.field), "verbose_name", change.field))
        before, after = (shown_value(record, change.field, value) for value in (change.before, change.after))
    except FieldDoesNotExist:  # a field of an earlier version
        label, before, after = change.field, str(change.before or ""), str(change.after or "")
    return FieldChange(event.at, str(event.by or ""), capfirst(label), before, after)
