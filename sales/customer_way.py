"""The way from lead to payment on the page of a customer: what is done, and what is next as a link."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from crm.formats import current_formats
from crm.names import name_at, names_at
from crm.together import Row
from customers.models import Customer
from sales.models import Instalment, Opportunity, Order, Quote
from sales.models.order import COUNTED
from sales.states import OrderState, QuoteState

PLACES = ("lead", "customer", "opportunity", "quote", "order", "paid")
GOING = ("accepted", "sent", "approved", "pending", "draft")  # the quote that is furthest comes first


@dataclass(frozen=True)
class Next:
    """``place`` on the way, and what to do there."""

    place: str
    text: str = ""
    url: str = ""


def asks(user: Any, customer: Customer) -> dict[str, QuerySet]:
    """Nothing for those who see neither quotes nor orders."""
    if not (access.allows(user, "view", "quote") or access.allows(user, "view", "order")):
        return {}
    rank = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(GOING)),
                output_field=IntegerField())  # fmt: skip
    due = Instalment.objects.open().filter(order_id=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    orders = Order.objects.below(user, customer).exclude(state=OrderState.CANCELLED).order_by("-pk")
    quotes = Quote.objects.below(user, customer).filter(state__in=GOING).order_by(rank, "-pk")
    opportunities = Opportunity.objects.below(user, customer).filter(state__in=["open", "won"]).order_by("-pk")
    return {
        "way_order": orders.values(
            "pk", "number", "state", "currency", open=F("gross") - F("returned") - F("received"), due=Subquery(due)
        )[:1],
        "way_quote": quotes.values("pk", "state", "valid_until")[:1],
        "way_opportunity": opportunities.values("pk", "state", "stage__allows_quotes", *names_at("stage"))[:1],
    }


def steps(user: Any, customer: Customer, found: dict[str, list[Row]]) -> list[dict[str, Any]]:
    if "way_order" not in found:
        return []
    order, quote, opportunity = (
        next(iter(found[name]), None) for name in ("way_order", "way_quote", "way_opportunity")
    )  # fmt: skip
    if order:
        next_ = _of_order(order)
    elif quote:
        next_ = _of_quote(quote)
    else:
        next_ = _of_opportunity(user, customer, opportunity)
    return _steps(next_, has_lead=any(alias["kind"] == "lead" for alias in found["aliases"]))


def _of_order(order: Row) -> Next:
    url = reverse("sales:order_detail", args=[order["pk"]])
    if order["state"] not in COUNTED:
        return Next("order", _("%(number)s waits for confirmation") % {"number": order["number"]}, url)
    if order["open"] <= 0:
        return Next("", order["number"], url)
    if order["due"] is None:
        return Next("paid", _("Plan the payment"), f"{url}#payment")
    formats = current_formats()
    amount = formats.money(order["open"], order["currency"])
    text = _("%(amount)s open, next on %(date)s") % {"amount": amount, "date": formats.date(order["due"])}
    return Next("paid", text, f"{url}#payment")


def _of_quote(quote: Row) -> Next:
    state = QuoteState(quote["state"])
    until = current_formats().date(quote["valid_until"])
    texts = {
        QuoteState.ACCEPTED: _("Make the order"),
        QuoteState.SENT: _("Waits for an answer until %(date)s") % {"date": until},
        QuoteState.APPROVED: _("Send the quote"),
        QuoteState.PENDING: _("Waits for approval"),
        QuoteState.DRAFT: _("Finish the quote"),
    }
    place = "order" if state == QuoteState.ACCEPTED else "quote"
    return Next(place, texts[state], reverse("sales:quote_detail", args=[quote["pk"]]))


def _of_opportunity(user: Any, customer: Customer, found: Row | None) -> Next:
    if found is None:
        may = access.allows(user, "create", "opportunity")
        url = f"{reverse('sales:opportunity_create')}?customer={customer.pk}" if may else ""
        return Next("opportunity", _("Open an opportunity"), url)
    is_open = found["state"] == "open"
    if is_open and not found["stage__allows_quotes"]:
        return Next("opportunity", name_at(found, "stage"), reverse("sales:opportunity_detail", args=[found["pk"]]))
    what = f"opportunity={found['pk']}" if is_open else f"customer={customer.pk}"
    may = access.allows(user, "create", "quote")
    return Next("quote", _("Write a quote"), f"{reverse('sales:quote_create')}?{what}" if may else "")


def _steps(next_: Next, *, has_lead: bool) -> list[dict[str, Any]]:
    labels = {
        "lead": _("Lead"), "customer": _("Customer"), "opportunity": _("Opportunity"), "quote": _("Quote"),
        "order": _("Order"), "paid": _("Paid"),
    }  # fmt: skip
    places = PLACES if has_lead else PLACES[1:]
    here = places.index(next_.place) if next_.place else len(places)
    steps = []
    for number, place in enumerate(places):
        state = "done" if number < here else "now" if number == here else "next"
        is_told = number == min(here, len(places) - 1)
        label = next_.text if state == "now" and next_.text else labels[place]
        steps.append({
            "label": label, "state": state, "url": next_.url if is_told else "",
            "text": labels[place] if label != labels[place] else next_.text if is_told else "",
        })  # fmt: skip
    return steps
