"""Four worker processes give away the same queue at the same time: by turns, and up to caps."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable

from django.db import connections
from django.utils import timezone

from accounts.models import Role, Team, User, UserRole
from crm.management.prove.proofs import must
from leads import assign as assigning
from leads.models import AssignmentRule, Lead, RuleMember
from records.models import Event

WORKERS, PEOPLE, LEADS, CAP = 4, 25, 20_003, 37
SMALL_PORTION = 200  # so that the workers take many turns


def prove(say: Callable[[str], None], *, leads: int = LEADS) -> str:
    people = _people()
    even = _by_turns(people, leads)
    say(f"  round robin: {even}")
    capped = _with_caps(people)
    say(f"  caps: {capped}")
    return f"{WORKERS} workers, {PEOPLE} people: {even}; {capped}"


def _people() -> list[User]:
    team, role = Team.objects.create(name="Assigned"), Role.objects.get(code="account_manager")
    people = [
        User.objects.create(username=f"assigned{place:02}", name=f"Assigned {place}", team=team)
        for place in range(PEOPLE)
    ]
    UserRole.objects.bulk_create(UserRole(user=person, role=role) for person in people)
    return people


def _by_turns(people: list[User], number: int) -> str:
    rule = _rule(people)
    ids = _queue(number)
    seconds = _at_once()
    owners = Counter(Lead.objects.filter(pk__in=ids).values_list("owner_id", flat=True))
    must(None not in owners, f"{owners[None]} leads were left")
    given = Counter(Event.objects.filter(verb="assign", subject_kind="lead").values_list("subject_id", flat=True))
    twice = [pk for pk in ids if given[pk] != 1]
    must(not twice, f"{len(twice)} leads were not given exactly once")
    spread = max(owners.values()) - min(owners.values())
    must(len(owners) == len(people) and spread <= 1, f"shares differ by {spread}")
    must(sum(rule.members.values_list("given", flat=True)) == number, "the ring's counters are wrong")
    return f"{number:,} leads in {seconds:.1f} s, each given once, shares differ by {spread}"


def _with_caps(people: list[User]) -> str:
    """Two rules share the same people, whose caps hold over both."""
    Lead.objects.all().delete()
    AssignmentRule.objects.update(is_active=False)
    for countries in (["DE"], []):
        _rule(people, countries=countries).members.update(holding_cap=CAP)
    ids = _queue(2 * CAP * len(people))
    _at_once()
    owners = Counter(Lead.objects.filter(pk__in=ids, owner__isnull=False).values_list("owner_id", flat=True))
    must(set(owners.values()) == {CAP} and len(owners) == len(people), f"caps of {CAP} ended at {set(owners.values())}")
    return f"caps of {CAP} over two rules exact for all"


def _rule(people: list[User], **conditions: list[str]) -> AssignmentRule:
    rule = AssignmentRule.objects.create(name="Prove", is_active=True, **conditions)
    RuleMember.objects.bulk_create(RuleMember(rule=rule, user=person) for person in people)
    return rule


def _queue(number: int) -> list[int]:
    fresh = [
        Lead(name=f"Lead {n}", sort_key=f"lead {n:06}", country="DE" if n % 2 else "FR") for n in range(number)
    ]  # fmt: skip
    return [lead.pk for lead in Lead.objects.bulk_create(fresh, batch_size=5_000)]


def _at_once() -> float:
    """Each worker is a process of its own, with a connection of its own."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(WORKERS)
    workers = [context.Process(target=_work, args=(ready,)) for _ in range(WORKERS)]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    must(all(worker.exitcode == 0 for worker in workers), "a worker failed")
    return time.monotonic() - began


def _work(ready: "multiprocessing.synchronize.Barrier") -> None:  # type: ignore[name-defined]
    assigning.PORTION = SMALL_PORTION
    ready.wait(60)
    assigning.assign_leads(now=timezone.now())
    connections.close_all()
