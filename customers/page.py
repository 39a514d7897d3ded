"""The page of one customer: everything on it, in eight statements besides what other rooms add."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.formats import current_formats
from customers.actions import ShownAction, actions_for
from customers.models import Contact, ContactPoint, Customer, PointKind, Task
from customers.next_steps import Step, steps_for
from customers.panels import ShownPanel, panels_for
from customers.timeline import Timeline, timeline
from customers.way import way_of
from records.models import Alias, Tag, Tagging

TASKS_SHOWN = 20
CONTACTS_SHOWN = 50
STATE_TONES = {"prospect": "neutral", "intent": "info", "buying": "good", "repeat": "good"}
LIFE_TONES = {"acquire": "neutral", "maintain": "good", "retain": "warn", "lost": "bad"}
_SCHEMES = {PointKind.PHONE: "tel:", PointKind.MOBILE: "tel:", PointKind.EMAIL: "mailto:"}
_ICONS = {
    "phone": "phone", "mobile": "device-mobile", "email": "mail", "wechat": "brand-wechat",
    "whatsapp": "brand-whatsapp", "telegram": "brand-telegram", "fax": "printer", "web": "world",
}  # fmt: skip
_RELATED = (
    "owner", "team", "industry", "source", "region", "intention", "motive", "demand", "relation", "invalid_reason",
    "parent", "referred_by", "former_owner", "created_by",
)  # fmt: skip


@dataclass(frozen=True)
class ShownPoint:
    """A contact point as the page links it."""

    pk: int
    kind: str
    label: str
    value: str
    href: str
    icon: str
    is_main: bool
    is_valid: bool


@dataclass(frozen=True)
class ShownContact:
    contact: Contact
    points: list[ShownPoint]


@dataclass(frozen=True)
class CustomerPage:
    customer: Customer
    way: list[dict[str, Any]]
    steps: list[Step]
    points: list[ShownPoint]
    contacts: list[ShownContact]
    tasks: list[Task]
    timeline: Timeline
    panels: list[ShownPanel]
    actions: list[ShownAction]
    facts: list[tuple[Any, Any]]


def for_page(user: Any) -> QuerySet[Customer]:
    """The customers of a person, each with all that its page says of it alone, in one statement."""
    return Customer.objects.visible_to(user).select_related(*_RELATED).annotate(
        tags=ArraySubquery(
            Tag.objects.filter(pk__in=_taggings().values("tag_id")).order_by("name").values(
                json=JSONObject(pk="pk", name="name")
            )
        ),
        aliases=ArraySubquery(
            Alias.objects.filter(target_kind="customer", target_id=OuterRef("pk")).order_by("pk").values(
                json=JSONObject(kind="kind", pk="old_id")
            )
        ),
        own_points=_points(customer_id=OuterRef("pk"), contact_id__isnull=True),
    )  # fmt: skip


def customer_page(
    user: Any, customer: Customer, *, now: datetime, shown: str = "all", before: str = ""
) -> CustomerPage:
    return CustomerPage(
        customer=customer,
        way=way_of(user, customer),
        steps=steps_for(user, customer, now=now),
        points=shown_points(customer.own_points),  # type: ignore[attr-defined]
        contacts=contacts_of(customer),
        tasks=tasks_of(user, customer),
        timeline=timeline(customer, shown=shown, before=before, aliases=aliases_of(customer)),
        panels=panels_for(user, customer),
        actions=actions_for(user, customer),
        facts=main_facts(customer),
    )


def aliases_of(customer: Customer) -> list[tuple[str, int]]:
    return [(alias["kind"], alias["pk"]) for alias in customer.aliases]  # type: ignore[attr-defined]


def contacts_of(customer: Customer) -> list[ShownContact]:
    rows = customer.contacts.live().annotate(found_points=_points(contact_id=OuterRef("pk"))).select_related("role")
    rows = rows.order_by("-is_main", "sort_key", "pk")[:CONTACTS_SHOWN]
    return [ShownContact(row, shown_points(row.found_points)) for row in rows]


def tasks_of(user: Any, customer: Customer) -> list[Task]:
    """Open tasks: whoever reaches the customer reaches them, if tasks are for her at all."""
    if not access.allows(user, "view", "task"):
        return []
    rows = customer.tasks.live().open().select_related("owner")
    return list(rows.order_by("due_at", "pk")[:TASKS_SHOWN])


def shown_points(points: list[dict[str, Any]]) -> list[ShownPoint]:
    labels = dict(PointKind.choices)
    return [
        ShownPoint(
            pk=point["pk"], kind=point["kind"], label=point["label"] or str(labels[point["kind"]]),
            value=point["value"], href=_href(point["kind"], point["value"], point["normalised"]),
            icon=_ICONS[point["kind"]], is_main=point["is_main"], is_valid=point["is_valid"],
        )
        for point in points
    ]  # fmt: skip


def main_facts(customer: Customer) -> list[tuple[Any, Any]]:
    """What one wants to see at a glance; everything is on the tab of details."""
    formats = current_formats()
    money = formats.money(customer.estimated_value, customer.currency) if customer.currency else None
    pairs = [
        (_("Industry"), customer.industry),
        (_("Region"), customer.region),
        (_("Source"), customer.source),
        (_("Intention"), customer.intention),
        (_("Estimated value"), money if money else formats.number(customer.estimated_value)),
        (_("Address"), address_line(customer)),
        (_("Last contact"), formats.relative(customer.last_contact_at, now=timezone.now())),
        (_("Last order"), formats.date(customer.last_order_on)),
        (_("Tax number"), customer.tax_number),
    ]
    return [(label, value) for label, value in pairs if value not in (None, "")]


def address_line(customer: Customer) -> str:
    town = " ".join(filter(None, (customer.postcode, customer.city)))
    return ", ".join(filter(None, (customer.street, town, customer.country)))


def _taggings() -> QuerySet[Tagging]:
    return Tagging.objects.filter(subject_kind="customer", subject_id=OuterRef(OuterRef("pk")))


def _points(**where: Any) -> ArraySubquery:
    shape = JSONObject(
        pk="pk", kind="kind", label="label", value="value", normalised="normalised", is_main="is_main",
        is_valid="is_valid",
    )  # fmt: skip
    return ArraySubquery(ContactPoint.objects.filter(**where).order_by("-is_main", "pk").values(json=shape))


def _href(kind: Any, value: str, normalised: str) -> str:
    if kind in _SCHEMES:
        return f"{_SCHEMES[kind]}{normalised}"
    if kind == PointKind.WHATSAPP:
        return f"https://wa.me/{normalised.lstrip('+')}"
    if kind == PointKind.TELEGRAM:
        return f"https://t.me/{normalised.rpartition('/')[2]}"
    if kind == PointKind.WEB:
        return value if value.startswith(("http://", "https://")) else f"https://{value}"
    return ""
