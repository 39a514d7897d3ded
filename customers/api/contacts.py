"""``/api/v1/contacts``: people at customers, within the reach of their customer."""

from typing import Any

from accounts import access
from crm.endpoints import Collection, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Id, IdAsked, Name
from crm.endpoints.values import chosen, values_of
from crm.lists.search import by_words
from customers.api.points import Points, edit_with_points, emails, new_points, phones
from customers.create import add_contact
from customers.models import Contact, Customer

TYPED = (
    "name", "given_name", "family_name", "patronymic", "greeting", "position", "department", "role", "birthday",
    "is_main", "language", "comment",
)  # fmt: skip
SHOWN = ("customer", *TYPED, "created_at")


def create(sent: dict[str, Any], *, by: Any) -> Contact:
    customer = chosen("customer", Customer.objects.visible_to(by), sent.pop("customer"))
    access.require(by, "change", customer)
    points = new_points(sent, country=customer.country)
    return add_contact(customer, values_of(Contact, sent, by=by), by=by, points=points)


def change(contact: Contact, sent: dict[str, Any], *, by: Any, version: int) -> None:
    edit_with_points(contact, sent, by=by, version=version)


collections.add(
    "contacts",
    Collection(
        name="contacts",
        kind="customer",
        model=Contact,
        out=out("Contact", Contact, SHOWN, phones=list[str], emails=list[str]),
        show=shower(Contact, SHOWN, phones=phones, emails=emails),
        related=("role", "customer"),
        prefetch=("points",),
        sorts={"name": "sort_key"},
        default_sort="name",
        filters={"customer": Filter(IdAsked, "customer_id")},
        search=by_words("contact"),
        body=body(
            "NewContact", Contact, TYPED, required=("name", "customer"), name=Name, customer=Id, phones=Points,
            emails=Points,
        ),
        create=create,
        patch=body("ContactChange", Contact, TYPED, name=Name, phones=Points, emails=Points),
        change=change,
        remove=lambda contact, *, by: contact.trash(by=by),
    ),
)  # fmt: skip
