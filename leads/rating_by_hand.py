"""A rating that a person sets holds until a date; without a date of hers, for ninety days. Then the score decides."""

import datetime

from django.utils import timezone

from accounts.models import Company

HELD_FOR = datetime.timedelta(days=90)


def held_until(rating: str, asked: datetime.date | None) -> datetime.date | None:
    """The date that she gave, unless it is none or over; none without a rating."""
    if not rating:
        return None
    today = timezone.now().astimezone(Company.get().zone).date()
    return asked if asked and asked >= today else today + HELD_FOR
