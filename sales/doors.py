"""The doors of this room in the settings."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.hub import HubPage, hub


def add_doors() -> None:
    rules = _may("change", "rules")
    for page in (
        HubPage(
            "pipelines", "sales", _("Pipelines and stages"),
            _("The ways that opportunities go: stages, their probability and days, what is asked before each step"),
            "layout-kanban", "sales:pipelines", 10, rules,
        ),
    ):  # fmt: skip
        hub.add(page.name, page)


def _may(action: str, kind: str) -> Any:
    return lambda user: access.allows_all(user, action, kind)
