"""The filters of the lists of invoices and instalments."""

import datetime
from typing import Any

import django_filters
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.lists.filter_fields import ChoicesFilter, DaysFilter, PersonFilter, RecordFilter
from crm.lists.filters import ListFilters
from sales.business_day import today
from sales.models import Instalment, Invoice
from sales.states import InstalmentState

WEEK = datetime.timedelta(days=7)
INVOICE_STATES = [
    ("open", _("open")),
    ("overdue", _("overdue")),
    ("paid", _("paid")),
    ("void", _("taken back")),
    ("credit_note", _("credit note")),
]


class OrderOwnerFilter(PersonFilter):
    """By the copy of the order's owner, which leads an index."""

    def filter(self, rows: models.QuerySet, people: Any) -> models.QuerySet:
        ids = [person.pk for person in people]
        return rows.filter(order_owner__in=ids) if ids else rows


class MoneyFilters(ListFilters):
    @cached_property
    def today(self) -> datetime.date:
        """Asked once: a filter is applied to each walk of the list, and then to the count."""
        return today()


class InvoiceFilters(MoneyFilters):
    state = django_filters.ChoiceFilter(label=_("State"), method="by_state", choices=INVOICE_STATES)
    customer = RecordFilter(label=_("Customer"), lookup="customer", field_name="order__customer")
    issued = DaysFilter(label=_("Issued"), field_name="issued_on")
    due = DaysFilter(label=_("Due"), field_name="due_on")
    owner = OrderOwnerFilter(kind="order")

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()

    def by_state(self, rows: Any, _name: str, state: str) -> models.QuerySet:
        return {
            "open": lambda: rows.open(),
            "overdue": lambda: rows.overdue(self.today),
            "paid": lambda: rows.paid(),
            "void": lambda: rows.filter(is_void=True),
            "credit_note": lambda: rows.filter(credits__isnull=False),
        }[state]()


class InstalmentFilters(MoneyFilters):
    state = ChoicesFilter(label=_("State"), choices=InstalmentState.choices)
    when = django_filters.ChoiceFilter(
        label=_("To come in"), method="by_day",
        choices=[("overdue", _("overdue")), ("week", _("within seven days")), ("open", _("at any time"))],
    )  # fmt: skip
    customer = RecordFilter(label=_("Customer"), lookup="customer", field_name="order__customer")
    due = DaysFilter(label=_("Due"), field_name="due_on")
    owner = OrderOwnerFilter(kind="order")

    class Meta:
        model = Instalment
        fields: tuple[str, ...] = ()

    def by_day(self, rows: Any, _name: str, when: str) -> models.QuerySet:
        now = self.today
        if when == "week":
            return rows.open().filter(due_on__range=(now, now + WEEK))
        return rows.overdue(now) if when == "overdue" else rows.open()
