"""The ways to choose a person for a lead: one register, one shape.

A strategy gets the seats of a rule, at the moment of the choice, and the leads in their order; it answers one seat per
lead, or None where nobody is left. It never gives a lead back to the person it is taken from.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.register import Register

UNLIMITED = 1 << 40


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

    def take(self) -> None:
        self.taken += 1
        self.held += 1
        self.room -= 1


@dataclass(frozen=True)
class Waiting:
    """A lead to give away; ``owner_id`` when it is taken from somebody who did not contact it."""

    id: int
    owner_id: int | None = None


Choose = Callable[[Sequence[Seat], Sequence[Waiting]], Iterator[Seat | None]]


@dataclass(frozen=True)
class Strategy:
    label: Any
    choose: Choose
    # Reads how many open leads each person holds.
    needs_held: bool = field(default=False)


strategies: Register[Strategy] = Register("assignment strategy")


def round_robin(seats: Sequence[Seat], leads: Sequence[Waiting]) -> Iterator[Seat | None]:
    """Everybody in turn: the lowest position is next, and each lead moves it up by one."""
    return _lowest_first(seats, leads, lambda seat: seat.position, lambda seat: Decimal(1))


def weighted(seats: Sequence[Seat], leads: Sequence[Waiting]) -> Iterator[Seat | None]:
    """In turn, but a weight of 3 gets three leads where a weight of 1 gets one."""
    return _lowest_first(
        seats, leads, lambda seat: seat.position, lambda seat: (Decimal(1) / seat.weight).quantize(Decimal("1e-9"))
    )


def least_loaded(seats: Sequence[Seat], leads: Sequence[Waiting]) -> Iterator[Seat | None]:
    """Whoever holds the fewest open leads; among equals, whose turn it is."""
    return _lowest_first(seats, leads, lambda seat: (seat.held, seat.position), lambda seat: Decimal(1))


def _lowest_first(
    seats: Sequence[Seat],
    leads: Sequence[Waiting],
    level: Callable[[Seat], Any],
    step: Callable[[Seat], Decimal],
) -> Iterator[Seat | None]:
    """Fills like water: each lead goes to the lowest seat with room, the lower member number first among equals."""
    heap = [(level(seat), seat.member_id, seat) for seat in seats if seat.room > 0]
    heapq.heapify(heap)
    for lead in leads:
        passed = [heapq.heappop(heap)] if heap and heap[0][2].user_id == lead.owner_id else []
        chosen = heapq.heappop(heap)[2] if heap else None
        if chosen is not None:
            chosen.take()
            chosen.position += step(chosen)
            if chosen.room > 0:
                heapq.heappush(heap, (level(chosen), chosen.member_id, chosen))
        for item in passed:
            heapq.heappush(heap, item)
        yield chosen


strategies.add("round_robin", Strategy(_("In turn"), round_robin))
strategies.add("weighted", Strategy(_("In turn, by weight"), weighted))
strategies.add("least_loaded", Strategy(_("Who holds the fewest open leads"), least_loaded, needs_held=True))
