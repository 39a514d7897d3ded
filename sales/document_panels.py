"""Quotes and orders on the pages of a customer and of an opportunity."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.formats import current_formats
from crm.together import Row
from customers.panels import Panel, panels
from sales.document_lists import ORDER_TONES, QUOTE_TONES
from sales.models import Order, Quote
from sales.opportunity_panels import OpportunityPanel, opportunity_panels
from sales.states import OrderState, QuoteState

SHOWN = 6
TEMPLATE = "sales/_customer_documents.html"


class Shown(NamedTuple):
    """``day``: the column with the day that is shown."""

    model: Any
    states: Any
    tones: dict[Any, str]
    day: str


KINDS = {
    "quote": Shown(Quote, QuoteState, QUOTE_TONES, "valid_until"),
    "order": Shown(Order, OrderState, ORDER_TONES, "ordered_on"),
}


def add_document_panels() -> None:
    for kind, title, icon, order in (
        ("quote", _("Quotes"), "file-text", 20),
        ("order", _("Orders"), "file-invoice", 30),
    ):
        panels.add(
            f"{kind}s",
            Panel(f"{kind}s", title, order, TEMPLATE, _asks(kind), _shows(kind), icon=icon, url=_list_of(kind)),
        )
    opportunity_panels.add(
        "quotes",
        OpportunityPanel(_("Quotes"), 10, "sales/_opportunity_quotes.html", quotes_of_opportunity, icon="file-text"),
    )


def _list_of(kind: str) -> Callable[[Any], str]:
    return lambda customer: f"{reverse(f'sales:{kind}_list')}?customer={customer.pk}"


def _asks(kind: str) -> Callable[[Any, Any], QuerySet | None]:
    def rows(user: Any, customer: Any) -> QuerySet | None:
        if not access.allows(user, "view", kind):
            return None
        return latest(kind, KINDS[kind].model.objects.below(user, customer))

    return rows


def _shows(kind: str) -> Callable[[Any, Any, list[Row]], dict[str, Any]]:
    return lambda user, customer, rows: documents_shown(kind, user, rows, f"customer={customer.pk}")


def quotes_of_opportunity(user: Any, opportunity: Any) -> dict[str, Any] | None:
    if not access.allows(user, "view", "quote"):
        return None
    rows = latest("quote", Quote.objects.visible_to(user).filter(opportunity=opportunity))
    found = documents_shown("quote", user, list(rows), f"opportunity={opportunity.pk}")
    if not (opportunity.customer_id and opportunity.is_open and opportunity.stage.allows_quotes):
        found["new_url"] = ""
    return found


def latest(kind: str, rows: QuerySet) -> QuerySet:
    return rows.order_by("-pk").values("pk", "number", "state", "gross", "currency", KINDS[kind].day)[:SHOWN]


def documents_shown(kind: str, user: Any, rows: list[Row], query: str) -> dict[str, Any]:
    """``query``: what a new document is opened with."""
    of, formats = KINDS[kind], current_formats()
    shown = [
        {
            "url": reverse(f"sales:{kind}_detail", args=[row["pk"]]),
            "number": row["number"],
            "state": of.states(row["state"]).label,
            "tone": of.tones[row["state"]],
            "amount": formats.money(row["gross"], row["currency"]),
            "date": formats.date(row[of.day]),
        }
        for row in rows
    ]
    new_url = f"{reverse(f'sales:{kind}_create')}?{query}" if access.allows(user, "create", kind) else ""
    return {"rows": shown, "new_url": new_url, "is_quote": kind == "quote"}
