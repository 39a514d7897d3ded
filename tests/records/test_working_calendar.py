"""The company's own days: entered once, they overrule weekends and holidays wherever working days are counted."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Company
from accounts.workdays import Calendar
from customers.alerts import alert_idle
from customers.models import AlertLimits, Customer, Pool, RecycleRule
from customers.recycle import recycle
from leads.working_time import after_working_minutes, is_working_time
from messaging.models import Notice
from records.models import Event
from records.refusals import Refused
from records.working_calendar import remove_day, set_days
from tests.customers.makers import customer
from tests.threads import at_once

TODAY = date(2031, 5, 1)
PAGE, ADD, REMOVE = "/settings/calendar/", "/settings/calendar/add/", "/settings/calendar/remove/"


def entered(first, last=None, *, works, by=None, name=""):
    return set_days(Company.get(), first, last, works=works, name=name, by=by, today=TODAY)


def calendar():
    return Calendar.of(Company.get())


@pytest.mark.django_db
def test_own_days_overrule_weekend_and_holiday_both_ways(ada):
    Company(country="DE", has_public_holidays=True).save()
    friday, saturday, labour_day = date(2031, 5, 9), date(2031, 5, 10), date(2031, 5, 1)
    assert [calendar().is_working(day) for day in (friday, saturday, labour_day)] == [True, False, False]
    entered(friday, works=False, by=ada), entered(saturday, works=True, by=ada), entered(labour_day, works=True, by=ada)
    assert [calendar().is_working(day) for day in (friday, saturday, labour_day)] == [False, True, True]
    assert calendar().after(date(2031, 5, 8), 1, working=True) == saturday
    assert calendar().before(date(2031, 5, 12), 2, working=True) == friday
    event = Event.objects.filter(verb="set_days").first()
    assert event.by == ada and event.facts == {"days": [labour_day.isoformat()], "works": True}


@pytest.mark.django_db
def test_a_golden_week_is_entered_at_once_and_taken_out_day_by_day(ada):
    entered(date(2031, 10, 1), date(2031, 10, 7), works=False, by=ada, name="国庆节")
    assert len(Company.get().own_days) == 7
    remove_day(Company.get(), date(2031, 10, 3), by=ada)
    assert remove_day(Company.get(), date(2031, 10, 3), by=ada) is None
    assert len(Company.get().own_days) == 6 and calendar().is_working(date(2031, 10, 3))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2031, 5, 2), date(2031, 5, 1)), (date(2031, 1, 1), date(2031, 12, 31)), (date(1931, 1, 1), None)],
)
def test_days_that_make_no_sense_are_refused_and_leave_no_trace(first, last):
    with pytest.raises(Refused):
        entered(first, last, works=False)
    assert Company.get().own_days == {} and not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_days_at_once_keep_both():
    Company.get()
    at_once(lambda day: entered(day, works=False), [date(2031, 5, number) for number in range(1, 7)])
    assert len(Company.get().own_days) == 6


# --- who counts by it ---


@pytest.mark.django_db
def test_a_day_off_gives_a_customer_a_day_more_and_a_day_in_exchange_takes_one(alice):
    RecycleRule.objects.create(pool=Pool.default(), name="r", idle_days=2, counts_working_days=True, is_active=True)
    wednesday = datetime(2031, 5, 14, 2, tzinfo=UTC)
    row = customer(owner=alice)
    Customer.objects.filter(pk=row.pk).update(assigned_at=wednesday - timedelta(days=2))
    entered(date(2031, 5, 13), works=False)
    assert recycle(now=wednesday, dry_run=True).moved == 0
    assert recycle(now=wednesday + timedelta(days=1), dry_run=True).moved == 1
    remove_day(Company.get(), date(2031, 5, 13), by=None)
    assert recycle(now=wednesday, dry_run=True).moved == 1
    Customer.objects.filter(pk=row.pk).update(assigned_at=datetime(2031, 5, 9, 12, tzinfo=UTC))  # a Friday
    sunday = datetime(2031, 5, 11, 23, tzinfo=UTC)
    assert recycle(now=sunday, dry_run=True).moved == 0
    entered(date(2031, 5, 10), date(2031, 5, 11), works=True)
    assert recycle(now=sunday, dry_run=True).moved == 1


@pytest.mark.django_db
def test_the_first_contact_of_a_lead_waits_over_a_day_off():
    thursday = datetime(2031, 5, 15, 17, tzinfo=UTC)
    company = Company.get()
    assert after_working_minutes(company, thursday, 120) == datetime(2031, 5, 16, 10, tzinfo=UTC)
    entered(date(2031, 5, 16), works=False), entered(date(2031, 5, 17), works=True)
    company = Company.get()
    assert after_working_minutes(company, thursday, 120) == datetime(2031, 5, 17, 10, tzinfo=UTC)
    assert is_working_time(company, Calendar.of(company), datetime(2031, 5, 17, 12, tzinfo=UTC))


@pytest.mark.django_db
def test_reminders_count_working_days_where_the_company_says_so(alice):
    AlertLimits.objects.create(never_days=2, escalate_days=None, counts_working_days=True)
    row = customer(owner=alice)
    Customer.objects.filter(pk=row.pk).update(assigned_at=datetime(2031, 5, 9, 12, tzinfo=UTC))  # a Friday
    entered(date(2031, 5, 12), works=False)
    alert_idle(now=datetime(2031, 5, 13, 7, tzinfo=UTC))
    assert not Notice.objects.exists()
    alert_idle(now=datetime(2031, 5, 14, 7, tzinfo=UTC))
    assert Notice.objects.get().facts == {"never": 1}


# --- the page ---


@pytest.mark.django_db
def test_the_page_enters_shows_and_takes_out(olga, signed_in):
    Company(country="DE", has_public_holidays=True).save()
    client, year = signed_in(olga), date.today().year + 1
    assert client.post(ADD, {"first": f"{year}-12-24", "works": "no", "name": "Holy evening"}).status_code == 302
    page = client.get(PAGE, {"year": year}).text
    assert "Holy evening" in page and "day off" in page
    assert client.post(REMOVE, {"day": f"{year}-12-24"}).status_code == 302
    assert "Holy evening" not in client.get(PAGE, {"year": year}).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", [{}, {"first": "x"}, {"first": "2026-05-02", "last": "2026-05-01"}, {"first": "1900-01-01"}]
)
def test_nonsense_is_told_where_it_was_typed(olga, signed_in, given):
    answer = signed_in(olga).post(ADD, {"works": "no", **given})
    assert answer.status_code == 422 and "Please look at this again" in answer.text
    assert Company.get().own_days == {}
