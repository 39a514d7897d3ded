"""What the rules would have made of the leads of a past period. Nothing is written.

Assumed, and told on the page: everybody of a rule who may work leads takes part, because nobody knows who was at lunch
then; caps a day count per day of arrival, caps of open leads do not; rings stand and conversions are as they are now;
leads are what they are today; nobody hands on.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Case, Value, When

from accounts import access
from accounts.models import Company, User
from leads.conditions import condition_of
from leads.models import AssignmentRule, Lead, RuleMember
from leads.seats import held_by, measure
from leads.sticky import Known, known_owners
from leads.strategies import UNLIMITED, Seat, Waiting, strategies, strategies_of

MOST = 20_000


class Tried(NamedTuple):
    """A rule with its people, saved or still in a form."""

    rule: AssignmentRule
    members: Sequence[RuleMember]


@dataclass
class RuleOutcome:
    """``received``: person → how many; ``nobody``: nobody could take them and there is no fallback."""

    rule: AssignmentRule
    received: Counter[int] = field(default_factory=Counter)
    nobody: int = 0
    people: list[tuple[str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.received.values()) + self.nobody

    @property
    def most(self) -> int:
        return max(self.received.values(), default=0)


@dataclass
class Simulation:
    """``no_rule``: leads that no rule is for; ``elsewhere``: those of rules that the viewer does not see."""

    first: date
    last: date
    number: int = 0
    is_cut: bool = False
    outcomes: list[RuleOutcome] = field(default_factory=list)
    no_rule: int = 0
    elsewhere: int = 0


class Arrived(NamedTuple):
    id: int
    day: date


def simulate(
    user: Any, *, first: date, last: date, now: datetime, instead: Tried | None = None
) -> Simulation:  # fmt: skip
    """The leads within the viewer's reach that came in from ``first`` to ``last``, days of the company; the latest
    MOST of them. ``instead``: an edited rule in the place of the saved one, or a new one after all others."""
    company = Company.get()
    rules = _rules(instead)
    done = Simulation(first, last)
    arrived = _arrived(user, rules, first, last, company, done)
    mine = set(AssignmentRule.objects.for_user(user).values_list("pk", flat=True))
    for place, tried in enumerate(rules):
        leads = arrived.get(place, [])
        if tried.rule.pk is not None and tried.rule.pk not in mine:
            done.elsewhere += len(leads)
        else:
            done.outcomes.append(_outcome(tried, leads, now=now))
    done.no_rule = len(arrived.get(len(rules), []))
    return _named(done)


def _rules(instead: Tried | None) -> list[Tried]:
    active = list(AssignmentRule.objects.filter(is_active=True).select_related("fallback", "team").in_order())
    found = [_with_members(rule) for rule in active]
    if instead is None:
        return found
    edited = [instead if tried.rule.pk == instead.rule.pk else tried for tried in found]
    return edited if instead in edited else sorted([*found, instead], key=_place)


def _place(tried: Tried) -> tuple[int, int]:
    """A rule that is still off has its place; a new one comes last."""
    return (tried.rule.order, tried.rule.pk) if tried.rule.pk is not None else (1 << 20, 0)


def _with_members(rule: AssignmentRule) -> Tried:
    return Tried(rule, list(rule.members.select_related("user").order_by("pk")))


def _arrived(
    user: Any, rules: Sequence[Tried], first: date, last: date, company: Company, done: Simulation
) -> dict[int, list[Arrived]]:  # fmt: skip
    """Place of the rule that decides → its leads in the order of arrival, by one statement."""
    start, end = _moment(first, company), _moment(last + timedelta(days=1), company)
    rows = Lead.objects.visible_to(user).live().filter(created_at__gte=start, created_at__lt=end)
    rows = rows.annotate(place=_decides(rules)).order_by("-created_at", "-pk")
    taken = list(rows.values_list("pk", "created_at", "place")[: MOST + 1])
    done.is_cut, taken = len(taken) > MOST, taken[:MOST]
    done.number = len(taken)
    arrived: dict[int, list[Arrived]] = {}
    for pk, at, place in reversed(taken):
        arrived.setdefault(place, []).append(Arrived(pk, at.astimezone(company.zone).date()))
    return arrived


def _moment(day: date, company: Company) -> datetime:
    return datetime.combine(day, time.min, tzinfo=company.zone)


def _decides(rules: Sequence[Tried]) -> Any:
    """The place of the first rule that is for a lead; one beyond the last for none."""
    whens = []
    for place, tried in enumerate(rules):
        condition = condition_of(tried.rule)
        if not condition:
            return Case(*whens, default=Value(place)) if whens else Value(place)
        whens.append(When(condition, then=Value(place)))
    return Case(*whens, default=Value(len(rules))) if whens else Value(0)


def _outcome(tried: Tried, leads: list[Arrived], *, now: datetime) -> RuleOutcome:
    rule, outcome = tried.rule, RuleOutcome(tried.rule)
    seats, caps = _seats(tried, now=now)
    needs_match = any(way.needs_match for way in strategies_of(rule))
    known = known_owners([lead.id for lead in leads]) if needs_match and leads else {}
    for given in _give(rule, seats, caps, leads, known):
        person = given.user_id if given else rule.fallback_id
        if person is None:
            outcome.nobody += 1
        else:
            outcome.received[person] += 1
    # Also who would have got nothing.
    for seat in seats:
        outcome.received[seat.user_id] += 0
    return outcome


def _give(
    rule: AssignmentRule, seats: list[Seat], caps: dict[int, int], leads: list[Arrived], known: dict[int, Known]
) -> Iterator[Seat | None]:
    """Day by day, because caps of a day start anew."""
    for _day, arrived in groupby(leads, key=lambda lead: lead.day):
        for seat in seats:
            seat.room = caps[seat.member_id]
        turn = strategies[rule.strategy].turn(seats, rule)
        for lead in arrived:
            given = turn.give(Waiting(lead.id, known=known.get(lead.id, ())))
            yield given[0] if given else None


def _seats(tried: Tried, *, now: datetime) -> tuple[list[Seat], dict[int, int]]:
    """Everybody who may work leads, and how many each may get a day. Members of a form have no numbers of their own."""
    able = set(access.holders("lead", "work").values_list("pk", flat=True))
    members = [member for member in tried.members if member.is_active and member.user_id in able]
    ways = strategies_of(tried.rule)
    held = held_by([member.user_id for member in members]) if any(way.needs_held for way in ways) else Counter()
    seats = [
        Seat(
            member_id=place, user_id=member.user_id, team_id=None, weight=member.weight, position=member.position,
            held=held[member.user_id],
        )
        for place, member in enumerate(members)
    ]  # fmt: skip
    if any(way.needs_measure for way in ways):
        measure(seats, tried.rule, now=now)
    caps = [UNLIMITED if member.daily_cap is None else member.daily_cap for member in members]
    return seats, dict(enumerate(caps))


def _named(done: Simulation) -> Simulation:
    ids = {person for outcome in done.outcomes for person in outcome.received}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    for outcome in done.outcomes:
        shares = [(names[person], number) for person, number in outcome.received.items()]
        outcome.people = sorted(shares, key=lambda share: (-share[1], share[0]))
    return done
