"""State, life cycle and grade of customers: at once by verbs, nightly by the run, against plain Python."""

import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.create import create_customer
from customers.grade_by_hand import holds_until
from customers.models import ChurnCase, Customer
from customers.phrases import Teller
from records.jobs import run_job
from records.models import Batch, Event
from records.undo import undo_batch
from sales.derive_nightly import VERB, derive_nightly
from sales.explain_standing import explain_standing
from sales.models import Order
from sales.run_order import cancel
from tests.customers import makers as customers
from tests.records.entries import entry
from tests.sales import documents, makers

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 6, 15, 1, 30, tzinfo=datetime.UTC)
TODAY = NOW.date()


def state_of(row):
    row.refresh_from_db()
    return row.state, row.life_cycle


def bought(customer, net, *, on=TODAY, cancelled_on=None, state="confirmed"):
    """A confirmed order written by itself, as an import would: no verb derives anything."""
    number = f"X-{Order.objects.count()}"
    reason = documents.reason("order_cancel_reason", "mistake") if cancelled_on else None
    Order.objects.bulk_create([
        Order(number=number, customer=customer, owner=customer.owner, currency="EUR", ordered_on=on, net=net, gross=net,
              confirmed_on=on, cancelled_on=cancelled_on, cancel_reason=reason, net_company=net,
              state="cancelled" if cancelled_on else state),
    ])  # fmt: skip


def test_an_open_opportunity_makes_intent_and_its_end_takes_it_away(alice):
    customer = customers.customer(owner=alice)
    row = makers.opportunity(owner=alice, customer=customer)
    assert state_of(customer) == ("intent", "acquire")
    row.lose(makers.reason(), by=alice)
    assert state_of(customer) == ("prospect", "acquire")
    row.reopen(by=alice)
    assert state_of(customer)[0] == "intent"
    row.trash(by=alice)
    assert state_of(customer)[0] == "prospect"
    row.restore(by=alice)
    assert state_of(customer)[0] == "intent"


def test_an_opportunity_that_changes_its_customer_changes_both(alice):
    first, second = customers.customer("First", owner=alice), customers.customer("Second", owner=alice)
    row = makers.opportunity(owner=alice, customer=first)
    row.edit({"customer": second}, by=alice)
    assert (state_of(first)[0], state_of(second)[0]) == ("prospect", "intent")


def test_an_intention_makes_intent(alice):
    customer = customers.customer(owner=alice)
    customer.edit({"intention": entry("intention", "soon")}, by=alice)
    assert (customer.state, state_of(customer)[0]) == ("intent", "intent")
    customer.edit({"intention": None}, by=alice)
    assert state_of(customer)[0] == "prospect"
    born = create_customer({"name": "Born", "intention": entry("intention", "soon")}, by=alice)
    assert (born.state, state_of(born)[0]) == ("intent", "intent")


def test_the_first_order_makes_buying_the_second_repeat(alice):
    customer = customers.customer(owner=alice)
    documents.order(owner=alice, customer=customer)
    assert state_of(customer) == ("buying", "maintain")
    second = documents.order(owner=alice, customer=customer)
    assert state_of(customer) == ("repeat", "maintain")
    cancel(second, documents.reason("order_cancel_reason", "mistake"), by=alice)
    assert state_of(customer) == ("buying", "maintain")


def test_the_nightly_run_finds_what_no_verb_told_of(alice):
    rows = [customers.customer(f"C {number}", owner=alice) for number in range(4)]
    for row in rows[1:]:
        bought(row, Decimal(100))
    bought(rows[2], Decimal(50))
    ChurnCase.objects.create(customer=rows[3], opened_on=TODAY)
    Customer.objects.filter(pk=rows[0].pk).update(state="intent")
    derive_nightly(now=NOW)
    assert [state_of(row) for row in rows] == [
        ("prospect", "acquire"), ("buying", "maintain"), ("repeat", "maintain"), ("buying", "retain")
    ]  # fmt: skip


def plain_grades(nets):
    """PRODUCT §4 in plain Python: customer → grade; ``nets`` in the order of the customers."""
    ranked = sorted(((net, -place) for place, net in enumerate(nets) if net is not None), reverse=True)
    total, before, grades = sum(net for net, _place in ranked), Decimal(0), ["D"] * len(nets)
    for net, place in ranked:
        is_a, is_b = total > 0 and before < total * Decimal("0.8"), total > 0 and before < total * Decimal("0.95")
        grades[-place] = "A" if is_a else "B" if is_b else "C"
        before += net
    return grades


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nets=st.lists(st.none() | st.integers(0, 500), min_size=1, max_size=12))
def test_grades_are_those_of_the_rule(alice, db, nets):
    with transaction.atomic():
        rows = [customers.customer(f"C {number}", owner=alice) for number in range(len(nets))]
        for row, net in zip(rows, nets, strict=True):
            if net is not None:
                bought(row, Decimal(net))
        derive_nightly(now=NOW)
        found = list(Customer.objects.order_by("pk").values_list("grade", flat=True))
        assert found == plain_grades([None if net is None else Decimal(net) for net in nets])
        transaction.set_rollback(True)


def test_a_grade_counts_twelve_months_and_what_was_taken_back(alice):
    names = ["Now", "A year ago", "Just within", "Cancelled", "Cancelled this year"]
    rows = {name: customers.customer(name, owner=alice) for name in names}
    bought(rows["Now"], Decimal(100))
    bought(rows["A year ago"], Decimal(900), on=datetime.date(2025, 6, 15))
    bought(rows["Just within"], Decimal(5), on=datetime.date(2025, 6, 16))
    bought(rows["Cancelled"], Decimal(900), cancelled_on=TODAY)
    bought(rows["Cancelled this year"], Decimal(900), on=datetime.date(2024, 1, 1), cancelled_on=TODAY)
    derive_nightly(now=NOW)
    grades = {name: Customer.objects.get(name=name).grade for name in names}
    # 100 of 105: what was taken back lowers no other's share.
    assert grades == {"Now": "A", "A year ago": "D", "Just within": "C", "Cancelled": "D", "Cancelled this year": "D"}


def test_a_grade_set_by_hand_holds_until_its_date(alice):
    customer = customers.customer(owner=alice)
    customer.edit({"grade": "B"}, by=alice)
    assert customer.grade_until == holds_until(None)
    Customer.objects.filter(pk=customer.pk).update(grade_until=TODAY)
    derive_nightly(now=NOW)
    customer.refresh_from_db()
    assert customer.grade == "B"
    derive_nightly(now=NOW + datetime.timedelta(days=1))
    customer.refresh_from_db()
    assert customer.grade == "D"


def test_the_run_twice_changes_nothing_and_a_dry_run_writes_nothing(alice):
    customer = customers.customer(owner=alice)
    bought(customer, Decimal(100))
    dry = derive_nightly(now=NOW, dry_run=True)
    assert (dry.moved, dry.batch, Batch.objects.count()) == (1, None, 0)
    assert state_of(customer)[0] == "prospect"
    first = derive_nightly(now=NOW)
    assert (first.moved, first.lines) == (1, dry.lines)
    second = derive_nightly(now=NOW)
    assert (second.moved, second.batch) == (0, None)


def test_the_run_works_in_portions_and_says_what_it_did(alice, monkeypatch):
    monkeypatch.setattr("sales.derive_nightly.PORTION", 2)
    for number in range(5):
        bought(customers.customer(f"C {number}", owner=alice), Decimal(100))
    out = StringIO()
    call_command("run_job", VERB, "--at", NOW.isoformat(), stdout=out)
    lines = out.getvalue().splitlines()
    assert "State: prospect → buying: 5 customers" in lines
    assert any(line.startswith("Net orders of the last 12 months: grade A from") for line in lines)
    assert lines[-1] == f"batch {Batch.objects.get().pk}: 5 moved"
    assert Customer.objects.filter(state="buying", life_cycle="maintain").count() == 5


def test_each_customer_says_what_was_derived(alice):
    customer = customers.customer(owner=alice)
    bought(customer, Decimal(100))
    derive_nightly(now=NOW)
    event = Event.objects.get(verb="derive", subject_id=customer.pk)
    assert event.facts == {
        "state": ["prospect", "buying"], "life_cycle": ["acquire", "maintain"], "grade": ["D", "A"], "orders": 1,
        "net": "100",
    }  # fmt: skip
    text = Teller([event]).tell(event)[1]
    assert text == "By the nightly rules: state: prospect → buying, life cycle: acquire → maintain, grade: D → A"


def test_undo_restores_what_still_holds_what_the_run_wrote(alice, olga):
    rows = [customers.customer(f"C {number}", owner=alice) for number in range(3)]
    for row in rows:
        bought(row, Decimal(100))
    run_job(VERB, now=NOW)
    batch = Batch.objects.get()
    rows[1].refresh_from_db()
    rows[1].edit({"grade": "C" if rows[1].grade != "C" else "B"}, by=alice)
    Customer.objects.filter(pk=rows[2].pk).update(state="intent", life_cycle="lost", grade="D")
    dry = undo_batch(batch, by=olga, dry_run=True)
    result = undo_batch(batch, by=olga)
    assert (result.restored, dry.restored) == (2, 2)
    assert [item["id"] for item in result.left] == [rows[2].pk]
    assert state_of(rows[0]) == ("prospect", "acquire")
    assert state_of(rows[1]) == ("prospect", "acquire")
    assert rows[1].grade != "D"


def test_the_page_says_why(alice):
    customer = customers.customer(owner=alice)
    assert explain_standing(alice, customer, now=NOW)[0][1] == "prospect: no order, no open opportunity, no intention"
    makers.opportunity(owner=alice, customer=customer)
    customer.refresh_from_db()
    assert explain_standing(alice, customer, now=NOW)[0][1] == "with intent: 1 open opportunity"
    bought(customer, Decimal(100))
    derive_nightly(now=NOW)
    customer.refresh_from_db()
    state, life, grade = (text for _label, text in explain_standing(alice, customer, now=NOW))
    assert (state, life) == ("buying: 1 confirmed order", "maintain: it has bought")
    assert grade.startswith("A: net orders of the last 12 months: €100.00; by net orders")
    customer.edit({"grade": "C", "grade_until": datetime.date(2030, 1, 1)}, by=alice)
    assert "set by hand, holds until" in explain_standing(alice, customer, now=NOW)[2][1]


def test_the_details_show_the_explanation(alice, signed_in):
    customer = customers.customer(owner=alice)
    page = signed_in(alice).get(f"/customers/{customer.pk}/details/").content.decode()
    assert "no order, no open opportunity, no intention" in page
