"""Fifty signed-in people click on the same customer of the pool at the same moment, two hundred times over."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Team, User, UserRole
from crm.management.bench.visitor import Visitor
from crm.management.prove.proofs import must
from customers.models import Customer, Pool, PoolMember
from records.models import Event

SESSIONS, ROUNDS = 50, 200


@dataclass
class _Round:
    statuses: Counter[int] = field(default_factory=Counter)
    told: int = 0
    seconds: list[float] = field(default_factory=list)


def prove(say: Callable[[str], None], *, sessions: int = SESSIONS, rounds: int = ROUNDS) -> str:
    visitors = [Visitor(person) for person in _people(sessions)]
    customers = _customers(rounds)
    whole = _Round()
    began = time.monotonic()
    with ThreadPoolExecutor(sessions) as threads:
        for number, customer in enumerate(customers, start=1):
            _play(threads, visitors, customer, whole)
            if not number % 20:
                say(f"  {number} of {rounds} rounds")
        _close_all(threads, sessions)
    return _judge(whole, customers, sessions=sessions, seconds=time.monotonic() - began)


def _close_all(threads: ThreadPoolExecutor, number: int) -> None:
    """Each thread has a connection of its own; the barrier sees to it that none of them closes twice for another."""
    ready = threading.Barrier(number)

    def close(_: int) -> None:
        ready.wait(60)
        connection.close()

    list(threads.map(close, range(number)))


def _people(number: int) -> list[User]:
    team = Team.objects.create(name="Claimers")
    role = Role.objects.get(code="account_manager")
    people = []
    for place in range(number):
        person = User.objects.create(username=f"claimer{place:02}", name=f"Claimer {place}", team=team)
        UserRole.objects.create(user=person, role=role)
        PoolMember.objects.create(pool=Pool.default(), user=person)
        people.append(person)
    return people


def _customers(number: int) -> list[Customer]:
    now, pool = timezone.now(), Pool.default()
    fresh = [Customer(name=f"Prize {n}", sort_key=f"prize {n}", pool=pool, entered_pool_at=now) for n in range(number)]
    return Customer.objects.bulk_create(fresh)


def _play(threads: ThreadPoolExecutor, visitors: Sequence[Visitor], customer: Customer, whole: _Round) -> None:
    ready = threading.Barrier(len(visitors))
    url = reverse("customers:claim", args=[customer.pk])

    def click(visitor: Visitor) -> tuple[int, str, float]:
        ready.wait(60)
        began = time.perf_counter()
        status, body = visitor.post(url)
        return status, body, time.perf_counter() - began

    answers = list(threads.map(click, visitors))
    winner = Customer.objects.select_related("owner").get(pk=customer.pk).owner
    must(winner is not None, f"nobody got {customer}")
    assert winner is not None
    for status, body, seconds in answers:
        whole.statuses[status] += 1
        whole.seconds.append(seconds)
        whole.told += status == 409 and winner.name in body
    claims = Event.objects.filter(verb="claim", subject_kind="customer", subject_id=customer.pk)
    must(claims.count() == 1, f"{customer} was claimed {claims.count()} times")


def _judge(whole: _Round, customers: Sequence[Customer], *, sessions: int, seconds: float) -> str:
    rounds = len(customers)
    errors = sum(number for status, number in whole.statuses.items() if status >= 500)
    must(not errors, f"{errors} server errors")
    lost = whole.statuses[409]
    must(lost == rounds * (sessions - 1), f"{lost} were refused, not {rounds * (sessions - 1)}: {whole.statuses}")
    must(whole.told == lost, f"only {whole.told} of {lost} were told who won")
    return (
        f"{sessions} sessions, {rounds} customers: one winner each, {lost:,} refused and told who won, no server error;"
        f" {sessions * rounds / seconds:.0f} requests/s, median {median(whole.seconds) * 1000:.0f} ms,"
        f" longest {max(whole.seconds) * 1000:.0f} ms"
    )
