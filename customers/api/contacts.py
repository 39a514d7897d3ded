"""``/api/v1/contacts``: people at customers, within the reach of their customer."""

from typing import Annotated, Any

from pydantic import Field

from accounts import access
from crm.endpoints import Collection, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Id, IdAsked, Line, Name
from crm.endpoints.values import chosen, values_of
from crm.lists.search import by_words
from customers.create import add_contact
from customers.models import Contact, Customer, PointKind
from customers.models.contact_point import DIALLED
from customers.points import Point

TYPED = (
    "name", "given_name", "family_name", "patronymic", "greeting", "position", "department", "role", "birthday",
    "is_main", "language", "comment",
)  # fmt: skip
SHOWN = ("customer", *TYPED, "created_at")
Points = Annotated[list[Line], Field(max_length=20)]


def create(sent: dict[str, Any], *, by: Any) -> Contact:
    customer = chosen("customer", Customer.objects.visible_to(by), sent.pop("customer"))
    access.require(by, "change", customer)
    points = [Point(PointKind.PHONE, value) for value in sent.pop("phones", None) or ()]
    points += [Point(PointKind.EMAIL, value) for value in sent.pop("emails", None) or ()]
    return add_contact(customer, values_of(Contact, sent, by=by), by=by, points=points)


def change(contact: Contact, sent: dict[str, Any], *, by: Any, version: int) -> None:
    contact.edit(values_of(Contact, sent, by=by), by=by, version=version)


def phones(contact: Contact) -> list[str]:
    return [point.value for point in contact.points.all() if point.kind in DIALLED]


def emails(contact: Contact) -> list[str]:
    return [point.value for point in contact.points.all() if point.kind == PointKind.EMAIL]


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
        patch=body("ContactChange", Contact, TYPED, name=Name),
        change=change,
        remove=lambda contact, *, by: contact.trash(by=by),
    ),
)  # fmt: skip
