"""Further verbs in the menu of a customer's page, each from the room that owns it: release, assign, merge.

``item``: a fragment with one ``menu-item`` (usually ``data-opens``); ``dialog``: the fragment with what it opens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from crm.register import Register
from crm.together import Row


@dataclass(frozen=True)
class Action:
    """``asks(user, customer)``: the rows it needs as a queryset of ``values()``; None when the person may not, or when
    it makes no sense. ``context(rows)``: what both fragments find under ``offer``."""

    name: str
    order: int
    item: str
    asks: Callable[[Any, Any], QuerySet | None]
    context: Callable[[list[Row]], dict[str, Any]]
    dialog: str = ""

    @property
    def question(self) -> str:
        return f"action_{self.name}"


@dataclass(frozen=True)
class ShownAction:
    action: Action
    context: dict[str, Any]


actions: Register[Action] = Register("action of the customer page")


def questions(user: Any, customer: Any) -> dict[str, QuerySet]:
    asked = {action.question: action.asks(user, customer) for action in actions}
    return {name: rows for name, rows in asked.items() if rows is not None}


def shown_actions(found: dict[str, list[Row]]) -> list[ShownAction]:
    offered = sorted((action for action in actions if action.question in found), key=lambda one: one.order)
    return [ShownAction(action, action.context(found[action.question])) for action in offered]
