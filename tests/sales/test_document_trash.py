"""Drafts go into the trash and come back; what the customer saw or money hangs on stays; a customer takes its along."""

import pytest

from records.refusals import Refused
from records.search.find import find
from sales.create_document import order_quote
from sales.models import Order, Quote
from tests.customers.makers import customer
from tests.sales import documents

pytestmark = pytest.mark.django_db


def numbers(client, kind):
    return [row.name for row in client.get(f"/sales/{kind}s/").context["table"].rows]


@pytest.mark.parametrize(("kind", "make"), [("quote", documents.quote), ("order", documents.draft_order)])
def test_a_draft_goes_and_comes_back_by_the_page(signed_in, alice, kind, make):
    made, client = make(owner=alice), signed_in(alice)
    url = f"/sales/{kind}s/{made.pk}/"
    assert client.get(url).context["page"].may_delete
    client.post(f"{url}delete/")
    assert (numbers(client, kind), client.get(url).status_code) == ([], 404)
    client.post(f"{url}restore/")
    assert numbers(client, kind) == [made.number]


def test_what_the_customer_saw_or_money_hangs_on_stays(signed_in, alice, tess):
    submitted = documents.quote(owner=alice)
    submitted.submit(by=alice)
    for held, why in (
        (documents.sent_quote(owner=alice), "has seen"),
        (submitted, "Withdraw"),
        (documents.order(owner=alice), "Cancel"),
    ):
        assert not signed_in(tess).get(f"/sales/{held.kind}s/{held.pk}/").context["page"].may_delete
        with pytest.raises(Refused, match=why):
            held.trash(by=tess)
        held.refresh_from_db()
        assert not held.is_deleted


def test_the_order_of_a_quote_comes_back_when_it_is_asked_for_again(alice):
    quote = documents.sent_quote(owner=alice)
    quote.accept(by=alice)
    order = order_quote(quote, by=alice)
    order.trash(by=alice)
    assert order_quote(Quote.objects.get(pk=quote.pk), by=alice) == order
    assert Order.objects.visible_to(alice).count() == 1


def test_documents_of_a_customer_in_the_trash_are_nowhere_and_come_back_with_it(signed_in, alice):
    acme = customer("Acme", owner=alice)
    quote = documents.quote(owner=alice, customer=acme)
    sent = documents.sent_quote(owner=alice, customer=acme)
    order = documents.draft_order(owner=alice, customer=acme)
    alone = documents.quote(owner=alice, customer=acme)
    alone.trash(by=alice)
    client = signed_in(alice)

    def seen():
        found = {hit.title for word in (quote.number, order.number) for hit in hits(alice, word)}
        return set(numbers(client, "quote")) | set(numbers(client, "order")), found

    everything = ({quote.number, sent.number, order.number}, {quote.number, order.number})
    assert seen() == everything
    acme.refresh_from_db()
    acme.trash(by=alice)
    assert seen() == (set(), set())
    acme.restore(by=alice)
    assert seen() == everything


def hits(user, words):
    return [hit for group in find(user, words) for hit in group.hits if words in hit.title]
