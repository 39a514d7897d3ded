"""Measures one row: ours and floor in turns, medians of both."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from crm.management.bench.clock import Clock, Cost, counted
from crm.management.bench.rows import Pair, Row


class Differs(Exception):
    """Ours and the floor did not do the same: their costs say nothing."""


@dataclass(frozen=True)
class Result:
    """In milliseconds of CPU (client and server); ``wall`` beside it."""

    row: Row
    ours: float
    floor: float
    ours_wall: float
    floor_wall: float
    queries: int
    times: int
    bare: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.floor if self.floor else 0.0

    @property
    def is_over(self) -> bool:
        return self.ratio > self.row.most or (self.row.most_ms is not None and self.ours > self.row.most_ms)


def measure(row: Row, pair: Pair, *, times: int | None = None) -> Result:
    """The first round warms up, counts statements and compares what both did; it is not measured."""
    times = times or row.times
    queries = _warm_up(row, pair)
    ours, floor, *bare = _in_turns(pair, times)
    return Result(
        row, median(cost.cpu for cost in ours), median(cost.cpu for cost in floor),
        median(cost.wall for cost in ours), median(cost.wall for cost in floor), queries, times,
        median(cost.cpu for cost in bare[0]) if bare else None,
    )  # fmt: skip


def _in_turns(pair: Pair, times: int) -> list[list[Cost]]:
    """Whoever comes later finds warmer caches, so the sides change places."""
    clock = Clock()
    sides = [side for side in (pair.ours, pair.floor, pair.bare) if side is not None]
    costs: list[list[Cost]] = [[] for _side in sides]
    for number in range(times):
        for place in range(len(sides)):
            at = (place + number) % len(sides)
            costs[at].append(_once(clock, pair, sides[at]))
    return costs


def _warm_up(row: Row, pair: Pair) -> int:
    with pair.around() as given, counted() as seen:
        ours = pair.ours(given)
    with pair.around() as given:
        floor = pair.floor(given)
    if not pair.same(ours, floor):
        raise Differs(f"{row.name}: ours {_short(ours)}, floor {_short(floor)}")
    return len(seen)


def _once(clock: Clock, pair: Pair, side: Callable[[Any], Any]) -> Cost:
    with pair.around() as given:
        cost, _answer = clock.of(lambda: side(given))
    return cost


def _short(answer: Any) -> str:
    text = str(answer)
    return text if len(text) < 300 else f"{text[:300]}…"
