import datetime
from decimal import Decimal

import pytest

from sales.business_day import today_of_company
from sales.today import CLOSING, OVERDUE, ROTTING
from tests.customers.makers import customer
from tests.customers.todays import block, figures
from tests.sales import makers

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def test_what_closes_within_a_week_comes_first_by_its_date(alice, bob):
    today = today_of_company(NOW)
    for name, days in (("Late", -3), ("Next week", 7), ("Later", 8), ("Today", 0)):
        makers.opportunity(name, owner=alice, close_on=today + days * DAY)
    makers.opportunity("Without a date", owner=alice)
    makers.opportunity("Not hers", owner=bob, close_on=today)
    makers.opportunity("Lost", owner=alice, close_on=today).lose(makers.reason(), by=alice)
    closing = block(CLOSING, alice, now=NOW)
    assert [(item.title, item.tone) for item in closing.items] == [("Late", "bad"), ("Today", ""), ("Next week", "")]


def test_what_stands_too_long_is_named_with_its_days(alice):
    makers.opportunity("Fresh", owner=alice, now=NOW - 14 * DAY)
    makers.opportunity("Rotten", owner=alice, now=NOW - 15 * DAY, customer=customer(owner=alice), amount=Decimal(5))
    (item,) = block(ROTTING, alice, now=NOW).items
    assert (item.title, item.when) == ("Rotten", "15 days")
    assert item.line == "Acme GmbH · Qualification · €5.00"


def test_those_who_only_read_have_nothing_to_do(erin, ada):
    for person in (erin, ada):
        assert block(CLOSING, person, now=NOW) is None
        assert block(ROTTING, person, now=NOW) is None
        assert figures(OVERDUE, person, now=NOW) == []


def test_the_supervisor_s_figure_opens_a_list_of_as_many_rows(signed_in, tess, alice, charlie):
    today = today_of_company(NOW)
    makers.opportunity(owner=alice, close_on=today - DAY)
    makers.opportunity(owner=charlie, customer=customer(owner=alice), close_on=today - DAY)
    makers.opportunity(owner=charlie, close_on=today - DAY)
    makers.opportunity(owner=alice, close_on=today)
    (figure,) = figures(OVERDUE, tess, now=NOW)
    assert figure.value == "2"
    assert len(signed_in(tess).get(figure.url).context["table"].rows) == 2


def test_today_shows_them(signed_in, alice):
    makers.opportunity("Ten pumps", owner=alice, close_on=datetime.date(2020, 1, 1))
    assert "Ten pumps" in signed_in(alice).get("/").text
