"""The whole way: of the leads that were entered in a period, how many ever came to each step or beyond.

Lead → customer with intent → opportunity → quoted → won (PRODUCT §11); the furthest step stands on the lead.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import Company
from leads.models import Lead
from leads.states import WayStep
from reports.asked import Asked
from reports.funnel import share
from reports.lists import list_url


@dataclass(frozen=True)
class WayRow:
    """``from_previous`` and ``overall`` are shares 0–1, None where there is nothing to divide by."""

    step: WayStep
    reached: int
    from_previous: float | None
    overall: float | None
    list: str

    @property
    def label(self) -> Any:
        return self.step.label


@dataclass(frozen=True)
class Way:
    rows: list[WayRow]

    @property
    def leads(self) -> int:
        return self.rows[0].reached


def whole_way(user: Any, asked: Asked) -> Way:
    """Within the viewer's reach of leads; team and person are the lead's of today."""
    counted = dict(leads_of(user, asked).order_by().values_list("way_step").annotate(number=Count("*")))
    reached = [sum(number for at, number in counted.items() if at >= step) for step in WayStep]
    return Way(
        [
            WayRow(
                step, reached[step], share(reached[step], reached[step - 1]) if step else None,
                share(reached[step], reached[0]), _list_of(asked, step),
            )
            for step in WayStep
        ]
    )  # fmt: skip


def leads_of(user: Any, asked: Asked) -> QuerySet[Lead]:
    entered = asked.period.covers_moment("created_at", Company.get().zone)
    return Lead.objects.visible_to(user).filter(entered, asked.held())


def _list_of(asked: Asked, step: WayStep) -> str:
    params = {**asked.params(), **asked.period.params("entered")}
    return list_url("leads", **params, **({"way": step.value} if step else {}))
