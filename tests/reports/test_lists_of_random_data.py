"""Whatever the data: every figure opens a list with exactly as many rows as it says, for whoever looks."""

import dataclasses
import datetime
import random
from decimal import Decimal

import pytest

from customers.assign import assign
from customers.release import release
from leads.models import Lead
from leads.states import WayStep
from records.models import Collaborator
from reports.asked import Asked
from reports.contribution import contribution, measures
from reports.dimensions import DIMENSIONS
from reports.funnel import funnel
from reports.period import Period
from reports.way import whole_way
from sales.collect import receive, refund
from sales.create_document import create_order
from sales.document_lines import add_line
from sales.run_order import cancel, confirm, ship
from sales.take_back import take_back
from tests.customers import makers as customers
from tests.leads import makers as leads
from tests.records.entries import entry
from tests.reports import rows
from tests.sales import documents, makers

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2026, 2, 1)
MARCH = Period(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
VIEWERS = ("alice", "tess", "erin", "olga", "finn")
SOME = 3  # lists that are opened of each contribution


@pytest.fixture(params=[1, 2])
def dice(request):
    return random.Random(request.param)


@pytest.fixture
def company(dice, everybody, tess):
    """Ninety days of three people's work, drawn by dice: all that reports count, in every state and order."""
    people = [everybody[name] for name in ("alice", "bob", "charlie")]
    regions = [entry("region", f"r{number}") for number in range(2)]
    theirs = [
        customers.customer(f"C {number}", owner=dice.choice(people), region=dice.choice([None, *regions]),
                           country=dice.choice(["", "DE", "RU"]))
        for number in range(8)
    ]  # fmt: skip
    Collaborator.objects.create(subject_kind="customer", subject_id=theirs[0].pk, user=everybody["alice"])
    products = [makers.product(name, cost=Decimal(60)) for name in ("Pump", "Valve", "Sensor")]
    _opportunities(dice, theirs, products)
    for _ in range(14):
        _order(dice, dice.choice(theirs), products)
    _go_on(dice, theirs, everybody)
    for number in range(14):
        lead = leads.lead(f"Lead {number}", owner=dice.choice(people))
        at = datetime.datetime.combine(_day(dice), datetime.time(dice.randrange(24)), datetime.UTC)
        Lead.objects.filter(pk=lead.pk).update(created_at=at, way_step=dice.choice(list(WayStep)))


def _day(dice, since=FIRST):
    return since + datetime.timedelta(days=dice.randrange(90))


def _opportunities(dice, theirs, products):
    made = []
    for number in range(25):
        customer, state, opened = dice.choice(theirs), dice.choice(["open", "won", "lost"]), _day(dice)
        standing = dice.randrange(1, 5)
        made.append(rows.opportunity(
            f"O {number}", owner=dice.choice([customer.owner, *(one.owner for one in theirs)]), customer=customer,
            stage=makers.stage(standing), furthest=makers.stage(dice.randrange(standing, 5)), state=state,
            opened_on=dice.choice([opened, opened, opened, None]), closed_on=_day(dice, opened),
            amount=dice.randrange(1, 500),
        ))  # fmt: skip
    for row in rows.saved(made):
        for product in dice.sample(products, dice.randrange(3)):
            row.lines.create(product=product, quantity=1)


def _order(dice, customer, products):
    """A draft, or confirmed and then cancelled, or shipped, paid, partly back and partly refunded."""
    owner, on = customer.owner, _day(dice)
    order = create_order(customer, by=owner, currency="EUR", prices_include_tax=dice.random() < 0.5)
    lines = [
        add_line(order, by=owner, product=dice.choice(products), quantity=Decimal(dice.randrange(2, 9)))
        for _ in range(dice.randrange(1, 4))
    ]
    fate = dice.choice(["draft", "confirmed", "cancelled", "paid", "returned", "returned"])
    if fate == "draft":
        return
    confirm(order, by=owner, on=on)
    if fate == "cancelled":
        cancel(order, documents.reason("order_cancel_reason", "mistake"), by=owner, on=_day(dice, on))
    if fate in ("paid", "returned"):
        receive(order, order.gross, by=owner, on=_day(dice, on))
        ship(order, by=owner)
    if fate == "returned":
        back = _day(dice, on)
        take_back(order, {dice.choice(lines).pk: Decimal(1)}, documents.reason("order_return_reason", "defect"),
                  by=owner, on=back)  # fmt: skip
        refund(order, Decimal(5), by=owner, on=_day(dice, back))


def _go_on(dice, theirs, everybody):
    """What happened since: a customer fell into the pool, some changed hands, bob left, a product was retired."""
    release(theirs[1], by=theirs[1].owner, reason=entry("release_reason", "no_need").code)
    for customer in theirs[2:5]:
        heir = everybody[dice.choice(["alice", "charlie"])]
        if customer.owner_id != heir.pk:
            assign(customer, to=heir, by=everybody["tess"])
    type(everybody["bob"]).objects.filter(pk=everybody["bob"].pk).update(is_active=False)


def opened(client, address):
    return len(client.get(address).context["table"].rows)


def test_each_figure_opens_as_many_rows_as_it_says(company, dice, everybody, signed_in, north):
    for viewer in VIEWERS:
        team = dice.choice([None, north]) if viewer != "alice" else None
        _check(everybody[viewer], signed_in(everybody[viewer]), Asked(MARCH, team=team), dice)


def _check(person, client, asked, dice):
    pairs = list(_contributions(person, asked, dice))
    if person.username != "finn":
        pairs += [
            *_of_funnel(funnel(person, asked)),
            *((row.list, row.reached) for row in whole_way(person, asked).rows),
        ]
    wrong = [(address, said, found) for address, said in pairs if (found := opened(client, address)) != said]
    assert len(pairs) > 10 and wrong == [], person


def _of_funnel(found):
    for row in found.rows:
        yield row.list, row.reached
        if row.now_list:
            yield row.now_list, row.now
    for name, address in found.totals.lists.items():
        yield address, getattr(found.totals, name)


def _contributions(person, asked, dice):
    for measure in (name for name in measures.names() if measures[name].is_for(person)):
        for by in DIMENSIONS:
            found = contribution(person, dataclasses.replace(asked, measure=measure, by=by)).rows
            linked = [row for row in found if row.list]
            for row in dice.sample(linked, min(SOME, len(linked))):
                yield row.list, row.facts
