"""A leaver's places in assignment rules, and the rules that fall back on her, go to her heirs.

Her own place stays, switched off, with what it has given: figures of fairness keep their person.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads.models import AssignmentRule, RuleMember
from records.handover.kinds import VERB, Giving, HandoverKind, handovers
from records.models import Batch, Event
from records.undo import UndoResult, who_changed_last

PLACE, FALLBACK = "place", "fallback"


def add_rule_places() -> None:
    for code, what, label, rows, give, stays, order in (
        ("rule_place", PLACE, _("places in assignment rules"), _places, _give_places, _foreign_places, 80),
        ("rule_fallback", FALLBACK, _("rules that fall back on the person"), _fallbacks, _give_fallbacks,
         _foreign_fallbacks, 90),
    ):  # fmt: skip
        undo, right, work = _undoer(what), ("lead", "assign"), ("lead", "work")
        handovers.add(code, HandoverKind(code, label, rows, give, undo, right, work, order, stays=stays))


def _places(leaver: Any, by: Any) -> QuerySet:
    return RuleMember.objects.filter(user=leaver, is_active=True, rule__in=_of(by))


def _fallbacks(leaver: Any, by: Any) -> QuerySet:
    return AssignmentRule.objects.filter(fallback=leaver, pk__in=_of(by))


def _foreign_places(leaver: Any, by: Any) -> Iterable[str]:
    return _foreign(RuleMember.objects.filter(user=leaver, is_active=True).exclude(rule__in=_of(by)).count())


def _foreign_fallbacks(leaver: Any, by: Any) -> Iterable[str]:
    return _foreign(AssignmentRule.objects.filter(fallback=leaver).exclude(pk__in=_of(by)).count())


def _foreign(rest: int) -> Iterable[str]:
    if rest:
        text = ngettext(
            "%(n)d stays: you may not change that rule.", "%(n)d stay: you may not change those rules.", rest
        )
        yield text % {"n": rest}


def _of(by: Any) -> QuerySet:
    return AssignmentRule.objects.for_user(by).order_by().values("pk")


def _lock(rules: Any) -> None:
    list(AssignmentRule.objects.filter(pk__in=rules).order_by("pk").select_for_update(no_key=True, of=("self",)))


# --- places ---


def _give_places(shares: Mapping[int, Any], how: Giving) -> list[int]:
    """The heir takes her turn, weight and caps; where the heir takes part already, one place is enough."""
    places = list(RuleMember.objects.filter(pk__in=shares, user=how.leaver, is_active=True).order_by("pk"))
    rules = sorted({place.rule_id for place in places})
    _lock(rules)
    people = {person.pk for person in shares.values()}
    held = _held(rules, people)
    told, new = [], []
    for place in places:
        heir = shares[place.pk].pk
        was = held.get((place.rule_id, heir))
        told.append((place.rule_id, {"what": PLACE, "from": how.leaver.pk, "to": heir, "was": was}))
        if was is None:
            new.append(_heirs_place(place, heir))
    RuleMember.objects.filter(pk__in=[place.pk for place in places]).update(is_active=False)
    RuleMember.objects.bulk_create(new)
    woken = [(facts["to"], rule) for rule, facts in told if facts["was"] is False]
    for heir, rule in woken:  # a handful: a person is in few rules
        RuleMember.objects.filter(user=heir, rule=rule).update(is_active=True)
    _raise_versions(rules)
    _tell(told, VERB, by=how.by, batch=how.batch)
    return [place.pk for place in places]


def _held(rules: Any, people: Any) -> dict[tuple[int, int], bool]:
    rows = RuleMember.objects.filter(rule__in=rules, user__in=people)
    return {(rule, user): on for rule, user, on in rows.values_list("rule", "user", "is_active")}


def _heirs_place(place: RuleMember, heir: int) -> RuleMember:
    return RuleMember(
        rule_id=place.rule_id, user_id=heir, weight=place.weight, holding_cap=place.holding_cap,
        daily_cap=place.daily_cap, position=place.position,
    )  # fmt: skip


# --- fallbacks ---


def _give_fallbacks(shares: Mapping[int, Any], how: Giving) -> list[int]:
    rules = list(AssignmentRule.objects.filter(pk__in=shares, fallback=how.leaver).order_by("pk"))
    _lock([rule.pk for rule in rules])
    told = []
    for rule in rules:
        rule.fallback = shares[rule.pk]
        told.append((rule.pk, {"what": FALLBACK, "from": how.leaver.pk, "to": shares[rule.pk].pk}))
    AssignmentRule.objects.bulk_update(rules, ["fallback"])
    _raise_versions([rule.pk for rule in rules])
    _tell(told, VERB, by=how.by, batch=how.batch)
    return [rule.pk for rule in rules]


# --- back again ---


def _undoer(what: str) -> Any:
    @transaction.atomic
    def undo(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
        mine = batch.events.filter(subject_kind=AssignmentRule.kind, facts__what=what)
        done = set(mine.filter(verb="undo").values_list("subject_id", flat=True))
        events = [event for event in mine.filter(verb=VERB).order_by("id") if event.subject_id not in done]
        rules = sorted({event.subject_id for event in events})
        _lock(rules)
        back = _places_to_undo(events, rules) if what == PLACE else _fallbacks_to_undo(events, rules)
        left = sorted(set(rules) - {event.subject_id for event in back})
        result = UndoResult(len(back), who_changed_last(AssignmentRule.kind, left, since=batch))
        if back and not dry_run:
            (_take_back_places if what == PLACE else _take_back_fallbacks)(back)
            _raise_versions([event.subject_id for event in back])
            told = [
                (event.subject_id, {"what": what, "from": event.facts["to"], "to": event.facts["from"]})
                for event in back
            ]
            _tell(told, "undo", by=by, batch=batch)
        return result

    return undo


def _places_to_undo(events: list[Event], rules: list[int]) -> list[Event]:
    """Where the leaver's place is still switched off and the heir's still on."""
    people = {event.facts[end] for event in events for end in ("from", "to")}
    held = _held(rules, people)
    return [
        event
        for event in events
        if held.get((event.subject_id, event.facts["from"])) is False
        and held.get((event.subject_id, event.facts["to"])) is True
    ]


def _take_back_places(events: list[Event]) -> None:
    for event in events:
        members = RuleMember.objects.filter(rule=event.subject_id)
        members.filter(user=event.facts["from"]).update(is_active=True)
        heir = members.filter(user=event.facts["to"])
        if event.facts["was"] is None:
            heir.filter(given=0).delete()
        if not event.facts["was"]:
            heir.update(is_active=False)


def _fallbacks_to_undo(events: list[Event], rules: list[int]) -> list[Event]:
    now = dict(AssignmentRule.objects.filter(pk__in=rules).values_list("pk", "fallback_id"))
    return [event for event in events if now.get(event.subject_id) == event.facts["to"]]


def _take_back_fallbacks(events: list[Event]) -> None:
    for event in events:
        AssignmentRule.objects.filter(pk=event.subject_id).update(fallback_id=event.facts["from"])


def _raise_versions(rules: Any) -> None:
    """The people are part of the rule: whoever opened it before sees another one now."""
    AssignmentRule.objects.filter(pk__in=rules).update(version=F("version") + 1)


def _tell(told: list[tuple[int, dict[str, Any]]], verb: str, *, by: Any, batch: Batch) -> None:
    at = timezone.now()
    Event.objects.bulk_create(
        Event(at=at, by=by, verb=verb, subject_kind=AssignmentRule.kind, subject_id=rule, batch=batch, facts=facts)
        for rule, facts in told
    )
