"""Whose a customer was, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from customers.phrases import Teller
from records.field_history import PAGE, events_of

OWNERSHIP = ("create", "assign", "claim", "release", "recycle", "import", "handover", "convert", "merge", "undo")


@dataclass(frozen=True)
class OwnerChange:
    at: datetime
    by: str
    text: str
    icon: str


def owner_history(customer: Any) -> list[OwnerChange]:
    events = list(events_of(customer).filter(verb__in=OWNERSHIP)[:PAGE])
    teller = Teller(events)
    told = [(event, *teller.tell(event)) for event in events]
    return [OwnerChange(event.at, str(event.by or ""), text, phrase.icon) for event, phrase, text in told]
