"""A lead becomes a customer with a contact, and perhaps an opportunity: all of it, or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from customers.create import NewContact, add_contact, create_customer
from customers.models import Activity, Contact, Customer
from customers.models.contact_point import PointKind
from customers.points import Point, add_point, normalised
from leads.models import Lead
from leads.states import MOVES
from leads.way import refresh_way
from records.models import Alias, Attachment, Tagging
from records.moves import move, refuse
from records.refusals import Refused
from sales.models import Opportunity
from sales.open_opportunity import open_opportunity

POINTS = {
    "phone": PointKind.PHONE,
    "mobile": PointKind.MOBILE,
    "email": PointKind.EMAIL,
    "wechat": PointKind.WECHAT,
    "whatsapp": PointKind.WHATSAPP,
    "telegram": PointKind.TELEGRAM,
}
# Dialled kinds of which the same number is noted once.
_NUMBERS = {PointKind.PHONE, PointKind.MOBILE, PointKind.WHATSAPP}


@dataclass(frozen=True)
class Conversion:
    customer: Customer
    contact: Contact | None
    opportunity: Opportunity | None


@transaction.atomic
def convert_lead(
    lead: Lead, *, by: Any, customer: Customer | None = None, opportunity: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> Conversion:  # fmt: skip
    """Joins ``customer``, or makes one; ``opportunity``: its fields (name, amount, stage …), or None for none.

    Twice at once gives one customer: the second finds the lead converted and is refused. Whoever asks sees to it that
    the person reaches the customer that is joined.
    """
    now = now or timezone.now()
    lead.lock()
    if lead.is_deleted or lead.state not in MOVES["convert"][0]:
        refuse(lead, "convert")
    owner = _owner_of(lead, by)
    joined = customer is not None
    if customer is None:
        customer, contact = _make(lead, owner, by=by, now=now)
    else:
        contact = _join(lead, customer, by=by)
    opened = _open(lead, opportunity, customer, contact, owner, by=by, now=now) if opportunity is not None else None
    _bring_along(lead, customer, contact)
    stamps: dict[str, Any] = {"customer": customer, "contact_person": contact, "opportunity": opened}
    if lead.owner_id is None:
        stamps |= {"owner": owner, "team_id": owner.team_id, "assigned_at": now, "waits_because": ""}
    facts = {"customer": customer.pk, "joined": joined, "contact": contact and contact.pk, "to": owner.pk}
    facts["opportunity"] = opened and opened.pk
    move(lead, "convert", by=by, facts=facts, **stamps, converted_at=now, next_contact_at=None)
    refresh_way([customer.pk])
    lead.refresh_from_db(fields=["way_step"])
    return Conversion(customer, contact, opened)


def _owner_of(lead: Lead, by: Any) -> Any:
    if lead.owner is not None and lead.owner.is_active:
        return lead.owner
    if by is None:
        raise Refused(_("Give this lead an owner first."), reason="no_owner")
    return by


# --- the customer ---


def _make(lead: Lead, owner: Any, *, by: Any, now: datetime) -> tuple[Customer, Contact | None]:
    """A company with the person as its contact; a lead without company becomes a person."""
    points = _points(lead)
    contacts = [NewContact(_contact_values(lead), points)] if lead.company and lead.name else []
    customer = create_customer(
        _customer_values(lead), by=by, owner=owner, points=() if contacts else points, contacts=contacts,
        facts={"lead": lead.pk}, now=now,
    )  # fmt: skip
    return customer, customer.contacts.order_by("pk").first()


def _customer_values(lead: Lead) -> dict[str, Any]:
    values = {
        name: getattr(lead, name)
        for name in ("source", "industry", "region", "country", "city", "language", "website", "tax_number")
    }
    values |= {name: getattr(lead, name) for name in ("estimated_value", "currency", "referred_by")}
    values["website"] = values["website"][:255]
    values["tax_number"] = values["tax_number"][:32]
    return {**values, "name": lead.company or lead.name, "is_person": not lead.company, "comment": lead.need}


def _contact_values(lead: Lead) -> dict[str, Any]:
    return {"name": lead.name or lead.company, "position": lead.position, "language": lead.language}


def _points(lead: Lead) -> list[Point]:
    """What can be a contact point; an imported number that cannot be one stays on the lead."""
    found: dict[tuple[str, str], Point] = {}
    for name, kind in POINTS.items():
        key = _key(kind, getattr(lead, name), lead.country)
        if key:
            found.setdefault(("number" if kind in _NUMBERS else kind, key), Point(kind, getattr(lead, name)))
    return list(found.values())


def _key(kind: str, value: str, country: str) -> str:
    try:
        return normalised(kind, value, country=country or Company.get().country) if value else ""
    except ValidationError:
        return ""


def _join(lead: Lead, customer: Customer, *, by: Any) -> Contact | None:
    """The person becomes a contact of the customer, unless she is one already by phone or e-mail."""
    customer.lock()
    if customer.is_deleted:
        raise Refused(_("This customer is in the trash."), reason="deleted")
    if customer.owner_id is None:
        raise Refused(_("This customer is in a pool: claim it first."), reason="in_pool")
    known = _known_contact(lead, customer)
    points = _points(lead)
    if known is None and lead.name:
        return add_contact(customer, _contact_values(lead), by=by, points=points)
    for point in points:
        _add_missing(customer, known, point, by=by)
    return known


def _known_contact(lead: Lead, customer: Customer) -> Contact | None:
    keys = [key for key in (lead.phone_key, lead.mobile_key, lead.email_key) if key]
    live = customer.contacts.live()
    return live.filter(points__normalised__in=keys).order_by("pk").first() if keys else None


def _add_missing(customer: Customer, contact: Contact | None, point: Point, *, by: Any) -> None:
    key = _key(point.kind, point.value, customer.country)
    if key and not customer.points.filter(normalised=key).exists():
        add_point(customer, point, by=by, contact=contact)


# --- the opportunity ---


def _open(
    lead: Lead, fields: Mapping[str, Any], customer: Customer, contact: Contact | None, owner: Any, *, by: Any,
    now: datetime,
) -> Opportunity:  # fmt: skip
    given = {"source": lead.source, "amount": lead.estimated_value, "currency": lead.currency, **fields}
    name = given.pop("name", "") or customer.name
    return open_opportunity(
        name, by=by, owner=owner, customer=customer, contact=contact, now=now, facts={"lead": lead.pk}, **given
    )


# --- what hung on the lead ---


def _bring_along(lead: Lead, customer: Customer, contact: Contact | None) -> None:
    """History, log, tags and files are seen from the customer; the lead keeps its number and its page."""
    Alias.objects.create(kind="lead", old_id=lead.pk, target_kind="customer", target_id=customer.pk)
    Attachment.objects.filter(subject_kind="lead", subject_id=lead.pk).update(customer_id=customer.pk)
    _copy_tags(lead, customer)
    rows = list(lead.activities.order_by("at", "pk"))
    _copy_log(rows, customer, contact)
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, {"id": customer.pk, "last": lead.last_contact_at, "next": lead.next_contact_at})
    customer.refresh_from_db(fields=["last_contact_at", "next_contact_at"])


_CONTACTS = """
UPDATE customers_customer SET last_contact_at = greatest(last_contact_at, %(last)s),
       next_contact_at = least(next_contact_at, %(next)s)
WHERE id = %(id)s
"""


def _copy_tags(lead: Lead, customer: Customer) -> None:
    tags = Tagging.objects.filter(subject_kind="lead", subject_id=lead.pk).values_list("tag_id", flat=True)
    Tagging.objects.bulk_create(
        [Tagging(tag_id=tag, subject_kind="customer", subject_id=customer.pk) for tag in tags], ignore_conflicts=True
    )


def _copy_log(rows: Iterable[Any], customer: Customer, contact: Contact | None) -> None:
    copies = [
        Activity(
            customer=customer, contact=contact, type=row.type, direction=row.direction, content=row.content,
            outcome_id=row.outcome_id, at=row.at, next_contact_at=row.next_contact_at, done_by_id=row.done_by_id,
            created_by_id=row.done_by_id, about_kind="lead", about_id=row.lead_id,
        )
        for row in rows
    ]  # fmt: skip
    for copy in copies:
        copy.copy_hints()
    Activity.objects.bulk_create(copies)
