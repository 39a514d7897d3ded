"""The timeline of a customer: what was done, and what happened to the record, as one stream, newest first.

Two streams, each served by its index, are merged by time; a cursor remembers how far each was read, so that no entry is
lost or shown twice at a border of pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from crm.formats import current_formats
from crm.names import name_at, names_at
from crm.together import Row, together
from customers.models import Activity
from customers.models.activity import ActivityType, Direction
from customers.phrases import Teller
from customers.states import ActivityState
from records.kinds import kinds
from records.models import Alias, Event

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
    activity: Row | None = None


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    older: str  # the cursor of the next page, or ""
    shown: str


def timeline(customer: Any, *, shown: str = "all", before: str = "") -> Timeline:
    """One page, with the history of merged customers and converted leads."""
    return timeline_of(customer, together(questions(customer, shown=shown, before=before)), shown=shown, before=before)


def questions(customer: Any, *, shown: str, before: str) -> dict[str, QuerySet]:
    """What a page of the timeline wants to know, for ``crm.together``."""
    cursor = _read(before)
    asked: dict[str, QuerySet] = {"aliases": _aliases(customer)}
    if shown != "changes":
        asked["activities"] = _activities(customer, cursor)
    if shown != "activities":
        asked["events"] = _events(cursor).filter(customer_id=customer.pk)[: PAGE + 1]
    return asked


def timeline_of(customer: Any, found: dict[str, list[Row]], *, shown: str, before: str) -> Timeline:
    cursor = _read(before)
    events = found.get("events", [])
    if "events" in found and found["aliases"]:
        events = _with_aliases(events, found["aliases"], cursor)
    page = list(_merge(found.get("activities", []), events))
    rows, has_more = page[:PAGE], len(page) > PAGE
    for row in rows:
        cursor = cursor.after(row)
    older = signing.dumps(list(cursor), salt="timeline") if has_more else ""
    return Timeline(_entries(rows), older, shown if shown in SHOWN else "all")


class Cursor(NamedTuple):
    """How far each stream was read: the last activity (moment, number) and the last event."""

    at: str | None = None
    activity: int | None = None
    event: int | None = None

    def after(self, row: Row) -> "Cursor":
        if _is_event(row):
            return self._replace(event=row["id"])
        return self._replace(at=row["at"].isoformat(), activity=row["id"])


def _read(before: str) -> Cursor:
    try:
        return Cursor(*signing.loads(before, salt="timeline"))
    except (signing.BadSignature, ValueError):
        return Cursor()


def _activities(customer: Any, cursor: Cursor) -> QuerySet:
    rows = Activity.objects.live().filter(customer=customer)
    if cursor.at is not None:
        moment = datetime.fromisoformat(cursor.at)
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=cursor.activity), at__lte=moment)
    columns = ("id", "at", "type", "state", "direction", "content", "minutes", "next_contact_at")
    named = ("done_by__name", "contact__name", *names_at("outcome"))
    return rows.order_by("-at", "-pk").values(*columns, *named)[: PAGE + 1]


def _events(cursor: Cursor) -> QuerySet:
    """Activities stand for themselves; their events would say the same twice."""
    rows = Event.objects.exclude(subject_kind="activity")
    if cursor.event is not None:
        rows = rows.filter(pk__lt=cursor.event)
    columns = ("id", "at", "verb", "subject_kind", "subject_id", "facts", "by__name")
    return rows.order_by("-pk").values(*columns)


def _aliases(customer: Any) -> QuerySet:
    rows = Alias.objects.filter(target_kind="customer", target_id=customer.pk)
    return rows.order_by("pk").values("kind", "old_id")


def _with_aliases(events: list[Row], aliases: list[Row], cursor: Cursor) -> list[Row]:
    """Merged customers and converted leads keep their events; their index is walked for each former number."""
    asked = {
        f"alias_{place}": _events(cursor).filter(
            Q(customer_id=alias["old_id"])
            if alias["kind"] == "customer"
            else Q(subject_kind=alias["kind"], subject_id=alias["old_id"])
        )[: PAGE + 1]
        for place, alias in enumerate(aliases)
    }
    rows = [*events, *(row for found in together(asked).values() for row in found)]
    return sorted({row["id"]: row for row in rows}.values(), key=lambda row: -row["id"])[: PAGE + 1]


def _is_event(row: Row) -> bool:
    return "verb" in row


def _merge(activities: list[Row], events: list[Row]) -> Iterator[Row]:
    """By time, but never out of the order of either stream."""
    left, right = iter(activities), iter(events)
    activity, event = next(left, None), next(right, None)
    while activity is not None or event is not None:
        if event is None or (activity is not None and activity["at"] >= event["at"]):
            yield activity
            activity = next(left, None)
        else:
            yield event
            event = next(right, None)


def _entries(rows: list[Row]) -> list[Entry]:
    events = {row["id"]: _as_event(row) for row in rows if _is_event(row)}
    teller = Teller(events.values())
    return [_of_event(row, events[row["id"]], teller) if _is_event(row) else _of_activity(row) for row in rows]


def _as_event(row: Row) -> Event:
    return Event(**{name: value for name, value in row.items() if name != "by__name"})


def _of_activity(row: Row) -> Entry:
    notes = [part for part in (row["contact__name"], name_at(row, "outcome")) if part]
    if row["minutes"]:
        notes.append(str(_("%(count)s min")) % {"count": row["minutes"]})
    if row["next_contact_at"]:
        notes.append(str(_("next contact %(when)s")) % {"when": current_formats().moment(row["next_contact_at"])})
    title = str(ActivityType(row["type"]).label).capitalize()
    if row["state"] != "done":
        title = f"{title} ({ActivityState(row['state']).label})"
    elif row["direction"] == "in":
        title = f"{title} ({Direction(row['direction']).label})"
    return Entry(
        at=row["at"], icon=ICONS[row["type"]], title=title, by=row["done_by__name"] or "",
        tone=_STATE_TONES[row["state"]], text=row["content"], notes=notes, activity=row,
    )  # fmt: skip


def _of_event(row: Row, event: Event, teller: Teller) -> Entry:
    phrase, text = teller.tell(event)
    return Entry(event.at, phrase.icon, text, row["by__name"] or "", phrase.tone, url=_url(event))


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
