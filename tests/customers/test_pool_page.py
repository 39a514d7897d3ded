"""The pool page: members see names, never contact data; a claim says what came of it."""

import pytest
from django.urls import reverse

from customers.claim import claim
from customers.models import Customer, Pool
from customers.search import index_customers
from messaging.models import Notice
from records.models import Batch
from records.undo import undo_batch
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db
PAGE = "/customers/pool/"


@pytest.fixture
def prize():
    row = customer("Prize Ltd", phone="+49 30 5551234", email="boss@prize.example")
    index_customers([row.pk])
    return row


def test_contact_data_is_masked_in_every_column(alice, prize, signed_in):
    client = signed_in(alice)
    client.post("/lists/pool/columns/", {"columns": ["name", "phone", "email"]})
    page = client.get(PAGE).text
    assert "Prize Ltd" in page and "•••" in page
    assert "5551234" not in page and "boss@" not in page


@pytest.mark.parametrize("words", ["5551234", "boss@prize.example", "boss"])
def test_contact_data_is_not_found_by_search(alice, prize, signed_in, words):
    assert "Prize Ltd" not in signed_in(alice).get(PAGE, {"q": words}).text
    assert "Prize Ltd" in signed_in(alice).get(PAGE, {"q": "prize"}).text


def test_the_pool_is_in_no_other_list(alice, tess, erin, prize, signed_in):
    for person in (alice, tess, erin):
        assert "Prize Ltd" not in signed_in(person).get("/customers/").text


def test_a_pool_is_chosen_by_its_number_and_only_ones_own(alice, bob, prize, signed_in):
    closed = Pool.objects.create(name="Key accounts")
    closed.memberships.create(user=bob)
    customer("Secret Ltd", pool=closed)
    assert "Secret Ltd" in signed_in(bob).get(PAGE, {"pool": closed.pk}).text
    assert "Prize Ltd" not in signed_in(bob).get(PAGE, {"pool": closed.pk}).text
    for query in ({}, {"pool": closed.pk}):
        assert "Secret Ltd" not in signed_in(alice).get(PAGE, query).text
    assert "Key accounts" not in signed_in(alice).get("/lists/pool/filters/").text


def test_the_list_takes_as_many_queries_for_30_rows_as_for_3(alice, signed_in, django_assert_max_num_queries):
    client = signed_in(alice)
    client.get(PAGE)
    counts = []
    for number in (3, 30):
        while Customer.objects.count() < number:
            customer(f"C{Customer.objects.count()}")
        with django_assert_max_num_queries(40) as seen:
            client.get(PAGE)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_claiming_by_htmx_swaps_the_row_for_what_came_of_it(alice, bob, prize, signed_in):
    url, htmx = reverse("customers:claim", args=[prize.pk]), {"HTTP_HX_REQUEST": "true"}
    won = signed_in(alice).post(url, **htmx)
    assert won.status_code == 200 and "<tr" in won.text and "is yours now" in won.text
    lost = signed_in(bob).post(url, **htmx)
    assert lost.status_code == 409 and "Alice was faster" in lost.text


def test_claiming_without_javascript_says_the_same(alice, bob, prize, signed_in):
    url = reverse("customers:claim", args=[prize.pk])
    assert signed_in(alice).post(url).status_code == 302
    answer = signed_in(bob).post(url, follow=True)
    assert "Alice was faster" in answer.text


def test_what_was_in_no_pool_of_hers_does_not_exist(alice, bob, charlie, signed_in):
    closed = Pool.objects.create(name="Key accounts")
    hidden, owned = customer(pool=closed), customer(owner=charlie)
    closed.memberships.create(user=bob)
    taken = customer(pool=closed)
    claim(taken.pk, by=bob)
    for row in (hidden, owned, taken):
        assert signed_in(alice).post(reverse("customers:claim", args=[row.pk])).status_code == 404


def test_a_claim_in_bulk_reports_each_row(alice, bob, signed_in):
    mine, lost, hidden = customer("Mine"), customer("Lost"), customer("Hidden", owner=bob)
    claim(lost.pk, by=bob)
    page = signed_in(alice).post("/customers/pool/claim/", {"ids": [mine.pk, lost.pk, hidden.pk, "x", "9" * 30]}).text
    assert "1 of 2 claimed" in page and "Bob was faster" in page and "Hidden" not in page
    mine.refresh_from_db()
    assert mine.owner == alice


def test_nothing_chosen_is_said(alice, signed_in):
    assert "Choose at least one" in signed_in(alice).post("/customers/pool/claim/", follow=True).text


def test_a_supervisor_assigns_from_the_pool_to_her_people_only(tess, alice, charlie, prize, signed_in):
    client, url = signed_in(tess), "/customers/pool/assign/"
    asked = client.post(url, {"ids": [prize.pk]})
    assert "Alice" in asked.text and "Charlie" not in asked.text
    assert client.post(url, {"ids": [prize.pk], "to": charlie.pk}).status_code == 422
    assert client.post(url, {"ids": [prize.pk], "to": alice.pk}).status_code == 302
    prize.refresh_from_db()
    assert prize.owner == alice and Batch.objects.get().counts == {"moved": 1}
    assert Notice.objects.get().user == alice


def test_release_and_assign_from_the_customer_page(alice, tess, charlie, signed_in):
    mine = customer(owner=alice)
    release = reverse("customers:release", args=[mine.pk])
    assert signed_in(alice).post(release, {"reason": "nonsense"}).status_code == 302
    mine.refresh_from_db()
    assert mine.owner == alice
    signed_in(alice).post(release, {"reason": "no_need", "note": "later"})
    mine.refresh_from_db()
    assert mine.owner is None
    hers = customer(owner=alice)
    signed_in(tess).post(reverse("customers:assign", args=[hers.pk]), {"to": charlie.pk})
    hers.refresh_from_db()
    assert hers.owner == alice  # charlie is not in her reach


def test_many_are_released_from_the_list_and_come_back_by_undo(alice, bob, signed_in):
    mine, other = [customer(f"C{n}", owner=alice) for n in range(3)], customer(owner=bob)
    given = {"ids": [row.pk for row in (*mine, other)], "reason": "no_need", "confirm": "1"}
    assert signed_in(alice).post(reverse("lists:bulk", args=["customers", "release"]), given).status_code == 302
    assert Customer.objects.filter(owner=None).count() == 3
    batch = Batch.objects.get()
    assert (batch.verb, batch.counts["done"]) == ("release_customers", 3)
    assert undo_batch(batch, by=alice).restored == 3
    assert Customer.objects.filter(owner=alice).count() == 3
