"""Best converter: leads go to whoever makes the most customers of hers, as measured, and some are kept to learn from.

Formula: conversion = converted / (converted + lost), of the leads that the person closed in the last ``measured_days``
days; the same shape as the win rate of the reports, by the date of closing, because a lead that is still open says
nothing yet. Who closed fewer than ``least_sample`` counts as not measured. ``tries_percent`` of the leads go in turn to
the people who are not the best, measured or not, so that a newcomer and who improves are seen: the epsilon-greedy rule
(R. S. Sutton, A. G. Barto, *Reinforcement Learning*, 2nd edition, section 2.2). Equal figures take turns by the ring.
Which lead is a try follows from its number, so that a dry run says what the run does: the multiples of the golden
ratio are spread evenly (D. E. Knuth, *The Art of Computer Programming*, volume 3, section 6.4).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from leads.strategies import HOW, Given, Ring, Seat, Strategy, Turn, Waiting, by_position, one, strategies

_GOLDEN = 0.6180339887498949

# Each branch is answered by its own index: lead_converted_by, lead_lost_by.
_CLOSED = """
SELECT owner_id, sum(converted)::bigint, count(*) FROM (
    SELECT owner_id, 1 AS converted FROM leads_lead
    WHERE owner_id = ANY(%(people)s) AND state = 'converted' AND deleted_at IS NULL
      AND converted_at > %(since)s AND converted_at <= %(now)s
    UNION ALL
    SELECT owner_id, 0 FROM leads_lead
    WHERE owner_id = ANY(%(people)s) AND state = 'lost' AND deleted_at IS NULL
      AND lost_at > %(since)s AND lost_at <= %(now)s
) closed GROUP BY owner_id
"""


def measured(people: Iterable[int], *, days: int, now: datetime) -> dict[int, tuple[int, int]]:
    """Person → (converted, closed) of the leads that she closed in the days before ``now``."""
    params = {"people": list(people), "since": now - timedelta(days=days), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, params)
        return {person: (converted, closed) for person, converted, closed in cursor.fetchall()}


def is_try(lead_id: int, percent: int) -> bool:
    return (lead_id * _GOLDEN) % 1 < percent / 100


class BestConverter:
    def __init__(self, seats: Sequence[Seat], rule: Any) -> None:
        rates = {seat.member_id: _rate(seat, rule.least_sample) for seat in seats}
        known = [rate for rate in rates.values() if rate is not None]
        best = max(known, default=None)
        others = [seat for seat in seats if rates[seat.member_id] != best] if known else []
        self.percent = rule.tries_percent
        self.step = one
        self._rates = rates
        self._ring = Ring(seats, self._level, "best", one)
        self._others = Ring(others, by_position, "try", one)

    def give(self, lead: Waiting) -> Given:
        if is_try(lead.id, self.percent) and (given := self._others.give(lead)):
            return given
        given = self._ring.give(lead)
        if given and self._rates[given[0].member_id] is None:
            return given[0], "unmeasured"
        return given

    def _level(self, seat: Seat) -> Any:
        """The highest figure first; who is not measured comes after all who are."""
        rate = self._rates[seat.member_id]
        return (1, Fraction(0), seat.position) if rate is None else (0, -rate, seat.position)


def _rate(seat: Seat, least: int) -> Fraction | None:
    return Fraction(seat.converted, seat.closed) if seat.closed >= max(least, 1) else None


def best_converter(seats: Sequence[Seat], rule: Any) -> Turn:
    return BestConverter(seats, rule)


HOW["best"] = _("converts the most: %(converted)s of the %(closed)s leads she closed")
HOW["try"] = _("one of the leads kept for people who are not the best yet")
HOW["unmeasured"] = _("next in the ring, because nobody who could take it has closed enough leads to be measured")
strategies.add("best_converter", Strategy(_("Who converts the most"), best_converter, needs_measure=True))
