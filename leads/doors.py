"""The door of the assignment rules in the settings."""

from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.hub import HubPage, hub


def add_doors() -> None:
    hub.add(
        "assignment",
        HubPage(
            "assignment", "customers", _("Assignment rules"),
            _("Which new leads go to whom, in which turn, and how soon they are to be contacted"),
            "arrows-split", "leads:rules", 10, lambda user: access.allows(user, "change", "rules"),
        ),
    )  # fmt: skip
