"""The month so far, on the first page of those who lead."""

import pytest
from django.utils import timezone

from tests.sales import documents

pytestmark = pytest.mark.django_db


def test_the_page_of_today_asks_for_the_month_of_those_who_lead(signed_in, alice, tess, erin, finn, ada):
    shown = {person.username: signed_in(person).get("/").text for person in (alice, tess, erin, finn, ada)}
    assert {name for name, page in shown.items() if 'hx-get="/reports/month/"' in page} == {"tess", "erin", "finn"}
    assert {name for name, page in shown.items() if 'hx-get="/sales/instalments/sums/"' in page} == {"erin", "finn"}


def test_the_month_has_the_totals_of_the_reports_within_reach(signed_in, alice, charlie, tess, erin):
    for owner in (alice, charlie):
        documents.order(owner=owner, on=timezone.localdate())
    page = {person.username: signed_in(person).get("/reports/month/").text for person in (tess, erin)}
    for name, orders in (("tess", 1), ("erin", 2)):
        report = signed_in({"tess": tess, "erin": erin}[name]).get(
            "/reports/contribution/", {"measure": "orders", "by": "team", "period": "this_month"}
        )
        assert report.context["figures"].facts == orders
        assert report.context["stats"][0]["value"] in page[name]


def test_the_month_is_compared_with_the_same_days_of_the_last(signed_in, alice, erin):
    documents.order(owner=alice, on=timezone.localdate())
    text = signed_in(erin).get("/reports/month/").text
    assert "same days of last month" in text
