"""The pool's list: what may be seen of a customer before it is claimed. Contact data is masked, never read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db import models
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from crm.formats import Formats
from crm.lists.cells import Badge, Cell, Entry, Moment, Number, Person, Row, Text
from crm.lists.filter_fields import ChoicesFilter, DaysFilter, EntryFilter
from crm.lists.filters import ListFilters
from crm.lists.search import by_words
from crm.lists.spec import Column, ListSpec, Sort, lists
from customers.lists import GRADE_TONES, STATE_TONES
from customers.models import Customer, Pool
from customers.states import CustomerState, Grade

MASK = "•••"


@dataclass(frozen=True)
class Masked(Cell):
    """Says that something is hidden here and reads nothing, so that no road shows it: page, search, export."""

    def sources(self, path: str) -> tuple[str, ...]:
        return ()

    def show(self, path: str, formats: Formats) -> Callable[[Row], str]:
        title = escape(_("Shown to the owner"))
        text = f'<span class="text-secondary" title="{title}">{MASK}</span>'
        return lambda row: text

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return lambda row: MASK


@dataclass(frozen=True)
class Name(Cell):
    """A name that leads nowhere: the page of a customer opens to its owner."""

    is_main = True


@dataclass(frozen=True)
class ClaimButton(Cell):
    """Inside the list's own form: works by htmx, which swaps the row, and without JavaScript."""

    css = "list-verb"

    def sources(self, path: str) -> tuple[str, ...]:
        return ("pk",)

    def show(self, path: str, formats: Formats) -> Callable[[Row], str]:
        before, after = reverse("customers:claim", args=[0]).split("0")
        text = escape(_("Claim"))

        def show(row: Row) -> str:
            url = f"{before}{row['pk']}{after}"
            return (
                f'<button class="btn btn-sm" type="submit" formaction="{url}" hx-post="{url}" hx-params="none"'
                f' hx-target="closest tr" hx-swap="outerHTML" hx-disabled-elt="this">{text}</button>'
            )

        return show

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return lambda row: ""


class PoolFilter(django_filters.ModelChoiceFilter):
    """The pools that the viewer sees."""

    def get_queryset(self, request: Any) -> models.QuerySet:
        return Pool.objects.visible_to(self.parent.user)


class PoolFilters(ListFilters):
    pool = PoolFilter(label=gettext_lazy("Pool"), queryset=lambda _request: None, empty_label=gettext_lazy("all pools"))
    grade = ChoicesFilter(label=gettext_lazy("Grade"), choices=Grade.choices)
    state = ChoicesFilter(label=gettext_lazy("State"), choices=CustomerState.choices)
    region = EntryFilter(label=gettext_lazy("Region"), list="region")
    industry = EntryFilter(label=gettext_lazy("Industry"), list="industry")
    source = EntryFilter(label=gettext_lazy("Source"), list="lead_source")
    entered = DaysFilter(label=gettext_lazy("In the pool since"), field_name="entered_pool_at")


def rows(user: Any) -> list[models.QuerySet]:
    """One branch: the pools are few, and the index leads with them."""
    pools = list(Pool.objects.visible_to(user).values_list("pk", flat=True))
    return [Customer.objects.of_pools(pools)]


def may_pick(user: Any) -> bool:
    """Those who may claim or assign many at once, as the bar of the page offers it."""
    return access.allows(user, "claim", "customer") or access.allows(user, "assign", "pool")


pool_list = lists.add(
    "pool",
    ListSpec(
        name="pool",
        kind="customer",
        title=gettext_lazy("Pool"),
        icon="pool",
        url_name="customers:pool",
        rows=rows,
        columns=(
            Column("name", gettext_lazy("Name"), Name(), sort="name"),
            Column("grade", gettext_lazy("Grade"), Badge(Grade, GRADE_TONES)),
            Column("state", gettext_lazy("State"), Badge(CustomerState, STATE_TONES)),
            Column("region", gettext_lazy("Region"), Entry()),
            Column("industry", gettext_lazy("Industry"), Entry()),
            Column("phone", gettext_lazy("Phone"), Masked()),
            Column("pool", gettext_lazy("Pool"), Text(), source="pool__name"),
            Column("entered_pool_at", gettext_lazy("In the pool since"), Moment(with_time=False), sort="entered"),
            Column("claim", gettext_lazy("Claim"), ClaimButton(), right=("customer", "claim")),
            Column("email", gettext_lazy("E-mail"), Masked(), default=False),
            Column("former_owner", gettext_lazy("Former owner"), Person(), default=False),
            Column("last_contact_at", gettext_lazy("Last contact"), Moment(with_time=False), default=False),
            Column("source", gettext_lazy("Source"), Entry(), default=False),
            Column("city", gettext_lazy("City"), Text(), default=False),
            Column("employees", gettext_lazy("Employees"), Number(), default=False),
        ),
        sorts=(
            Sort("entered", gettext_lazy("Latest first"), "entered_pool_at", descending=True),
            Sort("name", gettext_lazy("Name"), "sort_key"),
        ),
        filterset=PoolFilters,
        picks=may_pick,
        search=by_words("customer", only_names=True),
        empty_title=gettext_lazy("The pool is empty"),
        empty_text=gettext_lazy("Customers come here when their owner releases them or a rule takes them back."),
    ),
)
