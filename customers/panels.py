"""What other rooms show on the page of a customer: opportunities, quotes, orders, tickets.

panels.add("quotes", Panel("quotes", _("Quotes"), 20, "sales/_customer_documents.html", asks=quotes_of, context=shown))

A panel says what it wants to know; the page asks for all of them in one statement (crm.together).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from crm.register import Register
from crm.together import Row


@dataclass(frozen=True)
class Panel:
    """``asks(user, customer)``: rows as a queryset of ``values()``, or None when the panel is not for this person.

    ``context(user, customer, rows)`` gives what ``template`` needs, or None for nothing to show. ``url(customer)``: the
    whole list behind the panel.
    """

    name: str
    title: Any
    order: int
    template: str
    asks: Callable[[Any, Any], QuerySet | None]
    context: Callable[[Any, Any, list[Row]], dict[str, Any] | None]
    icon: str = ""
    url: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class ShownPanel:
    panel: Panel
    context: dict[str, Any]
    url: str


panels: Register[Panel] = Register("panel of the customer page")


def questions(user: Any, customer: Any) -> dict[str, QuerySet]:
    asked = {panel.name: panel.asks(user, customer) for panel in panels}
    return {name: rows for name, rows in asked.items() if rows is not None}


def shown_panels(user: Any, customer: Any, found: dict[str, list[Row]]) -> list[ShownPanel]:
    shown = []
    for panel in sorted((panel for panel in panels if panel.name in found), key=lambda one: one.order):
        context = panel.context(user, customer, found[panel.name])
        if context is not None:
            shown.append(ShownPanel(panel, context, panel.url(customer) if panel.url else ""))
    return shown
