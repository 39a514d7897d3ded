"""How long a lead waited for its first contact: stamped when it happens, since calendars change afterwards."""

from datetime import datetime
from typing import Any

from accounts.models import Company
from leads.working_time import working_minutes

MOST = 2**31 - 1


def waited(lead: Any, at: datetime) -> dict[str, int]:
    """The columns of a lead contacted ``at`` for the first time: minutes of real time and of working time."""
    if lead.contacted_at is not None:
        return {}
    minutes = int((at - lead.created_at).total_seconds() // 60)
    found = {"contact_minutes": minutes, "contact_working_minutes": working_minutes(Company.get(), lead.created_at, at)}
    return {name: min(max(number, 0), MOST) for name, number in found.items()}
