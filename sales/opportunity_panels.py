"""What rooms and aggregates add to the page of an opportunity: quotes, orders.

opportunity_panels.add("quotes", OpportunityPanel(_("Quotes"), 10, "sales/_opportunity_quotes.html", quotes_of))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.register import Register


@dataclass(frozen=True)
class OpportunityPanel:
    """``context(user, opportunity)`` gives what ``template`` needs as ``panel``; None: not shown to this person."""

    title: Any
    order: int
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    icon: str = ""


@dataclass(frozen=True)
class ShownPanel:
    panel: OpportunityPanel
    context: dict[str, Any]


opportunity_panels: Register[OpportunityPanel] = Register("panel of the opportunity page")


def panels_for(user: Any, opportunity: Any) -> list[ShownPanel]:
    shown = []
    for panel in sorted(opportunity_panels, key=lambda each: each.order):
        context = panel.context(user, opportunity)
        if context is not None:
            shown.append(ShownPanel(panel, context))
    return shown
