"""A leaver's places in pools go to her heirs; who administers a pool decides about its members."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from customers.models import Pool, PoolMember
from records.handover.kinds import VERB, Giving, HandoverKind, handovers
from records.models import Batch, Event
from records.undo import UndoResult, who_changed_last


def add_pool_memberships() -> None:
    handovers.add(
        "pool",
        HandoverKind(
            "pool", _("places in pools"), _memberships, _give, undo_memberships, ("customer", "assign"),
            ("pool", "view"), 70, stays=_stays,
        ),
    )  # fmt: skip


def _memberships(leaver: Any, by: Any) -> QuerySet:
    return PoolMember.objects.filter(user=leaver, pool__in=Pool.objects.allowing(by, "rules").values("pk"))


def _stays(leaver: Any, by: Any) -> Iterable[str]:
    rest = PoolMember.objects.filter(user=leaver).exclude(pk__in=_memberships(leaver, by).values("pk")).count()
    if rest:
        text = ngettext(
            "%(n)d stays: who administers that pool decides about its members.",
            "%(n)d stay: who administers those pools decides about their members.",
            rest,
        )
        yield text % {"n": rest}


def _give(shares: Mapping[int, Any], how: Giving) -> list[int]:
    """The heir takes the place as it was; where she is a member already, she also administers if the leaver did."""
    places = list(PoolMember.objects.filter(pk__in=shares, user=how.leaver).order_by("pk"))
    pools = [place.pool_id for place in places]
    list(Pool.objects.filter(pk__in=pools).order_by("pk").select_for_update(no_key=True))
    people = {person.pk for person in shares.values()}
    held = {
        (pool, user): chief
        for pool, user, chief in PoolMember.objects.filter(pool__in=pools, user__in=people).values_list(
            "pool", "user", "is_administrator"
        )
    }
    told = [(place, shares[place.pk].pk, held.get((place.pool_id, shares[place.pk].pk))) for place in places]
    PoolMember.objects.filter(pk__in=[place.pk for place in places]).delete()
    PoolMember.objects.bulk_create(
        [
            PoolMember(pool_id=place.pool_id, user_id=heir, is_administrator=place.is_administrator or bool(was))
            for place, heir, was in told
        ],
        update_conflicts=True, unique_fields=["pool", "user"], update_fields=["is_administrator"],
    )  # fmt: skip
    _raise_versions(pools)
    _tell(
        [(place.pool_id, {"from": how.leaver.pk, "to": heir, "administers": place.is_administrator, "was": was})
         for place, heir, was in told], VERB, by=how.by, batch=how.batch,
    )  # fmt: skip
    return [place.pk for place in places]


@transaction.atomic
def undo_memberships(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """The leaver is a member again, as before; the heir as she was, unless somebody changed the members since."""
    result = UndoResult()
    events = list(batch.events.filter(verb=VERB, subject_kind="pool").order_by("id"))
    pools = {event.subject_id for event in events}
    undoing = Event.objects.filter(batch=batch, verb="undo", subject_kind="pool")
    undone = set(undoing.values_list("subject_id", flat=True))
    todo = [event for event in events if event.subject_id not in undone]
    list(Pool.objects.filter(pk__in=pools).order_by("pk").select_for_update(no_key=True))
    held = {
        (pool, user): chief
        for pool, user, chief in PoolMember.objects.filter(pool__in=pools).values_list(
            "pool", "user", "is_administrator"
        )
    }
    back = [event for event in todo if _is_ours(event, held)]
    result.restored = len(back)
    left = sorted({event.subject_id for event in todo} - {event.subject_id for event in back})
    result.left = who_changed_last("pool", left, since=batch)
    if not dry_run and back:
        _restore(back, by=by, batch=batch)
    return result


def _is_ours(event: Event, held: Mapping[tuple[int, int], bool]) -> bool:
    facts, pool = event.facts, event.subject_id
    wrote = bool(facts["administers"] or facts["was"])
    return (pool, facts["from"]) not in held and held.get((pool, facts["to"])) == wrote


def _restore(events: list[Event], *, by: Any, batch: Batch) -> None:
    for event in events:  # a handful: a person is a member of few pools
        member = PoolMember.objects.filter(pool=event.subject_id, user=event.facts["to"])
        if event.facts["was"] is None:
            member.delete()
        else:
            member.update(is_administrator=event.facts["was"])
    PoolMember.objects.bulk_create(
        PoolMember(pool_id=e.subject_id, user_id=e.facts["from"], is_administrator=e.facts["administers"])
        for e in events
    )
    _raise_versions([event.subject_id for event in events])
    told = [(e.subject_id, {"from": e.facts["to"], "to": e.facts["from"]}) for e in events]
    _tell(told, "undo", by=by, batch=batch)


def _raise_versions(pools: Iterable[int]) -> None:
    """Who has seen the old members is told that they are others now."""
    Pool.objects.filter(pk__in=list(pools)).update(version=F("version") + 1)


def _tell(told: list[tuple[int, dict[str, Any]]], verb: str, *, by: Any, batch: Batch) -> None:
    at = timezone.now()
    Event.objects.bulk_create(
        Event(at=at, by=by, verb=verb, subject_kind="pool", subject_id=pool, batch=batch, facts=facts)
        for pool, facts in told
    )
