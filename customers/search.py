"""By what customers and contacts are found."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from customers.models import Contact, ContactPoint, ContactSearch, Customer, CustomerSearch
from records.search.kinds import Searchable, searchables
from records.search.rows import Text, copy, put


def add_searchables() -> None:
    searchables.add(
        "customer",
        Searchable("customer", "customers.Customer", "customers.CustomerSearch", _describe_customer, ("owner",)),
    )
    searchables.add(
        "contact",
        Searchable(
            "contact", "customers.Contact", "customers.ContactSearch", _describe_contact, ("customer",),
            walk=("sort_key", "id"),
        ),
    )  # fmt: skip


def index_customers(ids: Iterable[int]) -> None:
    put(CustomerSearch, customer_texts(ids))


def index_contacts(ids: Iterable[int]) -> None:
    put(ContactSearch, contact_texts(ids))


def copy_customers(ids: Iterable[int]) -> None:
    """For a load of new customers: COPY, a portion of ids at a time."""
    copy(CustomerSearch, customer_texts(ids))


def copy_contacts(ids: Iterable[int]) -> None:
    copy(ContactSearch, contact_texts(ids))


def customer_texts(ids: Iterable[int]) -> Iterator[Text]:
    ids = list(ids)
    codes = _point_codes("customer_id", ids, contact__isnull=True)
    rows = Customer._base_manager.filter(pk__in=ids).order_by("pk")
    for pk, name, tax, number in rows.values_list("pk", "name", "tax_number", "external_id"):
        yield Text(pk, (name,), (*codes.get(pk, ()), *filter(None, (tax, number))))


def contact_texts(ids: Iterable[int]) -> Iterator[Text]:
    ids = list(ids)
    codes = _point_codes("contact_id", ids)
    rows = Contact._base_manager.filter(pk__in=ids).order_by("pk")
    for pk, name, given, family in rows.values_list("pk", "name", "given_name", "family_name"):
        known = name.casefold()
        parts = " ".join(part for part in (family, given) if part and part.casefold() not in known)
        yield Text(pk, tuple(filter(None, (name, parts))), codes.get(pk, ()))


def _point_codes(owner: str, ids: list[int], **only: Any) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    points = ContactPoint.objects.filter(**{f"{owner}__in": ids}, **only).order_by("pk")
    for owner_id, normalised in points.values_list(owner, "normalised"):
        found[owner_id] += (normalised,)
    return found


def _describe_customer(customer: Customer) -> tuple[str, str]:
    return customer.name, " · ".join(
        filter(None, (customer.city, customer.phone or customer.email, str(customer.owner)))
    )


def _describe_contact(contact: Contact) -> tuple[str, str]:
    return contact.name, " · ".join(
        filter(None, (contact.position, contact.customer.name, contact.phone or contact.email))
    )
