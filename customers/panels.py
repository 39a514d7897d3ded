"""What other rooms show on the page of a customer: opportunities, quotes, orders, tickets.

panels.add("opportunities", Panel("opportunities", _("Opportunities"), 10, "sales/_customer_panel.html", of_customer))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.register import Register


@dataclass(frozen=True)
class Panel:
    """``context(user, customer)`` gives what ``template`` needs, or None for nothing to show and no right to it.

    One statement or two at most: the page has eight. ``url(customer)``: the whole list behind the panel.
    """

    name: str
    title: Any
    order: int
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    icon: str = ""
    url: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class ShownPanel:
    panel: Panel
    context: dict[str, Any]
    url: str


panels: Register[Panel] = Register("panel of the customer page")


def panels_for(user: Any, customer: Any) -> list[ShownPanel]:
    shown = []
    for panel in sorted(panels, key=lambda one: one.order):
        context = panel.context(user, customer)
        if context is not None:
            shown.append(ShownPanel(panel, context, panel.url(customer) if panel.url else ""))
    return shown
