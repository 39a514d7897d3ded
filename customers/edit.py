"""What follows from an edited field: keys, search rows, the refusal of circles."""

from collections.abc import Iterable

from customers.derived import derive
from customers.family import refuse_cycle
from customers.models import Contact, Customer
from customers.search import index_contacts, index_customers


def follow_edit(customer: Customer, fields: Iterable[str]) -> None:
    """Within the transaction of the edit, so that a refusal takes it back."""
    fields = set(fields)
    if "parent" in fields:
        refuse_cycle(customer)
    if fields & {"name", "is_person"}:
        customer.derive_keys()
        Customer.objects.filter(pk=customer.pk).update(sort_key=customer.sort_key, company_key=customer.company_key)
    if fields & {"name", "tax_number", "external_id"}:
        index_customers([customer.pk])
    if "intention" in fields:
        derive([customer.pk])
        customer.refresh_from_db(fields=["state", "life_cycle", "version"])


def follow_contact_edit(contact: Contact, fields: Iterable[str]) -> None:
    if not set(fields) & {"name", "given_name", "family_name"}:
        return
    contact.derive_keys()
    Contact.objects.filter(pk=contact.pk).update(sort_key=contact.sort_key)
    index_contacts([contact.pk])
