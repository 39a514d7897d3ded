"""Events in words. Each room adds those of its verbs: ``phrases.add("opportunity.win", Phrase("trophy", _("…")))``.

A phrase is looked up as ``kind.verb``, then as ``verb``. In its text stand ``%(from)s``, ``%(to)s`` and ``%(user)s``
(people), ``%(pool)s``, ``%(reason)s``, ``%(fields)s``, ``%(at)s``, ``%(kind)s`` and whatever else the facts hold.
A fact that is the number of something with names becomes its name by ``named.add("stage", Stage.objects.all)``; of a
fact that is two numbers, before and after, ``%(stage)s`` is the name after and ``%(stage_before)s`` the one before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crm.formats import current_formats
from crm.register import Register
from crm.together import Row, together
from customers.models import Customer, Pool
from customers.states import CustomerState, Grade, LifeCycle
from records.kinds import kinds
from records.models import DictionaryEntry, Event


@dataclass(frozen=True)
class Phrase:
    """``reasons``: the list of the dictionary from which the fact ``reason`` comes; ``words(facts)``: further words."""

    icon: str
    text: Any
    tone: str = ""
    reasons: str = ""
    words: Callable[[dict[str, Any]], dict[str, str]] | None = None


phrases: Register[Phrase] = Register("phrase of an event")
# Fact → all rows that it may name, with a name in three languages.
named: Register[Callable[[], QuerySet]] = Register("fact that names something")

_OWN = {
    "create": Phrase("plus", _("Created: %(kind)s")),
    "change": Phrase("pencil", _("Changed: %(fields)s")),
    "delete": Phrase("trash", _("Moved to the trash: %(kind)s"), "bad"),
    "restore": Phrase("arrow-back-up", _("Restored from the trash: %(kind)s")),
    "assign": Phrase("user-share", _("Assigned to %(to)s")),
    "handover": Phrase("user-share", _("Handed over from %(from)s to %(to)s")),
    "claim": Phrase("hand-grab", _("Claimed by %(to)s"), "good"),
    "release": Phrase("door-exit", _("Released by %(from)s: %(reason)s"), "warn", "release_reason"),
    "recycle": Phrase("recycle", _("Taken from %(from)s into the pool by a rule"), "warn"),
    "give_back": Phrase("arrow-back-up", _("Won back from the pool by %(to)s with an activity"), "good"),
    "derive": Phrase(
        "refresh", _("By the nightly rules: %(derived)s"), words=lambda facts: {"derived": derived_in_words(facts)}
    ),
    "merge": Phrase("arrow-merge", _("Another record of this kind was merged into this one: number %(merged)s")),
    "merge_away": Phrase("arrow-merge", _("Merged into number %(into)s")),
    "unmerge": Phrase("arrows-split", _("A merge was taken back")),
    "undo": Phrase("arrow-back-up", _("A batch was taken back")),
    "import": Phrase("file-import", _("Imported")),
    "share": Phrase("user-plus", _("Shared with %(user)s")),
    "unshare": Phrase("user-x", _("No longer shared with %(user)s")),
    "tag": Phrase("tag", _("Tagged")),
    "untag": Phrase("tag", _("Tag removed")),
    "attach": Phrase("paperclip", _("File added")),
    "detach": Phrase("paperclip", _("File removed")),
    "add_point": Phrase("address-book", _("Contact point added")),
    "remove_point": Phrase("address-book", _("Contact point removed")),
    "main_point": Phrase("address-book", _("Main contact point changed")),
    "point_valid": Phrase("address-book", _("Contact point works again")),
    "point_invalid": Phrase("address-book", _("Contact point no longer works"), "warn"),
    "consent": Phrase("shield", _("Consent noted")),
    "plan_contact": Phrase("calendar-plus", _("Next contact planned: %(at)s")),
    "protect": Phrase("shield-check", _("Protected until: %(until)s")),
    "contact.create": Phrase("user-plus", _("Contact added")),
    "churn.create": Phrase("heart-broken", _("Churn case opened"), "warn"),
    "churn.defer": Phrase("clock-pause", _("Churn case deferred until %(until)s")),
    "churn.return": Phrase("heart-broken", _("Churn case open again"), "warn"),
    "churn.confirm": Phrase("circle-x", _("Confirmed as lost: %(reason)s"), "bad", "churn_reason"),
    "churn.win_back": Phrase("heart", _("Won back"), "good"),
    "churn.keep": Phrase("heart", _("Kept: it bought again"), "good"),
    "task.create": Phrase("checkbox", _("Task for %(to)s")),
    "task.done": Phrase("checkbox", _("Task done"), "good"),
    "task.cancel": Phrase("checkbox", _("Task cancelled")),
    "task.reopen": Phrase("checkbox", _("Task opened again")),
    "task.snooze": Phrase("clock-pause", _("Task put off until %(until)s")),
}
_PEOPLE = ("from", "to", "user")
_MOMENTS = ("at", "until")
_AMOUNTS = ("amount", "gross")


def add_own_phrases() -> None:
    for name, phrase in _OWN.items():
        phrases.add(name, phrase)


def phrase_of(event: Event) -> Phrase:
    found = phrases.get(f"{event.subject_kind}.{event.verb}") or phrases.get(event.verb)
    return found or Phrase("point", event.verb.replace("_", " "))


class Teller:
    """Puts a page of events into words, with one statement for all the names that occur in them."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.events = list(events)
        asked = {"people": self._named(User, _PEOPLE), "pools": self._named(Pool, ("pool", "from_pool"))}
        asked["reasons"] = self._reasons()
        asked |= {name: self._of_fact(name, named[name]()) for name in named.names()}
        found = together({name: rows for name, rows in asked.items() if rows is not None})
        self.people = {row["pk"]: row["name"] for row in found.get("people", [])}
        self.pools = {row["pk"]: row["name"] for row in found.get("pools", [])}
        self.reasons = {(row["list"], row["code"]): _label(row) for row in found.get("reasons", [])}
        self.named = {name: {row["pk"]: _label(row) for row in found.get(name, [])} for name in named.names()}

    def tell(self, event: Event) -> tuple[Phrase, str]:
        phrase = phrase_of(event)
        values: dict[str, str] = defaultdict(lambda: "–", {name: str(value) for name, value in event.facts.items()})
        for name in _PEOPLE:
            values[name] = self.people.get(event.facts.get(name), "–")
        values["pool"] = self.pools.get(event.facts.get("pool"), "–")
        values["reason"] = self.reasons.get((phrase.reasons, event.facts.get("reason")), values["reason"])
        for name, known in self.named.items():
            numbers = _numbers(event.facts.get(name)) or [0]
            values[f"{name}_before"], values[name] = known.get(numbers[0], "–"), known.get(numbers[-1], "–")
        values["kind"] = str(kinds[event.subject_kind].label) if event.subject_kind in kinds else event.subject_kind
        values["fields"] = ", ".join(field_labels(event))
        values |= _amounts(event.facts)
        if phrase.words:
            values |= phrase.words(event.facts)
        for name in _MOMENTS:
            values[name] = _moment(event.facts.get(name))
        return phrase, (str(phrase.text) % values).strip()

    def _named(self, model: Any, names: tuple[str, ...]) -> QuerySet | None:
        ids = {event.facts.get(name) for event in self.events for name in names} - {None}
        ids = {pk for pk in ids if isinstance(pk, int)}
        return model.objects.filter(pk__in=ids).values("pk", "name") if ids else None

    def _of_fact(self, name: str, rows: QuerySet) -> QuerySet | None:
        ids = {pk for event in self.events for pk in _numbers(event.facts.get(name))}
        return rows.filter(pk__in=ids).order_by("pk").values("pk", "name", "name_zh", "name_ru") if ids else None

    def _reasons(self) -> QuerySet | None:
        asked = {(phrase_of(event).reasons, event.facts.get("reason")) for event in self.events}
        codes = {code for of, code in asked if of and code}
        if not codes:
            return None
        entries = DictionaryEntry.objects.filter(list__in={of for of, _code in asked if of}, code__in=codes)
        return entries.order_by("id").values("list", "code", "name", "name_zh", "name_ru")


def _numbers(fact: Any) -> list[int]:
    return [pk for pk in (fact if isinstance(fact, list) else [fact]) if type(pk) is int]


def _label(row: Row) -> str:
    return DictionaryEntry(name=row["name"], name_zh=row["name_zh"], name_ru=row["name_ru"]).label


def field_labels(event: Event) -> list[str]:
    """The names of the changed fields as the forms show them."""
    if event.subject_kind not in kinds:
        return list(event.facts.get("fields", ()))
    meta = kinds[event.subject_kind].model._meta
    known = {field.name: str(getattr(field, "verbose_name", field.name)) for field in meta.get_fields()}
    return [known.get(name, name) for name in event.facts.get("fields", ())]


def derived_in_words(facts: dict[str, Any]) -> str:
    """“state: prospect → with intent, grade: D → A”."""
    shown = []
    for name, labels in (("state", CustomerState), ("life_cycle", LifeCycle), ("grade", Grade)):
        if name in facts:
            before, after = (labels(code).label for code in facts[name])
            shown.append(f"{Customer._meta.get_field(name).verbose_name}: {before} → {after}")  # type: ignore[union-attr]
    return ", ".join(shown)


def _amounts(facts: dict[str, Any]) -> dict[str, str]:
    """Money as the reader writes it, its currency within; a fact without currency is a number with two places."""
    formats, currency = current_formats(), facts.get("currency")
    found = {name: facts[name] for name in _AMOUNTS if facts.get(name) is not None}
    shown = {
        name: formats.money(Decimal(str(value)), currency)
        if currency
        else formats.number(Decimal(str(value)), places=2)
        for name, value in found.items()
    }
    return {**shown, "currency": ""}


def _moment(text: Any) -> str:
    """A moment in the reader's zone, or a day of the company."""
    if not text:
        return "–"
    if len(text) == len("2026-01-31"):
        return current_formats().date(date.fromisoformat(text))
    return current_formats().moment(datetime.fromisoformat(text))
