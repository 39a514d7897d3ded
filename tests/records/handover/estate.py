"""What a leaver holds, and the shortest way to hand it over."""

from datetime import date
from decimal import Decimal

from customers.models import Pool, PoolMember
from leads.models import AssignmentRule, RuleMember
from records.handover.plan import ONE, Plan
from records.handover.run import run_handover, start_handover
from records.models import DictionaryEntry
from sales.models import Order, Quote
from tests.customers import makers
from tests.leads import makers as lead_makers
from tests.sales import makers as sales_makers


def region(name):
    return DictionaryEntry.objects.create(list="region", code=name.lower(), name=name)


def quote(owner, customer, number="Q-1", **fields):
    row = Quote(
        number=number, customer=customer, owner=owner, team=owner.team, currency="EUR",
        valid_until=date(2030, 1, 1), **fields,
    )  # fmt: skip
    row.copy_hints()
    row.save()
    return row


def order(owner, customer, number="O-1", **fields):
    row = Order(
        number=number, customer=customer, owner=owner, team=owner.team, currency="EUR", ordered_on=date(2026, 1, 1),
        gross=Decimal(0), **fields,
    )  # fmt: skip
    row.copy_hints()
    row.save()
    return row


def full_estate(owner):
    """One of each kind: kind → row."""
    customer = makers.customer(owner=owner)
    rule = lead_makers.rule(owner, fallback=owner)
    return {
        "customer": customer,
        "contact": makers.contact(customer),
        "task": makers.task(owner, customer=customer),
        "opportunity": sales_makers.opportunity(owner=owner, customer=customer),
        "quote": quote(owner, customer),
        "order": order(owner, customer),
        "lead": lead_makers.lead(owner=owner),
        "rule": rule,
        "pool": PoolMember.objects.create(pool=Pool.default(), user=owner, is_administrator=True),
    }


def hand_over(leaver, *heirs, by, way=ONE, deactivates="", **plan):
    batch = start_handover(leaver, Plan(way, tuple(heir.pk for heir in heirs), **plan), by=by, deactivates=deactivates)
    run_handover(batch)
    batch.refresh_from_db()
    return batch


def places_of(rule):
    return dict(RuleMember.objects.filter(rule=rule).values_list("user__username", "is_active"))


def fallback_of(rule):
    return AssignmentRule.objects.get(pk=rule.pk).fallback
