"""Sums that the page of today does not wait for: it shows their places at once and fetches them.

A room adds what it can sum up: ``today_later.add("month", Later(_("This month"), 10, "reports:month", …))``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from crm.register import Register


@dataclass(frozen=True)
class Later:
    """``url_name``: answers a fragment with ``<div class="stats">``, and a page for those without JavaScript.
    ``places(user)``: its figures before they are known, as many and as high as they will be."""

    title: Any
    order: int
    url_name: str
    is_for: Callable[[Any], bool]
    places: Callable[[Any], Sequence[Any]]

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Place:
    """Where figures will stand."""

    title: Any
    url: str
    figures: Sequence[Any]


today_later: Register[Later] = Register("sums of today, fetched later")


def later_for(user: Any) -> list[Place]:
    shown = sorted((one for one in today_later if one.is_for(user)), key=lambda one: one.order)
    return [Place(one.title, one.url, one.places(user)) for one in shown]
