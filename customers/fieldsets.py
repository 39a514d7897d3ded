"""Forms in groups: what everybody fills in stands open, the rest waits folded until it holds something or errs."""

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, Form
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Group:
    title: Any
    fields: list[BoundField]
    is_open: bool


MAIN = ("name", "phone", "mobile", "email", "wechat", "website")
CUSTOMER = (
    (_("Contact"), ("contact_name", "contact_position", "contact_phone", "contact_email"), True),
    (_("Sales"), ("source", "industry", "region", "intention", "estimated_value", "currency", "demand", "motive",
                  "relation", "focus_points", "grade", "grade_until"), False),
    (_("Address and tax"), ("country", "city", "street", "postcode", "tax_kind", "tax_number", "tax_branch"), False),
    (_("Company or person"), ("is_person", "given_name", "family_name", "patronymic", "greeting", "employees",
                              "revenue", "parent", "referred_by", "language"), False),
    (_("Comment"), ("comment",), False),
)  # fmt: skip
CONTACT_MAIN = ("name", "position", "phone", "mobile", "email", "wechat", "role", "is_main")
CONTACT = (
    (_("More"), ("given_name", "family_name", "patronymic", "greeting", "department", "birthday", "language",
                  "comment"), False),
)  # fmt: skip


def groups_of(form: Form, main: tuple[str, ...], others: tuple) -> list[Group]:
    """The main fields without title, then the groups; a field that the form does not have is left out."""
    found = [Group("", _present(form, main), True)]
    for title, names, is_open in others:
        fields = _present(form, names)
        if fields:
            found.append(Group(title, fields, is_open or any(_speaks(field) for field in fields)))
    return found


def _present(form: Form, names: tuple[str, ...]) -> list[BoundField]:
    return [form[name] for name in names if name in form.fields]


def _speaks(field: BoundField) -> bool:
    return bool(field.errors)
