"""The ways to choose a person for a lead: one register, one shape.

A strategy gets the seats of a rule, at the moment of the choice, and answers a *turn*: each lead in its order is given
to it, and it answers the seat with the code of HOW, or None where nobody is left. It never gives a lead back to the
person it is taken from, nor to one who had it before.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from crm.register import Register

UNLIMITED = 1 << 40
ONE = Decimal(1)


@dataclass
class Seat:
    """A person who can take leads now. ``position``: her place in the ring; ``room``: how many more she can take."""

    member_id: int
    user_id: int
    team_id: int | None
    weight: int = 1
    position: Decimal = Decimal(0)
    held: int = 0
    room: int = UNLIMITED
    # Which cap ends the room; a code of leads.seats.REASONS.
    limit: str = ""
    taken: int = 0
    # What she closed in the measured days, and how many of these became customers (leads.best_converter).
    closed: int = 0
    converted: int = 0

    def take(self, step: Decimal) -> None:
        self.taken += 1
        self.held += 1
        self.room -= 1
        self.position += step


@dataclass(frozen=True)
class Waiting:
    """A lead to give away.

    ``owner_id`` when it is taken from somebody who did not contact it; ``had``: who else had it before; ``known``: the
    owners of the customers that it matches with the signal, the best match first (leads.sticky).
    """

    id: int
    owner_id: int | None = None
    had: frozenset[int] = frozenset()
    known: tuple[tuple[int, str], ...] = ()

    def may_go_to(self, seat: Seat) -> bool:
        return seat.room > 0 and seat.user_id != self.owner_id and seat.user_id not in self.had


# The seat with the code of HOW; None when nobody is left.
Given = tuple[Seat, str] | None


class Turn(Protocol):
    """One portion of leads, given away one by one."""

    def give(self, lead: Waiting) -> Given: ...

    def step(self, seat: Seat) -> Decimal:
        """By how much a lead moves the seat on in the ring."""


@dataclass(frozen=True)
class Strategy:
    """``turn(seats, rule)``: the rule holds what somebody typed about this way of choosing."""

    label: Any
    turn: Callable[[Sequence[Seat], Any], Turn]
    # Reads how many open leads each person holds; what each converted; which customers the leads match.
    needs_held: bool = False
    needs_measure: bool = False
    needs_match: bool = False


strategies: Register[Strategy] = Register("assignment strategy")

# Why this person, of those who could take it: code → words, which may name facts of the event.
HOW: dict[str, Any] = {
    "next": _("next in the ring"),
    "weight": _("next in the ring by weight"),
    "fewest": _("holds the fewest open leads"),
}


def strategies_of(rule: Any) -> list[Strategy]:
    """The strategy of a rule, with the second one of a rule that has one."""
    first = strategies[rule.strategy]
    return [first, strategies[rule.second_strategy]] if first.needs_match else [first]


class Ring:
    """Fills like water: each lead goes to the lowest seat with room, the lower member number first among equals.

    Other turns may give to the same seats: an entry that is out of date is put back where it belongs now.
    """

    def __init__(
        self, seats: Sequence[Seat], level: Callable[[Seat], Any], how: str, step: Callable[[Seat], Decimal]
    ) -> None:
        self.level, self.how, self.step = level, how, step
        self._heap = [(level(seat), seat.member_id, seat) for seat in seats if seat.room > 0]
        heapq.heapify(self._heap)

    def give(self, lead: Waiting) -> Given:
        passed: list[Any] = []
        chosen = self._lowest(lead, passed)
        if chosen is not None:
            chosen.take(self.step(chosen))
            passed.append((self.level(chosen), chosen.member_id, chosen))
        for entry in passed:
            heapq.heappush(self._heap, entry)
        return (chosen, self.how) if chosen is not None else None

    def _lowest(self, lead: Waiting, passed: list[Any]) -> Seat | None:
        while self._heap:
            entry = heapq.heappop(self._heap)
            level, member, seat = entry
            if seat.room <= 0:
                continue
            if level != (now := self.level(seat)):
                heapq.heappush(self._heap, (now, member, seat))
            elif lead.may_go_to(seat):
                return seat
            else:
                passed.append(entry)
        return None


def one(_seat: Seat) -> Decimal:
    return ONE


def by_position(seat: Seat) -> Any:
    return seat.position


def round_robin(seats: Sequence[Seat], _rule: Any) -> Turn:
    """Everybody in turn: the lowest position is next, and each lead moves it up by one."""
    return Ring(seats, by_position, "next", one)


def weighted(seats: Sequence[Seat], _rule: Any) -> Turn:
    """In turn, but a weight of 3 gets three leads where a weight of 1 gets one."""
    return Ring(seats, by_position, "weight", lambda seat: (ONE / seat.weight).quantize(Decimal("1e-9")))


def least_loaded(seats: Sequence[Seat], _rule: Any) -> Turn:
    """Whoever holds the fewest open leads; among equals, whose turn it is."""
    return Ring(seats, lambda seat: (seat.held, seat.position), "fewest", one)


def facts_of(given: tuple[Seat, str]) -> Mapping[str, Any]:
    """What the event tells of the choice: codes and numbers."""
    seat, how = given
    measured = {"closed": seat.closed, "converted": seat.converted} if how == "best" else {}
    return {"how": how, **measured}


strategies.add("round_robin", Strategy(_("In turn"), round_robin))
strategies.add("weighted", Strategy(_("In turn, by weight"), weighted))
strategies.add("least_loaded", Strategy(_("Who holds the fewest open leads"), least_loaded, needs_held=True))
