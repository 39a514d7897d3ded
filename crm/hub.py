"""The hub of settings: every page on which a rule of the company is edited, so that none has to be known by address.

hub.add("pipelines", HubPage("pipelines", "sales", _("Pipelines and stages"), _("The way …"), "route",
                             "sales:pipelines", 10, lambda user: access.reach_of(user, "rules", "change") == …))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.register import Register

SECTIONS = {
    "sales": pgettext_lazy("settings", "Selling"),
    "customers": pgettext_lazy("settings", "Leads and customers"),
    "company": pgettext_lazy("settings", "Company"),
    "system": pgettext_lazy("settings", "System"),
}


@dataclass(frozen=True)
class HubPage:
    """``text``: what is decided there, in one line. ``may``: whether a person may open it."""

    name: str
    section: str  # a key of SECTIONS
    title: Any
    text: Any
    icon: str
    url_name: str
    order: int
    may: Callable[[Any], bool]


@dataclass(frozen=True)
class Door:
    title: Any
    text: Any
    icon: str
    url: str


hub: Register[HubPage] = Register("settings page")


def doors_for(user: Any) -> list[tuple[Any, list[Door]]]:
    """(section, its pages) that the person may open, in order."""
    pages = sorted((page for page in hub if page.may(user)), key=lambda page: page.order)
    found = [
        (label, [Door(p.title, p.text, p.icon, reverse(p.url_name)) for p in pages if p.section == code])
        for code, label in SECTIONS.items()
    ]
    return [(label, doors) for label, doors in found if doors]


def has_doors(user: Any) -> bool:
    return any(page.may(user) for page in hub)


def crumb() -> tuple[Any, str]:
    """The way back from a settings page."""
    return _("Settings"), reverse("records:settings")
