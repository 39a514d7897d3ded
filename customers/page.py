"""The page of one customer: everything on it in one statement beside the customer itself.

Each part says what it wants to know as a queryset of ``values()``; ``crm.together`` asks for all of them at once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.formats import current_formats
from crm.names import name_at, names_at
from crm.together import Row, together
from customers import actions, panels, timeline, way
from customers.actions import ShownAction
from customers.models import ContactPoint, Customer, PointKind
from customers.next_steps import Step, steps_for
from customers.panels import ShownPanel
from customers.timeline import Timeline
from records.models import Tag

TASKS_SHOWN = 20
CONTACTS_SHOWN = 50
STATE_TONES = {"prospect": "neutral", "intent": "info", "buying": "good", "repeat": "good"}
LIFE_TONES = {"acquire": "neutral", "maintain": "good", "retain": "warn", "lost": "bad"}
_SCHEMES = {PointKind.PHONE: "tel:", PointKind.MOBILE: "tel:", PointKind.EMAIL: "mailto:"}
_ICONS = {
    "phone": "phone", "mobile": "device-mobile", "email": "mail", "wechat": "brand-wechat",
    "whatsapp": "brand-whatsapp", "telegram": "brand-telegram", "fax": "printer", "web": "world",
}  # fmt: skip
# What every page of a customer says of it; the tab of details says more.
HEAD = ("owner", "team", "invalid_reason")
OVERVIEW = (*HEAD, "industry", "source", "region", "intention")
DETAILS = (*OVERVIEW, "motive", "demand", "relation", "former_owner", "created_by")


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
    contact: Row
    role: str
    points: list[ShownPoint]


@dataclass(frozen=True)
class Head:
    """What stands above every page of a customer."""

    tags: list[Row]
    actions: list[ShownAction]


@dataclass(frozen=True)
class CustomerPage:
    customer: Customer
    way: list[dict[str, Any]]
    steps: list[Step]
    points: list[ShownPoint]
    contacts: list[ShownContact]
    tasks: list[Row]
    timeline: Timeline
    panels: list[ShownPanel]
    head: Head
    facts: list[tuple[Any, Any]]


def for_page(user: Any, related: tuple[str, ...] = HEAD) -> QuerySet[Customer]:
    """The customers of a person, each with what its page says of it."""
    return Customer.objects.visible_to(user).select_related(*related)


def customer_page(
    user: Any, customer: Customer, *, now: datetime, shown: str = "all", before: str = ""
) -> CustomerPage:
    found = together(
        {
            **_head_questions(user, customer),
            **_own_questions(user, customer),
            **timeline.questions(customer, shown=shown, before=before),
            **way.questions(user, customer),
            **panels.questions(user, customer),
        }
    )
    points = _points_by_contact(found["points"])
    return CustomerPage(
        customer=customer,
        way=way.steps_of(user, customer, found),
        steps=steps_for(user, customer, now=now),
        points=points.get(None, []),
        contacts=[_contact(row, points.get(row["pk"], [])) for row in found["contacts"]],
        tasks=found.get("tasks", []),
        timeline=timeline.timeline_of(customer, found, shown=shown, before=before),
        panels=panels.shown_panels(user, customer, found),
        head=_head(found),
        facts=main_facts(customer),
    )


def head_of(user: Any, customer: Customer) -> Head:
    return _head(together(_head_questions(user, customer)))


def _head_questions(user: Any, customer: Customer) -> dict[str, QuerySet]:
    tags = Tag.objects.filter(taggings__subject_kind="customer", taggings__subject_id=customer.pk)
    return {"tags": tags.order_by("name").values("pk", "name"), **actions.questions(user, customer)}


def _head(found: dict[str, list[Row]]) -> Head:
    return Head(found["tags"], actions.shown_actions(found))


def _own_questions(user: Any, customer: Customer) -> dict[str, QuerySet]:
    """Open tasks: whoever reaches the customer reaches them, if tasks are for her at all."""
    contacts = customer.contacts.live().order_by("-is_main", "sort_key", "pk")
    points = ContactPoint.objects.filter(customer=customer).order_by("-is_main", "pk")
    tasks = customer.tasks.live().open().order_by("due_at", "pk")
    asked = {
        "contacts": contacts.values("pk", "name", "is_main", "position", "department", *names_at("role"))[
            :CONTACTS_SHOWN
        ],
        "points": points.values("pk", "contact_id", "kind", "label", "value", "normalised", "is_main", "is_valid"),
    }
    if access.allows(user, "view", "task"):
        asked["tasks"] = tasks.values("pk", "title", "due_at", "owner__name")[:TASKS_SHOWN]
    return asked


def _contact(row: Row, points: list[ShownPoint]) -> ShownContact:
    return ShownContact(row, name_at(row, "role"), points)


def _points_by_contact(rows: list[Row]) -> dict[int | None, list[ShownPoint]]:
    """Under None those of the customer itself."""
    found: dict[int | None, list[ShownPoint]] = {}
    for row, point in zip(rows, shown_points(rows), strict=True):
        found.setdefault(row["contact_id"], []).append(point)
    return found


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
