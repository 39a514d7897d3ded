"""The states of this room's records and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpportunityState(models.TextChoices):
    OPEN = "open", _("open")
    WON = "won", _("won")
    LOST = "lost", _("lost")


OPPORTUNITY_MOVES = {
    "move": ({OpportunityState.OPEN}, OpportunityState.OPEN),
    "win": ({OpportunityState.OPEN}, OpportunityState.WON),
    "lose": ({OpportunityState.OPEN}, OpportunityState.LOST),
    "reopen": ({OpportunityState.WON, OpportunityState.LOST}, OpportunityState.OPEN),
}
