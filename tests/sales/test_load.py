"""Many opportunities at once give what one at a time gives."""

import datetime
import json
from decimal import Decimal

import pytest

from records.models import Batch, Collaborator, Event
from sales.load import COLUMNS, load_opportunities
from sales.models import ExchangeRate, Opportunity
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


def load(by, *rows, batch=None):
    defaults = {
        "external_system": "", "external_id": "", "state": "open", "currency": "EUR", "competitor": "", "next_step": "",
        "description": "", "created_at": NOW, "stage_id": makers.stage(1).pk,
    }  # fmt: skip
    params, selects = {}, []
    for n, row in enumerate(rows):
        values = {**dict.fromkeys(COLUMNS), **defaults, **row}
        params |= {f"{name}_{n}": value for name, value in values.items() if name != "id"}
        columns = [f"%({name}_{n})s::{kind} AS {name}" for name, kind in COLUMNS.items() if name != "id"]
        selects.append(f"SELECT nextval('sales_opportunity_id_seq') AS id, {', '.join(columns)}")
    ids = load_opportunities(" UNION ALL ".join(selects), by=by, now=NOW, batch=batch, params=params)
    return list(Opportunity.objects.filter(pk__in=ids).order_by("pk"))


def test_an_open_one_stands_as_if_opened_by_hand(alice):
    acme = customer(owner=alice)
    (loaded,) = load(
        alice,
        {
            "name": "A", "customer_id": acme.pk, "owner_id": alice.pk, "opened_on": NOW.date(),
            "amount": 1000, "product_id": makers.product().pk, "quantity": 4,
        },
    )  # fmt: skip
    made = makers.opportunity(owner=alice, customer=acme, amount=Decimal(1000), now=NOW)
    own = {"id", "name", "created_at", "stage_since", "assigned_at", "ends_on", "cycle_days"}
    for field in Opportunity._meta.concrete_fields:
        if field.attname not in own:
            assert getattr(loaded, field.attname) == getattr(made, field.attname), field.attname
    line = loaded.lines.get()
    assert (line.quantity, line.unit_price, line.amount) == (4, 250, 1000)
    assert loaded.stays.get().left_at is None
    assert Event.objects.filter(verb="create", subject_id=loaded.pk, customer_id=acme.pk).exists()


def test_closed_ones_bring_their_facts(alice):
    acme = customer(owner=alice)
    batch = Batch.start("import", by=alice)
    opened, closed = datetime.date(2026, 1, 1), datetime.date(2026, 1, 11)
    base = {"customer_id": acme.pk, "owner_id": alice.pk, "opened_on": opened, "closed_on": closed}
    stay = {"stage": makers.stage(2).pk, "from": "2026-01-01T00:00Z", "to": "2026-01-05T00:00Z"}
    won, lost = load(
        alice,
        {**base, "name": "W", "state": "won", "amount": 5, "furthest_stage_id": makers.stage(4).pk},
        {**base, "name": "L", "state": "lost", "lost_reason_id": makers.reason().pk, "stays": json.dumps([stay])},
        batch=batch,
    )
    assert (won.cycle_days, won.probability, won.owner_at_close, won.team_at_close) == (10, 100, alice, alice.team)
    assert (won.furthest_stage, won.won_at.date()) == (makers.stage(4), closed)
    assert won.stays.get().days == 10
    assert [(s.stage, s.days) for s in lost.stays.all()] == [(makers.stage(2), 4)]
    assert batch.events.count() == 2


def test_amounts_are_converted_at_the_rate_of_their_day(alice):
    ExchangeRate.objects.create(currency="USD", valid_from=datetime.date(2026, 1, 1), rate=Decimal("0.85"))
    known, unknown = load(
        alice,
        {"name": "A", "amount": Decimal("10.01"), "currency": "USD", "opened_on": datetime.date(2026, 1, 1)},
        {"name": "B", "amount": 10, "currency": "USD", "opened_on": datetime.date(2025, 1, 1)},
    )
    assert (known.amount_company, unknown.amount_company) == (Decimal("8.51"), None)


def test_owners_without_reach_read_the_customer_of_open_ones(alice, bob, erin):
    acme = customer(owner=alice)
    rows = [{"name": "x", "customer_id": acme.pk, "owner_id": person.pk} for person in (alice, bob, erin)]
    load(None, *rows, rows[1])
    assert list(Collaborator.objects.values_list("user__username", flat=True)) == ["bob", "bob"]
