"""What happened to one churn case, newest first."""

from customers.models import ChurnCase
from customers.phrases import Teller
from customers.timeline import Entry
from records.models import Event

SHOWN = 50


def story_of(case: ChurnCase) -> list[Entry]:
    events = Event.objects.filter(subject_kind=ChurnCase.kind, subject_id=case.pk).select_related("by")
    told = list(events.order_by("-pk")[:SHOWN])
    teller = Teller(told)
    return [_entry(event, teller) for event in told]


def _entry(event: Event, teller: Teller) -> Entry:
    phrase, text = teller.tell(event)
    return Entry(event.at, phrase.icon, text, str(event.by or ""), phrase.tone)
