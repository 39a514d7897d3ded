"""What is kept of the first contact: how long it took, and the first limit that a rule set for it."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Company
from leads.assign import assign_leads
from leads.contact_log import log_contact
from leads.models import Lead
from leads.working_time import after_working_minutes, working_minutes
from records.dictionary import entry_by_code
from tests.leads import makers

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
# A Friday, an hour before the working day ends.
FRIDAY = datetime.datetime(2026, 3, 27, 17, tzinfo=BERLIN)
MONDAY = datetime.datetime(2026, 3, 30, 10, tzinfo=BERLIN)


@pytest.fixture
def company():
    company = Company(time_zone="Europe/Berlin", country="DE")
    company.save()
    company.refresh_from_db()  # times as the database gives them
    return company


def test_working_minutes_leave_nights_and_rest_days_out_also_when_the_clocks_change(company):
    """The clocks went forward on that Sunday: an hour on Friday and one on Monday."""
    assert working_minutes(company, FRIDAY, MONDAY) == 120
    assert working_minutes(company, MONDAY, FRIDAY) == 0
    end = after_working_minutes(company, FRIDAY, 1000)
    assert working_minutes(company, FRIDAY, end) == 1000


def test_the_first_contact_stamps_how_long_it_took_and_a_later_one_does_not(company, alice, bob, time_machine):
    lead = makers.lead(owner=alice, created_at=FRIDAY)
    time_machine.move_to(MONDAY + datetime.timedelta(hours=1))
    log_contact(lead, {"type": "call", "at": MONDAY}, by=alice)
    stamped = Lead.objects.get()
    assert (stamped.contact_minutes, stamped.contact_working_minutes) == (64 * 60, 120)
    lead.assign(bob, by=alice)
    lead.contact(by=bob)
    again = Lead.objects.get()
    assert (again.contact_minutes, again.contact_working_minutes) == (64 * 60, 120)


def test_a_contact_noted_before_the_entry_took_no_time(company, alice):
    lead = makers.lead(owner=alice, created_at=MONDAY)
    lead.contact(by=alice, at=FRIDAY)
    assert Lead.objects.get().contact_minutes == 0


def test_the_first_limit_stays_when_the_lead_is_handed_on(company, alice, bob, tess):
    makers.rule(alice, bob, contact_within=60)
    lead = makers.lead()
    assign_leads(now=FRIDAY)
    lead.refresh_from_db()
    assert lead.contact_limit_at == lead.first_contact_due_at == FRIDAY + datetime.timedelta(hours=1)
    assign_leads(now=FRIDAY + datetime.timedelta(hours=2))
    lead.refresh_from_db()
    assert lead.first_contact_due_at == FRIDAY + datetime.timedelta(hours=3)
    assert lead.contact_limit_at == FRIDAY + datetime.timedelta(hours=1)
    lead.assign(tess, by=tess)
    lead.contact(by=tess)
    lead.lose(entry_by_code("lead_lost_reason", "spam"), by=tess)
    lead.refresh_from_db()
    assert lead.contact_limit_at == FRIDAY + datetime.timedelta(hours=1) and lead.first_contact_due_at is None


def back_in_the_queue(alice, now):
    makers.rule(alice, contact_within=60)
    lead = makers.lead()
    assign_leads(now=now)
    Lead.objects.update(owner=None, state="new", first_contact_due_at=None)
    lead.refresh_from_db()
    return lead


def test_a_lead_back_in_the_queue_begins_anew(company, alice):
    assert back_in_the_queue(alice, timezone.now()).contact_limit_at is None


def test_a_lead_back_in_the_queue_keeps_the_limit_that_was_missed(company, alice):
    assert back_in_the_queue(alice, FRIDAY).contact_limit_at == FRIDAY + datetime.timedelta(hours=1)
