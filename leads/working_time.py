"""The company's working hours: is it open now, and when is a number of working minutes over."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Company
from accounts.workdays import Calendar

# A limit of 90 days ends within this many calendar days, whatever the calendar says.
FARTHEST = 400


def is_working_time(company: Company, calendar: Calendar, now: datetime, zone: ZoneInfo | None = None) -> bool:
    """Whether the working day runs at ``now`` for somebody in ``zone`` (the company's, unless told)."""
    local = now.astimezone(zone or company.zone)
    return calendar.is_working(local.date()) and company.day_starts_at <= local.time() < company.day_ends_at


def after_working_minutes(company: Company, start: datetime, minutes: int) -> datetime:
    """The moment at which so many minutes of working time have passed since ``start``."""
    calendar = Calendar.of(company)
    left = timedelta(minutes=minutes)
    day = start.astimezone(company.zone).date()
    for _day in range(FARTHEST):
        if calendar.is_working(day):
            opens = max(start, _at(company, day, company.day_starts_at))
            open_for = _at(company, day, company.day_ends_at) - opens
            if open_for >= left:
                return opens + left
            left -= max(open_for, timedelta(0))
        day += timedelta(days=1)
    return start + timedelta(minutes=minutes)


def working_minutes(company: Company, start: datetime, end: datetime) -> int:
    """So many minutes of working time lie between the two moments; whole ones, none when ``end`` is earlier."""
    calendar = Calendar.of(company)
    found = timedelta(0)
    day, last = start.astimezone(company.zone).date(), end.astimezone(company.zone).date()
    while day <= last:
        if calendar.is_working(day):
            opens = max(start, _at(company, day, company.day_starts_at))
            closes = min(end, _at(company, day, company.day_ends_at))
            found += max(closes - opens, timedelta(0))
        day += timedelta(days=1)
    return int(found.total_seconds() // 60)


def _at(company: Company, day: date, clock: time) -> datetime:
    """In UTC, so that differences are real time on days when the clocks change."""
    return datetime.combine(day, clock, tzinfo=company.zone).astimezone(UTC)
