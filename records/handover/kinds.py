"""What can be handed over: each room adds its kinds in ``apps.py``.

    handovers.add("opportunity", HandoverKind("opportunity", _("open opportunities"), rows, give, undo, …))

The story (``records.handover.run``) locks a portion of ``rows``, decides each row's heir by the plan and lets ``give``
change rows and log in one statement. What is due is derived from rows: ``rows`` no longer names what was given.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from crm.register import Register
from records.undo import UndoResult

VERB = "handover"


@dataclass(frozen=True)
class Giving:
    """What each portion is given with; ``moment`` is the batch's, so that undo knows what stood still since."""

    by: Any
    leaver: Any
    batch: Any
    moment: datetime


@dataclass(frozen=True)
class Elsewhere:
    """Where rows may go instead of to a person (a pool, a queue).

    ``places(by)``: (value, label) pairs. ``fits(rows)``: those of the rows that may go there.
    """

    label: Any
    places: Callable[[Any], list[tuple[str, Any]]]
    fits: Callable[[QuerySet], QuerySet]
    give: Callable[[list[int], str, Giving], list[int]]
    explain: Any = ""


@dataclass(frozen=True)
class HandoverKind:
    """``rows(leaver, by)``: what is to go, as far as ``by`` decides about it. ``give(shares, how)``: id → person;
    returns the ids that moved. ``undo(batch, by=, dry_run=)``: takes back the events of this kind.

    ``right``: (kind, action) that the person doing it needs over the leaver. ``work``: what an heir must be able to do.
    ``region`` and ``follows``: lookups of the region that a plan by region goes by, and of the customer whose heir is
    theirs; ``is_followed``: these are the customers. ``stays(leaver, by)``: what stays all the same, as sentences.
    ``warns(added, by)``: what to know before, as sentences; heir → how many more.
    """

    code: str
    label: Any
    rows: Callable[[Any, Any], QuerySet]
    give: Callable[[Mapping[int, Any], Giving], list[int]]
    undo: Callable[..., UndoResult]
    right: tuple[str, str]
    work: tuple[str, str]
    order: int
    region: str = ""
    follows: str = ""
    is_followed: bool = False
    elsewhere: Elsewhere | None = None
    stays: Callable[[Any, Any], Iterable[str]] = lambda _leaver, _by: ()
    warns: Callable[[Mapping[Any, int], Any], Iterable[str]] = lambda _added, _by: ()


@dataclass(frozen=True)
class Listener:
    """``done(batch)`` once everything moved; ``undone(batch)`` once it was taken back. Each may come twice."""

    done: Callable[[Any], None]
    undone: Callable[[Any], None]


handovers: Register[HandoverKind] = Register("kind that is handed over")
listeners: Register[Listener] = Register("listener to handovers")


def in_order() -> list[HandoverKind]:
    """Customers before what follows them."""
    return sorted(handovers, key=lambda kind: kind.order)
