"""The filters of the customers list."""

from typing import Any

import django_filters
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lists.filter_fields import ChoicesFilter, DaysFilter, EntryFilter, PersonFilter, TagFilter, YesNoFilter
from crm.lists.filters import ListFilters
from customers.states import CustomerState, Grade, LifeCycle


class CustomerFilters(ListFilters):
    owner = PersonFilter(kind="customer")
    grade = ChoicesFilter(label=_("Grade"), choices=Grade.choices)
    state = ChoicesFilter(label=_("State"), choices=CustomerState.choices)
    life_cycle = ChoicesFilter(label=_("Life cycle"), choices=LifeCycle.choices)
    region = EntryFilter(label=_("Region"), list="region")
    industry = EntryFilter(label=_("Industry"), list="industry")
    source = EntryFilter(label=_("Source"), list="lead_source")
    tag = TagFilter(kind="customer")
    contact = django_filters.ChoiceFilter(
        label=_("Contact"), method="by_contact", empty_label=_("Any"),
        choices=[
            ("overdue", _("next contact overdue")),
            ("today", _("next contact until tonight")),
            ("unplanned", _("no next contact planned")),
            ("never", _("never contacted")),
        ],
    )  # fmt: skip
    next_contact = DaysFilter(label=_("Next contact"), field_name="next_contact_at")
    last_contact = DaysFilter(label=_("Last contact"), field_name="last_contact_at")
    created = DaysFilter(label=_("Created"), field_name="created_at")
    valid = YesNoFilter(label=_("Valid"), field_name="is_valid")

    def by_contact(self, rows: models.QuerySet, _name: str, code: str) -> models.QuerySet:
        now = timezone.now()
        conditions: dict[str, dict[str, Any]] = {
            "overdue": {"next_contact_at__lt": now},
            "today": {"next_contact_at__lte": timezone.localtime(now).replace(hour=23, minute=59, second=59)},
            "unplanned": {"next_contact_at__isnull": True},
            "never": {"last_contact_at__isnull": True},
        }
        return rows.filter(**conditions[code])
