"""The doors of this room and its item in the menu."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.hub import HubPage, has_doors, hub
from crm.menu import MenuItem, menu


def add_doors() -> None:
    menu.add(
        "settings",
        MenuItem("settings", _("Settings"), "adjustments", "records:settings", 90, "system", shown=has_doors),
    )
    hub.add(
        "company",
        HubPage(
            "company", "company", _("Company profile"),
            _("Legal name, address, tax numbers, bank, logo; currency, time zone, working calendar; existence notes"),
            "building", "records:company", 10, _may("company"),
        ),
    )  # fmt: skip
    hub.add(
        "calendar",
        HubPage(
            "calendar", "company", _("Working calendar"),
            _("The company's own days off and extra working days, beside the public holidays of its country"),
            "calendar", "records:calendar", 15, _may("company"),
        ),
    )  # fmt: skip
    hub.add(
        "dictionary",
        HubPage(
            "dictionary", "company", _("Choice lists"),
            _("Sources, industries, regions, reasons and all other choices, in three languages"),
            "list-details", "records:dictionary", 20, _may("dictionary"),
        ),
    )  # fmt: skip
    hub.add(
        "administration",
        HubPage(
            "administration", "system", _("Administration"), _("Users, teams, roles and rights, job runs"),
            "settings", "admin:index", 90, lambda user: user.is_staff,
        ),
    )  # fmt: skip


def _may(kind: str) -> Any:
    return lambda user: access.allows_all(user, "change", kind)
