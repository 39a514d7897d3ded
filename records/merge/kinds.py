"""What a kind says of its merge: which fields belong together, what is a list, and what forbids it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from crm.register import Register

KEEP, DROP, BOTH = "keep", "drop", "both"
# Of a unit: neither fits.
NOBODY = "nobody"


def _never(_keep: Any, _drop: Any) -> None:
    """Nothing forbids it."""


def _nothing(_keep: Any, _drop: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Unit:
    """Fields that are taken over together: an address, a tax number with its kind.

    ``is_text``: both texts may stand one below the other. ``default(keep, drop)``: the side, when it is not "the kept
    one's, unless it is empty". ``offers(keep, drop)``: the sides that make sense; without it both, where they differ.
    ``is_held``: moments and numbers that nobody typed; they stay with the batch and out of the history of fields.
    ``only_once``: no two rows may say the same, so the dropped record gives it up.
    """

    name: str
    label: Any
    fields: tuple[str, ...]
    is_text: bool = False
    default: Callable[[Any, Any], str] | None = None
    offers: Callable[[Any, Any], tuple[str, ...]] | None = None
    shown: Callable[[Any], str] | None = None
    is_held: bool = False
    only_once: bool = False


@dataclass(frozen=True)
class Listed:
    """A list that may be taken from one side or both. ``items(record)``: key → text of what is its own."""

    name: str
    label: Any
    items: Callable[[Any], dict[Any, str]]


@dataclass(frozen=True)
class Merging:
    """``blend(keep, drop)``: held fields that follow from both, such as the last contact. ``settle(ids, drop)``: brings
    up what is derived, after a merge and after its undo; the caller holds the locks."""

    kind: str
    units: tuple[Unit, ...]
    # function(user) → rows that she may merge
    reach: Callable[[Any], models.QuerySet]
    lists: tuple[Listed, ...] = ()
    refuse: Callable[[Any, Any], None] = _never
    blend: Callable[[Any, Any], dict[str, Any]] = _nothing
    derived: Callable[[Any], dict[str, Any]] | None = None
    settle: Callable[[Iterable[int]], None] | None = None


mergings: Register[Merging] = Register("kind that may be merged")
# name → function(kind, keep_id, drop_id, by): what a higher room does after a merge and after its undo
followers: Register[Callable[..., None]] = Register("what follows a merge")
