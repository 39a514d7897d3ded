"""Everything that is known of a customer, in groups; and its family."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.formats import Formats, current_formats
from customers.models import Customer

FAMILY_SHOWN = 50
GROUPS = (
    (_("Company or person"), ("name", "given_name", "family_name", "patronymic", "greeting", "industry", "employees",
                              "revenue", "website", "language")),
    (_("Address and tax"), ("street", "postcode", "city", "country", "region", "tax_kind", "tax_number", "tax_branch")),
    (_("Sales"), ("source", "intention", "motive", "demand", "relation", "estimated_value", "focus_points", "grade",
                  "grade_until", "life_cycle")),
    (_("Dates"), ("created_at", "created_by", "assigned_at", "former_owner", "last_contact_at", "next_contact_at",
                  "last_order_on", "protected_until")),
    (_("Other"), ("external_system", "external_id", "comment")),
)  # fmt: skip
_MONEY = ("revenue", "estimated_value")
_MOMENTS = ("created_at", "assigned_at", "last_contact_at", "next_contact_at", "protected_until")
_DAYS = ("grade_until", "last_order_on")


def detail_groups(customer: Customer) -> list[tuple[Any, list[tuple[Any, Any]]]]:
    """(title, [(label, value), …]) without what is empty."""
    formats = current_formats()
    groups = []
    for title, names in GROUPS:
        facts = [(_label(name), _value(customer, name, formats)) for name in names]
        facts = [(label, value) for label, value in facts if value not in (None, "")]
        if facts:
            groups.append((title, facts))
    return groups


def family_of(user: Any, customer: Customer) -> list[tuple[Any, Customer]]:
    """Parent, subsidiaries and referrals within reach."""
    reach = Customer.objects.visible_to(user).only("pk", "name").order_by("sort_key", "pk")
    found: list[tuple[Any, Customer]] = []
    above = [pk for pk in (customer.parent_id, customer.referred_by_id) if pk]
    for other in reach.filter(pk__in=above):
        found.append((_("subsidiary of") if other.pk == customer.parent_id else _("referred by"), other))
    found += [(_("has the subsidiary"), other) for other in reach.filter(parent=customer)[:FAMILY_SHOWN]]
    found += [(_("referred"), other) for other in reach.filter(referred_by=customer)[:FAMILY_SHOWN]]
    return found


def _label(name: str) -> str:
    return str(Customer._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]


def _value(customer: Customer, name: str, formats: Formats) -> Any:
    value = getattr(customer, name)
    if value is None or value == "":
        return None
    if name in _MONEY:
        return formats.money(value, customer.currency) if customer.currency else formats.number(value)
    if name in _MOMENTS:
        return formats.moment(value)
    if name in _DAYS:
        return formats.date(value)
    display = getattr(customer, f"get_{name}_display", None)
    return display() if display else value
