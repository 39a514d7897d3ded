from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Team, User
from crm.together import together
from sales.models import Opportunity
from tests.sales import makers

pytestmark = pytest.mark.django_db


def test_several_questions_are_one_statement(alice, bob, django_assert_num_queries):
    people = User.objects.filter(pk__in=[alice.pk, bob.pk]).order_by("name")
    with django_assert_num_queries(1):
        found = together({"people": people.values("pk", "name"), "teams": Team.objects.none().values("pk")})
    assert found == {"people": [{"pk": alice.pk, "name": "Alice"}, {"pk": bob.pk, "name": "Bob"}], "teams": []}


def test_dates_moments_and_amounts_are_what_they_were(alice):
    makers.opportunity(owner=alice, amount=Decimal("1234567890123.4500"), close_on=date(2026, 2, 28), name='a "b" ü')
    columns = ("name", "amount", "close_on", "ends_on", "stage_since", "closed_on", "stage__name")
    rows = Opportunity.objects.values(*columns)
    [row] = together({"deals": rows})["deals"]
    assert row == rows.get()
    assert isinstance(row["amount"], Decimal)


def test_nothing_asked_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert together({}) == {}
