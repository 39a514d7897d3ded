"""The page of today asks little, however much there is to do."""

import datetime

import pytest
from django.utils import timezone

from customers.models import Customer
from tests.customers import makers
from tests.leads import makers as leads
from tests.sales import documents
from tests.sales import makers as sales

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def work(owner, number):
    """So many things of each kind, all of them late."""
    now = timezone.now()
    for place in range(number):
        customer = makers.customer(f"Customer {place}", owner=owner)
        makers.customer(f"Idle {place}", owner=owner)
        makers.task(owner, customer=customer, due_at=now - DAY)
        leads.lead(owner=owner)
        sales.opportunity(owner=owner, customer=customer, close_on=timezone.localdate() - DAY, now=now - 30 * DAY)
        documents.sent_quote(owner=owner, customer=customer, valid_until=timezone.localdate() + DAY)
        documents.draft_order(owner=owner, customer=customer)
    Customer.objects.filter(name__startswith="Customer").update(next_contact_at=now - DAY)


@pytest.mark.parametrize("person", ["alice", "tess", "erin"])
def test_the_page_asks_as_much_at_3_as_at_30(signed_in, request, alice, person, django_assert_max_num_queries):
    client = signed_in(request.getfixturevalue(person))
    work(alice, 3)
    client.get("/")
    with django_assert_max_num_queries(10) as few:
        client.get("/")
    work(alice, 27)
    with django_assert_max_num_queries(len(few)):
        page = client.get("/").text
    assert ("Closing soon" in page) is (person != "erin")


def test_what_is_due_at_her_customers_stands_in_its_order(signed_in, alice, bob):
    now = timezone.now()
    work(alice, 2)
    Customer.objects.filter(name="Customer 1").update(next_contact_at=now - 2 * DAY)
    makers.customer("Of another", owner=bob)
    blocks = {str(block.title): block for block in signed_in(alice).get("/").context["today"].blocks}
    due = blocks["To contact today"].items
    assert [(item.title, item.tone) for item in due] == [("Customer 1", "bad"), ("Customer 0", "bad")]
    assert {item.title for item in blocks["Nothing planned"].items} == {"Idle 0", "Idle 1"}
    assert [item.line for item in blocks["Tasks due"].items] == ["Customer 0", "Customer 1"]
    assert len(blocks["Quotes that end soon"].items) == 2


def test_the_figures_of_who_leads_count_what_is_late(signed_in, alice, charlie, tess):
    work(alice, 2)
    work(charlie, 1)
    figures = {str(figure.label): figure for figure in signed_in(tess).get("/").context["today"].figures}
    late = figures["Contacts overdue"]
    assert (late.value, late.tone, figures["Tasks overdue"].value) == ("2", "bad", "2")
    assert (figures["Opportunities overdue"].value, figures["New customers this week"].value) == ("2", "4")
