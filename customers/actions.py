"""Further verbs in the menu of a customer's page, each from the room that owns it: release, assign, merge.

``item``: a fragment with one ``menu-item`` (usually ``data-opens``); ``dialog``: the fragment with what it opens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.register import Register


@dataclass(frozen=True)
class Action:
    """``context(user, customer)``: what both fragments find under ``offer``; None when the person may not, or when it
    makes no sense."""

    name: str
    order: int
    item: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    dialog: str = ""


@dataclass(frozen=True)
class ShownAction:
    action: Action
    context: dict[str, Any]


actions: Register[Action] = Register("action of the customer page")


def actions_for(user: Any, customer: Any) -> list[ShownAction]:
    shown = []
    for action in sorted(actions, key=lambda one: one.order):
        context = action.context(user, customer)
        if context is not None:
            shown.append(ShownAction(action, context))
    return shown
