"""Makers of customers and what hangs on them: the fewest arguments, saved at once."""

from typing import Any

from django.utils import timezone

from crm import normalise
from customers.models import Contact, Customer, Pool, Task


def customer(name: str = "Acme GmbH", *, owner: Any = None, **fields: Any) -> Customer:
    """A customer of ``owner``; without one it waits in the default pool."""
    if owner is None:
        fields = {"pool": Pool.default(), "entered_pool_at": timezone.now(), **fields}
    return Customer.objects.create(
        name=name, owner=owner, team=owner.team if owner else None, assigned_at=timezone.now() if owner else None,
        sort_key=normalise.sort_key(name), company_key=normalise.company_key(name), **fields,
    )  # fmt: skip


def contact(customer: Customer, name: str = "Maria Meier", **fields: Any) -> Contact:
    row = Contact(customer=customer, name=name, sort_key=normalise.sort_key(name), **fields)
    row.copy_hints()
    row.save()
    return row


def task(owner: Any, title: str = "Call back", *, customer: Customer | None = None, **fields: Any) -> Task:
    row = Task(title=title, owner=owner, team=owner.team, customer=customer, **fields)
    row.copy_hints()
    row.save()
    return row
