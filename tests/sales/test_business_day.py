"""The last day of a quote, and every other today of sales, is the company's: at its edge all agree."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Company
from records.jobs import run_job
from records.refusals import Refused
from sales.business_day import today, today_of_company
from sales.collect import plan
from sales.send_quote import send_quote
from tests.sales import documents

pytestmark = pytest.mark.django_db
LAST = datetime.date(2026, 3, 1)
# In Auckland (UTC+13) the first of March ends at 11:00 UTC.
BEFORE = datetime.datetime(2026, 3, 1, 10, 59, tzinfo=datetime.UTC)
AFTER = datetime.datetime(2026, 3, 1, 11, 1, tzinfo=datetime.UTC)


@pytest.fixture(params=["UTC", "America/Los_Angeles"])
def in_auckland(request, db):
    """The company is there, whoever asks sits elsewhere."""
    Company.get()
    Company.objects.update(time_zone="Pacific/Auckland")
    with timezone.override(request.param):
        yield


def approved(alice):
    quote = documents.quote(owner=alice, valid_until=LAST)
    quote.submit(by=alice)
    return quote


def test_a_quote_is_sent_until_its_last_day_ends_in_the_company(in_auckland, alice, monkeypatch):
    monkeypatch.setattr("sales.send_quote.quote_pdf", lambda quote, *, now: b"%PDF")
    with pytest.raises(Refused, match="last day"):
        send_quote(approved(alice), by=alice, now=AFTER)
    quote = approved(alice)
    send_quote(quote, by=alice, now=BEFORE)
    assert quote.state == "sent"


def test_a_quote_is_accepted_until_its_last_day_ends_in_the_company(in_auckland, alice):
    late, quote = (documents.sent_quote(owner=alice, valid_until=LAST) for _number in range(2))
    with pytest.raises(Refused, match="last day"):
        late.accept(by=alice, now=AFTER)
    quote.accept(by=alice, now=BEFORE)
    assert quote.state == "accepted"


def test_a_quote_expires_when_its_last_day_is_over_in_the_company(in_auckland, alice):
    documents.sent_quote(owner=alice, valid_until=LAST)
    assert run_job("sales.expire_quotes", now=BEFORE).moved == 0
    assert run_job("sales.expire_quotes", now=AFTER).moved == 1


def test_the_database_judges_an_instalment_by_the_same_day(in_auckland, alice):
    from django.db import connection

    order = documents.order(owner=alice)
    [whole] = plan(order, [documents.whole(today() + datetime.timedelta(days=9))], by=alice)
    for days, state in ((0, "due"), (1, "planned")):
        type(whole).objects.filter(pk=whole.pk).update(due_on=today() + datetime.timedelta(days=days))
        whole.refresh_from_db()
        assert whole.state == state
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_today()")
        assert cursor.fetchone()[0] == today() == today_of_company(timezone.now())
