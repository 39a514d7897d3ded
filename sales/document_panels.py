"""Quotes and orders on the pages of a customer and of an opportunity."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.formats import current_formats
from customers.panels import Panel, panels
from sales.document_lists import ORDER_TONES, QUOTE_TONES
from sales.models import Order, Quote
from sales.opportunity_panels import OpportunityPanel, opportunity_panels

SHOWN = 6
TEMPLATE = "sales/_customer_documents.html"
KINDS: dict[str, tuple[Any, dict[Any, str], str]] = {
    "quote": (Quote, QUOTE_TONES, "valid_until"),
    "order": (Order, ORDER_TONES, "ordered_on"),
}


def add_document_panels() -> None:
    for kind, title, icon, order in (
        ("quote", _("Quotes"), "file-text", 20),
        ("order", _("Orders"), "file-invoice", 30),
    ):
        panels.add(
            f"{kind}s",
            Panel(f"{kind}s", title, order, TEMPLATE, _of_customer(kind), icon=icon, url=_list_of(kind)),
        )
    opportunity_panels.add(
        "quotes",
        OpportunityPanel(_("Quotes"), 10, "sales/_opportunity_quotes.html", quotes_of_opportunity, icon="file-text"),
    )


def _list_of(kind: str) -> Callable[[Any], str]:
    return lambda customer: f"{reverse(f'sales:{kind}_list')}?customer={customer.pk}"


def _of_customer(kind: str) -> Callable[[Any, Any], dict[str, Any] | None]:
    return lambda user, customer: documents_of(kind, user, f"customer={customer.pk}", customer=customer)


def quotes_of_opportunity(user: Any, opportunity: Any) -> dict[str, Any] | None:
    found = documents_of("quote", user, f"opportunity={opportunity.pk}", opportunity=opportunity)
    if found and not (opportunity.customer_id and opportunity.is_open and opportunity.stage.allows_quotes):
        found["new_url"] = ""
    return found


def documents_of(kind: str, user: Any, query: str, **of: Any) -> dict[str, Any] | None:
    """The latest ones within reach; one statement."""
    if not access.allows(user, "view", kind):
        return None
    model, tones, day = KINDS[kind]
    formats = current_formats()
    rows = [
        {
            "url": reverse(f"sales:{kind}_detail", args=[row.pk]),
            "number": row.number,
            "state": row.get_state_display(),
            "tone": tones[row.state],
            "amount": formats.money(row.gross, row.currency),
            "date": formats.date(getattr(row, day)),
        }
        for row in model.objects.visible_to(user).filter(**of).order_by("-pk")[:SHOWN]
    ]
    new_url = f"{reverse(f'sales:{kind}_create')}?{query}" if access.allows(user, "create", kind) else ""
    return {"rows": rows, "new_url": new_url, "is_quote": kind == "quote"}
