"""The states of a lead and the whole machine of its moves (PRODUCT §2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadState(models.TextChoices):
    NEW = "new", _("new")
    ASSIGNED = "assigned", _("assigned")
    CONTACTED = "contacted", _("contacted")
    QUALIFIED = "qualified", _("qualified")
    CONVERTED = "converted", _("converted")
    LOST = "lost", _("lost")


class WayStep(models.IntegerChoices):
    """The furthest that a lead ever came (leads.way)."""

    LEAD = 0, _("Lead")
    INTENT = 1, _("Customer with intent")
    OPPORTUNITY = 2, _("Opportunity")
    QUOTED = 3, _("Quoted")
    WON = 4, _("Won")


OPEN = frozenset({LeadState.NEW, LeadState.ASSIGNED, LeadState.CONTACTED, LeadState.QUALIFIED})

MOVES = {
    "assign": (OPEN, LeadState.ASSIGNED),
    "contact": ({LeadState.NEW, LeadState.ASSIGNED}, LeadState.CONTACTED),
    "qualify": (OPEN, LeadState.QUALIFIED),
    "convert": (OPEN, LeadState.CONVERTED),
    "lose": (OPEN, LeadState.LOST),
    # Or new, when the lead has no owner.
    "reopen": ({LeadState.LOST}, LeadState.ASSIGNED),
}
