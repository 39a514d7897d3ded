"""Who changed which field of a customer, and whose it was: before and after, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from crm.formats import current_formats
from crm.forms.shown import shown_value
from customers.phrases import Teller
from records.models import Event

PAGE = 50
OWNERSHIP = ("create", "assign", "claim", "release", "recycle", "import", "handover", "convert", "undo")


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


@dataclass(frozen=True)
class OwnerChange:
    at: datetime
    by: str
    text: str
    icon: str


def owner_history(customer: Any) -> list[OwnerChange]:
    events = list(_events(customer).filter(verb__in=OWNERSHIP)[:PAGE])
    teller = Teller(events)
    told = [(event, *teller.tell(event)) for event in events]
    return [OwnerChange(event.at, str(event.by or ""), text, phrase.icon) for event, phrase, text in told]


def field_history(record: Any) -> list[FieldChange]:
    """Of any record; texts of related records come one statement each, as few as there are."""
    rows = []
    for event in _events(record).filter(verb="change").prefetch_related("changes")[:PAGE]:
        for change in event.changes.all():
            rows.append(_shown(record, event, change))
    return rows


def _events(record: Any) -> QuerySet[Event]:
    rows = Event.objects.filter(subject_kind=record.kind, subject_id=record.pk)
    return rows.select_related("by").order_by("-pk")


def _shown(record: Any, event: Event, change: Any) -> FieldChange:
    label = str(getattr(record._meta.get_field(change.field), "verbose_name", change.field))
    before, after = (shown_value(record, change.field, value) for value in (change.before, change.after))
    return FieldChange(event.at, str(event.by or ""), label.capitalize(), before, after)
