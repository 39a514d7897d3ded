"""Contact points: what was typed, the spelling that duplicates share, and the copies that lists show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from crm import normalise
from customers.models import Consent, Contact, ContactPoint, Customer, PointKind
from customers.models.contact_point import DIALLED
from customers.search import index_contacts, index_customers
from records.log import log_event
from records.refusals import Refused


@dataclass(frozen=True)
class Point:
    """A contact point as it comes from a form, a file or a lead."""

    kind: str
    value: str
    label: str = ""
    is_main: bool = False
    consent: str = Consent.UNKNOWN


def normalised(kind: str, value: str, *, country: str = "") -> str:
    """The spelling that duplicates share; raises ValidationError when it cannot be such a point."""
    value = value.strip()
    if kind in DIALLED:
        number = normalise.phone(value, country)
        if number is None:
            raise ValidationError(_("“%(value)s” is not a phone number."), params={"value": value}, code="phone")
        return number
    if kind == PointKind.EMAIL:
        address = normalise.email(value)
        if address is None:
            raise ValidationError(_("“%(value)s” is not an e-mail address."), params={"value": value}, code="email")
        return address
    folded = normalise.fold(value).lstrip("@")
    if not folded:
        raise ValidationError(_("Say what it is."), code="required")
    return folded


def build_point(customer: Customer, point: Point, *, contact: Contact | None = None) -> ContactPoint:
    """An unsaved row. A number without country code is read in the customer's country, else the company's."""
    country = customer.country or Company.get().country
    key = normalised(point.kind, point.value, country=country)
    is_mail = point.kind == PointKind.EMAIL
    return ContactPoint(
        customer=customer, contact=contact, kind=point.kind, value=point.value.strip(), normalised=key,
        domain=(normalise.email_domain(key) or "") if is_mail else "", label=point.label, is_main=point.is_main,
        consent=point.consent, consent_at=None if point.consent == Consent.UNKNOWN else timezone.now(),
    )  # fmt: skip


@transaction.atomic
def add_point(customer: Customer, point: Point, *, by: Any, contact: Contact | None = None) -> ContactPoint:
    row = build_point(customer, point, contact=contact)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("This is noted here already."), reason="known") from error
    _log(row, "add_point", by=by, changes={row.kind: (None, row.value)})
    refresh_copies([customer.pk])
    return row


@transaction.atomic
def remove_point(row: ContactPoint, *, by: Any) -> None:
    _log(row, "remove_point", by=by, changes={row.kind: (row.value, None)})
    ContactPoint.objects.filter(pk=row.pk).delete()
    refresh_copies([row.customer_id])


@transaction.atomic
def set_main(row: ContactPoint, *, by: Any) -> None:
    """The point that lists show, one per group of kinds."""
    group = DIALLED if row.kind in DIALLED else (row.kind,)
    same = ContactPoint.objects.filter(customer_id=row.customer_id, contact_id=row.contact_id, kind__in=group)
    same.exclude(pk=row.pk).update(is_main=False)
    ContactPoint.objects.filter(pk=row.pk).update(is_main=True)
    _log(row, "main_point", by=by)
    refresh_copies([row.customer_id])


@transaction.atomic
def set_valid(row: ContactPoint, is_valid: bool, *, by: Any) -> None:
    ContactPoint.objects.filter(pk=row.pk).update(is_valid=is_valid)
    _log(row, "point_valid" if is_valid else "point_invalid", by=by)
    refresh_copies([row.customer_id])


@transaction.atomic
def set_consent(row: ContactPoint, consent: str, *, by: Any, now: datetime | None = None) -> None:
    at = None if consent == Consent.UNKNOWN else now or timezone.now()
    ContactPoint.objects.filter(pk=row.pk).update(consent=consent, consent_at=at)
    _log(row, "consent", by=by, facts={"consent": consent})


_COPIES = """
WITH best AS (
    SELECT DISTINCT ON ({owner}, kind = 'email') {owner} AS id, kind = 'email' AS is_mail, value
    FROM customers_contactpoint
    WHERE customer_id = ANY(%(ids)s) AND is_valid AND kind IN ('phone', 'mobile', 'whatsapp', 'email') AND {owner} IS NOT NULL
    ORDER BY {owner}, kind = 'email', {first} is_main DESC, id
), told AS (
    SELECT r.id, coalesce(max(b.value) FILTER (WHERE NOT b.is_mail), '') AS phone,
           coalesce(max(b.value) FILTER (WHERE b.is_mail), '') AS email
    FROM {table} r LEFT JOIN best b ON b.id = r.id WHERE {rows} = ANY(%(ids)s) GROUP BY r.id
)
UPDATE {table} r SET phone = left(told.phone, 64), email = told.email FROM told
WHERE r.id = told.id AND (r.phone, r.email) IS DISTINCT FROM (left(told.phone, 64), told.email)
"""  # noqa: E501


def refresh_copies(customer_ids: Iterable[int]) -> None:
    """Brings up what lists and the search read of the points: phone and e-mail of the customers and their contacts.

    A customer shows its own main points; where it has none, those of its contacts. Set-based: also for import.
    """
    ids = list(customer_ids)
    copy_points(ids)
    index_customers(ids)
    index_contacts(Contact.objects.filter(customer_id__in=ids).values_list("pk", flat=True))


def copy_points(ids: list[int]) -> None:
    """Phone and e-mail alone, where the search rows say the same as before."""
    with connection.cursor() as cursor:
        for owner, first, table, rows in (
            ("customer_id", "(contact_id IS NOT NULL),", "customers_customer", "r.id"),
            ("contact_id", "", "customers_contact", "r.customer_id"),
        ):
            cursor.execute(_COPIES.format(owner=owner, first=first, table=table, rows=rows), {"ids": ids})


def _log(row: ContactPoint, verb: str, *, by: Any, facts: dict | None = None, changes: dict | None = None) -> None:
    subject = row.contact or row.customer
    log_event(verb, subject, by=by, facts={"kind": row.kind, **(facts or {})}, changes=changes)
