"""The doors of pools and reminders in the settings."""

from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.hub import HubPage, hub


def add_doors() -> None:
    hub.add(
        "pools",
        HubPage(
            "pools", "customers", _("Pools and rules"),
            _("Who claims what, when customers fall into a pool, the brake; each rule tried before it is switched on"),
            "pool", "customers:pool_rules", 20, lambda user: access.allows(user, "rules", "pool"),
        ),
    )  # fmt: skip
    hub.add(
        "churn",
        HubPage(
            "churn", "customers", _("Churn rules"),
            _("By which signs a customer may leave, so that its owner decides in time"),
            "heart-broken", "customers:churn_rules", 25, lambda user: access.allows_all(user, "change", "rules"),
        ),
    )  # fmt: skip
    hub.add(
        "protection",
        HubPage(
            "protection", "customers", _("Protection"),
            _("How many customers a person keeps from the recycle rules at once, and for how long"),
            "shield-check", "customers:protection_limits", 28, lambda user: access.allows_all(user, "rules", "pool"),
        ),
    )  # fmt: skip
    hub.add(
        "reminders",
        HubPage(
            "reminders", "customers", _("Reminders"),
            _("After how many days without contact the owner, and then the supervisor, is told"),
            "bell", "customers:alert_limits", 30, lambda user: access.allows_all(user, "rules", "pool"),
        ),
    )  # fmt: skip
