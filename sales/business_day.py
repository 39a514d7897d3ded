"""The one day by which sales judges: today where the company is, whoever asks and wherever the server stands."""

import datetime

from django.utils import timezone


def today_of_company(now: datetime.datetime) -> datetime.date:
    """The business date of a moment: days are of the company's zone for everybody."""
    from accounts.models import Company

    return now.astimezone(Company.get().zone).date()


def today() -> datetime.date:
    return today_of_company(timezone.now())
