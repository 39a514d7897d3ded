"""The timeline of a customer: what was done, and what happened to the record, as one stream, newest first.

Two streams, each served by its index, are merged by time; a cursor remembers how far each was read, so that no entry is
lost or shown twice at a border of pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from crm.formats import current_formats
from customers.models import Activity
from customers.phrases import Teller
from records.kinds import kinds
from records.models import Event

PAGE = 20
SHOWN = {"all": _("Everything"), "activities": _("Activities"), "changes": _("Changes")}
ICONS = {
    "call": "phone", "visit": "map-pin", "email": "mail", "chat": "messages", "social": "users-group",
    "meeting": "calendar-event", "fax": "printer", "sms": "device-mobile", "note": "note",
}  # fmt: skip
_STATE_TONES = {"done": "accent", "planned": "info", "cancelled": ""}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. ``activity`` where it is one, for its actions."""

    at: datetime
    icon: str
    title: str
    by: str
    tone: str = ""
    text: str = ""
    url: str = ""
    notes: list[str] = field(default_factory=list)
    activity: Activity | None = None


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    older: str  # the cursor of the next page, or ""
    shown: str


def timeline(
    customer: Any, *, shown: str = "all", before: str = "", aliases: Sequence[tuple[str, int]] = ()
) -> Timeline:
    """One page. ``aliases``: (kind, id) of merged customers and converted leads whose history belongs here."""
    shown = shown if shown in SHOWN else "all"
    seen_at, seen_activity, seen_event = _read(before)
    activities = [] if shown == "changes" else _activities(customer, seen_at, seen_activity)
    events = [] if shown == "activities" else _events(customer, seen_event, aliases)
    page = list(_merge(activities, events))
    rows, has_more = page[:PAGE], len(page) > PAGE
    for row in rows:
        if isinstance(row, Activity):
            seen_at, seen_activity = row.at.isoformat(), row.pk
        else:
            seen_event = row.pk
    older = signing.dumps([seen_at, seen_activity, seen_event], salt="timeline") if has_more else ""
    return Timeline(_entries(rows), older, shown)


def _read(before: str) -> tuple[str | None, int | None, int | None]:
    try:
        at, activity, event = signing.loads(before, salt="timeline")
    except (signing.BadSignature, ValueError):
        return None, None, None
    return at, activity, event


def _activities(customer: Any, at: str | None, pk: int | None) -> list[Activity]:
    rows = Activity.objects.live().filter(customer=customer).select_related("done_by", "contact", "outcome")
    if at is not None:
        moment = datetime.fromisoformat(at)
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=pk), at__lte=moment)
    return list(rows.order_by("-at", "-pk")[: PAGE + 1])


def _events(customer: Any, seen: int | None, aliases: list[tuple[str, int]]) -> list[Event]:
    """Activities stand for themselves; their events would say the same twice."""
    rows = Event.objects.exclude(subject_kind="activity").select_related("by")
    if seen is not None:
        rows = rows.filter(pk__lt=seen)
    found = list(rows.filter(customer_id=customer.pk).order_by("-pk")[: PAGE + 1])
    for kind, pk in aliases:
        alias = Q(customer_id=pk) if kind == "customer" else Q(subject_kind=kind, subject_id=pk)
        found += rows.filter(alias).order_by("-pk")[: PAGE + 1]
    return sorted({event.pk: event for event in found}.values(), key=lambda event: -event.pk)[: PAGE + 1]


def _merge(activities: list[Activity], events: list[Event]) -> Iterator[Any]:
    """By time, but never out of the order of either stream."""
    left, right = iter(activities), iter(events)
    activity, event = next(left, None), next(right, None)
    while activity is not None or event is not None:
        if event is None or (activity is not None and activity.at >= event.at):
            yield activity
            activity = next(left, None)
        else:
            yield event
            event = next(right, None)


def _entries(rows: list[Any]) -> list[Entry]:
    teller = Teller(row for row in rows if isinstance(row, Event))
    return [_of_activity(row) if isinstance(row, Activity) else _of_event(row, teller) for row in rows]


def _of_activity(row: Activity) -> Entry:
    notes = [str(part) for part in (row.contact, row.outcome) if part]
    if row.minutes:
        notes.append(str(_("%(count)s min")) % {"count": row.minutes})
    if row.next_contact_at:
        notes.append(str(_("next contact %(when)s")) % {"when": current_formats().moment(row.next_contact_at)})
    title = str(row.get_type_display()).capitalize()
    if row.state != "done":
        title = f"{title} ({row.get_state_display()})"
    elif row.direction == "in":
        title = f"{title} ({row.get_direction_display()})"
    return Entry(
        row.at, ICONS[row.type], title, str(row.done_by or ""), _STATE_TONES[row.state], row.content, "", notes, row
    )


def _of_event(event: Event, teller: Teller) -> Entry:
    phrase, text = teller.tell(event)
    return Entry(event.at, phrase.icon, text, str(event.by or ""), phrase.tone, url=_url(event))


def _url(event: Event) -> str:
    """The record itself, where it has a page of its own."""
    if event.subject_kind in ("customer", "contact") or event.subject_kind not in kinds:
        return ""
    kind = kinds[event.subject_kind]
    if not kind.detail:
        return ""
    try:
        return reverse(kind.detail, args=[event.subject_id])
    except NoReverseMatch:  # its room has no pages
        return ""
