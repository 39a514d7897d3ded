"""How far a lead came and whether it was contacted in time, as conditions: one reading for the report and its lists.

Who came further came through every step before: a lead converted without a noted contact was contacted when it was
converted. A lead that was lost before its limit was over is neither in time nor late.
"""

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from leads.states import LeadState
from sales.models import Opportunity
from sales.states import OpportunityState

LABELS = {
    "contacted": _("Contacted"),
    "in_time": _("Contacted in time"),
    "late": _("Not contacted in time"),
    "qualified": _("Qualified"),
    "converted": _("Converted"),
    "lost": _("Lost"),
    "won": _("Won"),
}


def conditions(now: datetime) -> dict[str, Q]:
    """By the codes of LABELS; *won* hangs on the reader's reach: ``won_by``."""
    first = Coalesce("contacted_at", "qualified_at", "converted_at")
    contacted = Q(contacted_at__isnull=False) | Q(qualified_at__isnull=False) | Q(converted_at__isnull=False)
    has_limit = Q(contact_limit_at__isnull=False)
    passed = Q(contact_limit_at__lte=now) & (Q(lost_at__isnull=True) | Q(lost_at__gt=F("contact_limit_at")))
    return {
        "contacted": contacted,
        "in_time": has_limit & contacted & Q(LessThanOrEqual(first, F("contact_limit_at"))),
        "late": has_limit & ((contacted & Q(GreaterThan(first, F("contact_limit_at")))) | (~contacted & passed)),
        "qualified": Q(qualified_at__isnull=False) | Q(converted_at__isnull=False),
        "converted": Q(converted_at__isnull=False),
        "lost": Q(state=LeadState.LOST),
    }


def won_by(user: Any) -> Any:
    """The opportunities within her reach that are won; those that a conversion opened are the lead's."""
    return Opportunity.objects.visible_to(user).filter(state=OpportunityState.WON)
