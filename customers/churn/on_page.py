"""What churn adds to the page of a customer: that it may leave or is lost, and the way to say so."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from crm.formats import current_formats
from crm.together import Row
from customers.actions import Action, actions
from customers.churn.signs import because
from customers.models import ChurnCase
from customers.next_steps import Step, next_steps
from customers.states import ChurnState, LifeCycle

THREATENED = (LifeCycle.RETAIN, LifeCycle.LOST)


def add_to_page() -> None:
    next_steps.add("churn", churn_step)
    actions.add(
        "churn",
        Action(
            "churn", 65, "customers/churn/_open_item.html", to_open, _no_words, "customers/churn/_open.html"
        ),
    )  # fmt: skip


def churn_step(user: Any, customer: Any, *, now: datetime) -> Iterable[Step]:
    """Only where the life cycle says that there is a case."""
    if customer.life_cycle not in THREATENED or not access.allows(user, "view", "churn"):
        return
    case = present_case(customer)
    if case is None:
        return
    formats, url = current_formats(), reverse("customers:churn_case", args=[case.pk])
    if case.state == ChurnState.OPEN:
        yield Step(_("May leave: %(why)s") % {"why": because(case) or "–"}, "heart-broken", 1, "bad", url)
    elif case.state == ChurnState.DEFERRED:
        text = _("May leave; deferred until %(date)s") % {"date": formats.date(case.deferred_until)}
        yield Step(text, "clock-pause", 6, "warn", url)
    else:
        text = _("Lost on %(date)s: %(reason)s") % {"date": formats.date(case.confirmed_on), "reason": case.reason}
        yield Step(text, "circle-x", 1, "bad", url)


def present_case(customer: Any) -> ChurnCase | None:
    """The case that has not ended."""
    cases = ChurnCase.objects.live().filter(customer=customer, ended_on__isnull=True)
    return cases.select_related("reason").order_by("-pk").first()


def to_open(user: Any, customer: Any) -> QuerySet | None:
    if customer.life_cycle in THREATENED or not access.allows(user, "create", "churn"):
        return None
    if not access.covers(user, customer, "change"):
        return None
    return ChurnCase.objects.live().filter(customer=customer, ended_on__isnull=True).order_by("pk").values("pk")[:1]


def _no_words(_rows: list[Row]) -> dict[str, Any]:
    return {}
