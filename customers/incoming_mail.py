"""Takes messages of customers: each becomes an activity, from the customer."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Q

from customers.models import Activity, ContactPoint, Customer
from customers.models.activity import ActivityType, Direction
from customers.models.contact_point import PointKind
from customers.states import ActivityState
from messaging.inbound.takers import MOST, Taker, takers
from records.log import log_event

SYSTEM = "mail"


def add_taker() -> None:
    takers.add("customer", Taker("customer", "change", of_sender, join))


def of_sender(address: str, among: Collection[int] | None) -> list[int]:
    rows = _points(address)
    if among is not None:
        rows = rows.filter(customer_id__in=among)
    return list(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct()[: MOST + 1])


def join(mail: Any, customer: Customer, *, by: Any) -> None:
    """Nobody here did anything, so it counts for nobody's figures; what was planned stays: an answer is still due."""
    row = Activity(
        customer=customer, type=ActivityType.EMAIL, direction=Direction.IN, content=mail.as_text,
        contact_id=_contact(customer, mail.from_address), state=ActivityState.DONE, at=mail.written_at, created_by=by,
        external_system=SYSTEM, external_id=str(mail.pk),
    )  # fmt: skip
    row.copy_hints()
    row.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET last_contact_at = greatest(last_contact_at, %s) WHERE id = %s",
            [row.at, customer.pk],
        )
    log_event("log", row, by=by, facts={"type": row.type, "mail": mail.pk})


def _points(address: str) -> Any:
    live = Q(contact__isnull=True) | Q(contact__deleted_at__isnull=True)
    return ContactPoint.objects.filter(
        live, kind=PointKind.EMAIL, normalised=address, customer__deleted_at__isnull=True
    )


def _contact(customer: Customer, address: str) -> int | None:
    rows = _points(address).filter(customer=customer, contact__isnull=False)
    return rows.order_by("contact_id").values_list("contact_id", flat=True).first()
