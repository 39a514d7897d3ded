"""The pages that finance works with: invoices, money to come in, refunds; and goods on the page of an order."""

import datetime
import io
from decimal import Decimal

import pypdf
import pytest

from accounts.models import Company
from sales.collect import credit_of, plan, receive
from sales.issue_invoice import invoice, void_invoice
from sales.models import Invoice, InvoiceFile, OrderReturn, Receipt, Refund
from sales.paper import has_fonts
from sales.run_order import ship
from tests.customers.makers import customer
from tests.sales import documents

pytestmark = pytest.mark.django_db
DAY = documents.DAY
FAR = datetime.date(2090, 1, 1)


def names(answer):
    return [row.name for row in answer.context["table"].rows]


def planned(alice, **values):
    order = documents.order(owner=alice, **values)
    return order, plan(order, [documents.whole(FAR)], by=alice)[0]


def test_invoices_are_listed_by_state_customer_and_number(signed_in, alice, charlie, finn):
    acme = customer("Acme", owner=alice)
    late, first = planned(alice, customer=acme)
    type(first).objects.filter(pk=first.pk).update(due_on=DAY)
    first.refresh_from_db()
    overdue = invoice(first, by=finn, on=DAY)
    _order, other = planned(alice)
    fresh = invoice(other, by=finn, on=FAR)
    wrong = invoice(planned(alice)[1], by=finn, on=FAR)
    note = void_invoice(wrong, by=finn, on=FAR)
    client = signed_in(finn)
    found = {state: names(client.get(f"/sales/invoices/?state={state}")) for state in
             ("open", "overdue", "paid", "void", "credit_note")}  # fmt: skip
    assert found == {
        "open": [fresh.number, overdue.number], "overdue": [overdue.number], "paid": [], "void": [wrong.number],
        "credit_note": [note.number],
    }  # fmt: skip
    receive(late, Decimal(100), by=finn)
    assert names(client.get("/sales/invoices/?state=paid")) == [overdue.number]
    assert names(client.get(f"/sales/invoices/?customer={acme.pk}")) == [overdue.number]
    assert names(client.get(f"/sales/invoices/?q={fresh.number.lower()}")) == [fresh.number]
    assert names(client.get(f"/sales/invoices/?q={late.number[2:]}")) == [overdue.number]
    assert names(client.get("/sales/invoices/?q=nothing")) == []
    assert len(names(signed_in(alice).get("/sales/invoices/"))) == 4
    assert names(signed_in(charlie).get("/sales/invoices/")) == []


def test_the_list_asks_as_much_for_few_as_for_many(signed_in, alice, finn, django_assert_max_num_queries):
    client = signed_in(finn)
    for address in ("/sales/invoices/", "/sales/instalments/"):
        invoice(planned(alice)[1], by=finn)
        client.get(address)
        with django_assert_max_num_queries(30) as few:
            client.get(address)
        for _number in range(4):
            invoice(planned(alice)[1], by=finn)
        with django_assert_max_num_queries(len(few)):
            client.get(address)


def test_money_to_come_in_is_summed_up_and_received_from_the_list(signed_in, alice, finn):
    order = documents.order(owner=alice)
    first, second = plan(order, documents.halves(), by=alice)
    client = signed_in(finn)
    page = client.get("/sales/instalments/?when=overdue")
    assert len(names(page)) == 2
    sums = client.get("/sales/instalments/sums/").context["sums"]
    assert [(figure.value, figure.tone) for figure in sums] == [("€100.00", "bad"), ("0", "")]
    address = f"/sales/instalments/{second.pk}/receive/"
    form = client.get(address, headers={"referer": "http://testserver/sales/instalments/?when=overdue"})
    assert form.context["form"].initial["amount"] == "50.00"
    post = {"amount": "50", "received_on": "2026-03-02", "reference": "INV 7", "instalment": second.pk, "key": "k",
            "next": form.context["next"]}  # fmt: skip
    for _click in range(2):
        answer = client.post(address, post)
    assert answer.url.endswith("/sales/instalments/?when=overdue")
    assert Receipt.objects.get().reference == "INV 7"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("due", "paid")
    assert client.post(address, {**post, "received_on": "2090-01-01"}).status_code == 422


def test_too_much_is_told_and_refunded_on_the_order(signed_in, alice, finn):
    order, _whole = planned(alice)
    client, url = signed_in(finn), f"/sales/orders/{order.pk}/"
    page = client.post(f"{url}receipts/add/", {"amount": "130", "received_on": "2026-03-02"}, follow=True)
    assert "stays as credit" in page.text
    refund = {"refund-amount": "40", "refund-refunded_on": "2026-03-02", "key": "x"}
    client.post(f"{url}refunds/add/", refund)
    assert not Refund.objects.exists()
    for _click in range(2):
        client.post(f"{url}refunds/add/", {**refund, "refund-amount": "30"})
    assert Refund.objects.get().amount == 30
    order.refresh_from_db()
    assert credit_of(order) == 0


def test_a_receipt_entered_by_mistake_is_taken_out(signed_in, alice, finn):
    order, _whole = planned(alice)
    receipt = receive(order, Decimal(60), by=finn)
    signed_in(finn).post(f"/sales/orders/{order.pk}/receipts/{receipt.pk}/withdraw/")
    order.refresh_from_db()
    assert (order.received, Receipt.objects.count()) == (0, 0)


def test_an_order_without_a_plan_is_invoiced_as_a_whole(signed_in, alice, finn):
    order = documents.order(owner=alice)
    client, url = signed_in(finn), f"/sales/orders/{order.pk}/"
    assert client.get(url).context["page"].next.is_post
    answer = client.post(f"{url}invoice/")
    made = Invoice.objects.get()
    assert answer.url == f"/sales/invoices/{made.pk}/"
    assert made.amount == order.gross
    assert made.number in client.get(url).text


def test_a_wrong_invoice_is_taken_back_and_made_anew(signed_in, alice, finn):
    order, whole = planned(alice)
    wrong, client = invoice(whole, by=finn), signed_in(finn)
    client.post(f"/sales/invoices/{wrong.pk}/void/", {"reason": ""})
    assert Invoice.objects.count() == 1
    client.post(f"/sales/invoices/{wrong.pk}/void/", {"reason": "Wrong address"})
    page = client.get(f"/sales/invoices/{wrong.pk}/")
    assert "taken back" in page.text
    assert not page.context["page"].may_void
    client.post(f"/sales/orders/{order.pk}/instalments/{whole.pk}/invoice/")
    assert Invoice.objects.standing().get().amount == 100


def test_goods_are_shipped_in_parts_and_taken_back_on_the_page(signed_in, alice, finn):
    order = documents.order(owner=alice)
    line, url = order.lines.get(), f"/sales/orders/{order.pk}/"
    rep = signed_in(alice)
    rep.post(f"{url}ship/", {f"quantity-{line.pk}": "0.4"})
    order.refresh_from_db()
    assert order.state == "partly_shipped"
    rep.post(f"{url}ship/", {f"quantity-{line.pk}": "0,6", "reference": "DHL"})
    rep.post(f"{url}deliver/")
    client = signed_in(finn)
    assert "return" in client.get(url).context["page"].act_names
    post = {f"quantity-{line.pk}": "0.5", "reason": "defect", "key": "k"}
    for _click in range(2):
        client.post(f"{url}return/", post)
    assert OrderReturn.objects.get().gross == 50
    order.refresh_from_db()
    assert (order.state, order.payable) == ("delivered", 50)
    assert "Came back" in client.get(url).text


def test_one_thing_is_next_and_it_alone_is_the_main_button(signed_in, alice, finn):
    order = documents.draft_order(owner=alice)
    client, url = signed_in(finn), f"/sales/orders/{order.pk}/"

    def next_and_main():
        page = client.get(url).context["page"]
        return page.next.text, [act.name for act in page.acts if act.is_main]

    assert next_and_main() == ("Confirm the order", ["confirm"])
    client.post(f"{url}confirm/")
    assert next_and_main() == ("Invoice the whole order, or plan the payment below", [])
    client.post(f"{url}invoice/")
    assert next_and_main() == ("Ship the goods", ["ship"])
    client.post(f"{url}ship/")
    assert next_and_main()[1] == ["deliver"]
    client.post(f"{url}deliver/")
    assert next_and_main()[0].startswith("€100.00 is to come in")
    client.post(f"{url}receipts/add/", {"amount": "100", "received_on": "2026-03-02"})
    assert next_and_main()[1] == ["close"]
    client.post(f"{url}close/")
    page = client.get(url).context["page"]
    assert (page.next.text, {step["state"] for step in page.steps}) == ("Nothing is left to do", {"done"})


@pytest.mark.parametrize(("language", "title"), [("en", "Invoice"), ("ru", "Счёт"), ("zh-hans", "发票")])
def test_the_pdf_is_kept_to_the_byte_in_the_customer_s_language(signed_in, alice, finn, language, title):
    if not has_fonts():
        pytest.skip("The fonts for documents are not there; starting bin/run once fetches them.")
    Company.get()
    Company.objects.update(bank_account="DE00 1234", legal_name="Tide GmbH")
    acme = customer("Acme", owner=alice, language=language, street="Harbour 1", city="Bremen", tax_number="DE123")
    made = invoice(planned(alice, customer=acme)[1], by=finn, on=DAY)
    client = signed_in(finn)
    first = client.get(f"/sales/invoices/{made.pk}/pdf/").content
    type(acme).objects.update(street="Elsewhere")
    assert client.get(f"/sales/invoices/{made.pk}/pdf/").content == first == bytes(InvoiceFile.objects.get().content)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(first)).pages)
    assert all(word in text for word in (made.number, "Acme", "Harbour 1", "DE123", "DE00 1234", "Tide GmbH", "Pump"))
    assert title in text


def test_a_credit_note_names_its_invoice_and_its_goods(alice, finn):
    if not has_fonts():
        pytest.skip("The fonts for documents are not there; starting bin/run once fetches them.")
    from sales.invoice_pdf import invoice_file
    from sales.take_back import take_back

    order, whole = planned(alice)
    bill = invoice(whole, by=finn, on=DAY)
    ship(order, by=alice)
    reason = documents.reason("order_return_reason", "defect")
    take_back(order, {order.lines.get().pk: Decimal("0.5")}, reason, by=finn, on=DAY)
    text = pypdf.PdfReader(io.BytesIO(invoice_file(bill.credit_notes.get()))).pages[0].extract_text()
    assert all(word in text for word in ("Credit note", bill.number, "Pump", "50.00"))


def test_the_sums_are_of_what_the_reader_reaches(signed_in, alice, bob, charlie, tess):
    for owner in (alice, bob, charlie):
        plan(documents.order(owner=owner), documents.halves(), by=owner)
    found = {
        person.username: [figure.value for figure in signed_in(person).get("/sales/instalments/sums/").context["sums"]]
        for person in (alice, tess)
    }
    assert found == {"alice": ["€100.00", "0"], "tess": ["€200.00", "0"]}


def test_the_page_of_instalments_fetches_its_sums(signed_in, alice):
    client = signed_in(alice)
    assert 'hx-get="/sales/instalments/sums/"' in client.get("/sales/instalments/").text
    fragment = client.get("/sales/instalments/sums/", headers={"HX-Request": "true"})
    assert "<html" not in fragment.text and "stat-value" in fragment.text


@pytest.mark.parametrize("listed", [0, 8_000])
def test_instalments_are_found_by_a_part_of_either_number(signed_in, alice, finn, monkeypatch, listed):
    """Few hits are taken as a list, many by the walk: both answer alike."""
    monkeypatch.setattr("sales.number_search.LISTED", listed)
    order, first = planned(alice)
    other, _second = planned(alice)
    made = invoice(first, by=finn)
    client = signed_in(finn)
    for words in (order.number.lower(), order.number[2:], made.number, made.number[-5:]):
        page = client.get(f"/sales/instalments/?q={words}").text
        assert order.number in page and (other.number not in page or words in other.number), words
