"""The doors of this room in the settings."""

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
    hub.add(
        "web_forms",
        HubPage(
            "web_forms", "customers", _("Web forms"),
            _("Forms for your web sites, whose answers become leads: questions, consent, thanks, where they stand"),
            "template", "leads:web_forms", 12, lambda user: access.allows(user, "change", "web_form"),
        ),
    )  # fmt: skip
    hub.add(
        "scoring",
        HubPage(
            "scoring", "customers", _("Score rules"),
            _("How many points a lead has, and from how many on it is warm or hot"),
            "flame", "leads:score_rules", 11, lambda user: access.allows_all(user, "change", "rules"),
        ),
    )  # fmt: skip
