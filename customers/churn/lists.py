"""The list of churn cases: `/customers/churn/`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db import models
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.formats import Formats
from crm.lists.cells import Badge, Cell, Day, Entry, Link, Person, Row, Text
from crm.lists.filter_fields import ChoicesFilter, CompanyDaysFilter, EntryFilter, PersonFilter
from crm.lists.filters import ListFilters
from crm.lists.search import by_words
from crm.lists.spec import Column, ListSpec, Sort, View, lists
from customers.churn.bulk import ACTIONS
from customers.churn.signs import signs
from customers.lists import GRADE_TONES
from customers.models import ChurnRule
from customers.states import ChurnState, Grade

STATE_TONES = {"open": "bad", "deferred": "warn", "won_back": "good", "kept": "good"}


@dataclass(frozen=True)
class Because(Cell):
    """The rule's sign in words, else what was typed."""

    def sources(self, path: str) -> tuple[str, ...]:
        return ("signal", "number", "note")

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        def told(row: Row) -> str:
            signal = signs.get(row["signal"])
            return capfirst(signal.because(row["number"])) if signal else row["note"]

        return told

    def show(self, path: str, formats: Formats) -> Callable[[Row], str]:
        plain = self.plain(path, formats)
        return lambda row: escape(plain(row))


class OwnerFilter(PersonFilter):
    def filter(self, rows: models.QuerySet, people: Any) -> models.QuerySet:
        ids = [person.pk for person in people]
        return rows.filter(customer_owner__in=ids, customer__owner_id__in=ids) if ids else rows


class ChurnFilters(ListFilters):
    owner = OwnerFilter(kind="churn")
    state = ChoicesFilter(label=_("State"), choices=ChurnState.choices)
    rule = django_filters.ModelChoiceFilter(label=_("Rule"), queryset=ChurnRule.objects.all())  # unscoped: company's
    reason = EntryFilter(label=_("Reason of the loss"), list="churn_reason")
    opened = CompanyDaysFilter(label=_("Opened"), field_name="opened_on")
    confirmed = CompanyDaysFilter(label=_("Confirmed"), field_name="confirmed_on")


churn_list = lists.add(
    "churn",
    ListSpec(
        name="churn",
        kind="churn",
        url_name="customers:churn",
        title=_("Churn"),
        icon="heart-broken",
        columns=(
            Column("customer", _("Customer"), Link("customers:churn_case"), source="customer__name"),
            Column("state", _("State"), Badge(ChurnState, STATE_TONES)),
            Column("because", _("Because"), Because()),
            Column("opened_on", _("Opened"), Day(), sort="opened"),
            Column("deferred_until", _("Deferred until"), Day()),
            Column("owner", _("Owner"), Person(), source="customer__owner"),
            Column("grade", _("Grade"), Badge(Grade, GRADE_TONES), source="customer__grade", default=False),
            Column("reason", _("Reason of the loss"), Entry(), default=False),
            Column("competitor", _("Competitor"), Text(), default=False),
            Column("confirmed_on", _("Confirmed"), Day(), default=False),
            Column("ended_on", _("Ended"), Day(), default=False),
            Column("measures", _("Measures"), Text(), default=False),
        ),
        sorts=(Sort("opened", _("Newest first"), "opened_on", descending=True),),
        filterset=ChurnFilters,
        search=by_words("customer", of="customer_id"),
        views=(
            View("open", _("To decide"), "state=open"),
            View("deferred", _("Deferred"), "state=deferred"),
            View("lost", _("Lost"), "state=confirmed"),
        ),
        actions=ACTIONS,
        empty_title=_("No churn cases"),
        empty_text=_("A rule opens them when a customer stops buying; you can open one on a customer's page."),
    ),
)
