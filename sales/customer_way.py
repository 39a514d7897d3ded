"""The way from lead to payment on the page of a customer: what is done, and what is next as a link."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from crm.formats import current_formats
from customers.models import Customer
from sales.models import Opportunity, Order, Quote
from sales.models.order import COUNTED
from sales.states import OrderState, QuoteState

PLACES = ("lead", "customer", "opportunity", "quote", "order", "paid")


@dataclass(frozen=True)
class Next:
    """``place`` on the way, and what to do there."""

    place: str
    text: str = ""
    url: str = ""


def way_of_customer(user: Any, customer: Customer) -> list[dict[str, Any]]:
    """Nothing for those who see neither quotes nor orders. Three statements at most."""
    if not (access.allows(user, "view", "quote") or access.allows(user, "view", "order")):
        return []
    order = Order.objects.visible_to(user).filter(customer=customer).exclude(state=OrderState.CANCELLED)
    next_ = _of_order(order.order_by("-pk").first()) or _of_quote(user, customer) or _of_opportunity(user, customer)
    return _steps(next_, has_lead=any(kind == "lead" for kind, _pk in _aliases(customer)))


def _of_order(order: Order | None) -> Next | None:
    if order is None:
        return None
    url = reverse("sales:order_detail", args=[order.pk])
    if order.state not in COUNTED:
        return Next("order", _("%(number)s waits for confirmation") % {"number": order.number}, url)
    if order.is_paid:
        return Next("", order.number, url)
    open_ones = order.instalments.open().order_by("due_on").first()
    if open_ones is None:
        return Next("paid", _("Plan the payment"), f"{url}#payment")
    formats = current_formats()
    amount = formats.money(order.outstanding, order.currency)
    text = _("%(amount)s open, next on %(date)s") % {"amount": amount, "date": formats.date(open_ones.due_on)}
    return Next("paid", text, f"{url}#payment")


def _of_quote(user: Any, customer: Customer) -> Next | None:
    """The one that is furthest: accepted, sent, approved, waiting, draft."""
    going = ("accepted", "sent", "approved", "pending", "draft")
    rank = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(going)),
                output_field=IntegerField())  # fmt: skip
    rows = Quote.objects.visible_to(user).filter(customer=customer, state__in=going)
    quote = rows.order_by(rank, "-pk").first()
    if quote is None:
        return None
    texts = {
        QuoteState.ACCEPTED: _("Make the order"),
        QuoteState.SENT: _("Waits for an answer until %(date)s") % {"date": current_formats().date(quote.valid_until)},
        QuoteState.APPROVED: _("Send the quote"),
        QuoteState.PENDING: _("Waits for approval"),
        QuoteState.DRAFT: _("Finish the quote"),
    }
    place = "order" if quote.state == QuoteState.ACCEPTED else "quote"
    return Next(place, texts[QuoteState(quote.state)], reverse("sales:quote_detail", args=[quote.pk]))


def _of_opportunity(user: Any, customer: Customer) -> Next:
    rows = Opportunity.objects.visible_to(user).filter(customer=customer, state__in=["open", "won"])
    found = rows.select_related("stage").order_by("-pk").first()
    if found is None:
        may = access.allows(user, "create", "opportunity")
        url = f"{reverse('sales:opportunity_create')}?customer={customer.pk}" if may else ""
        return Next("opportunity", _("Open an opportunity"), url)
    if found.is_open and not found.stage.allows_quotes:
        return Next("opportunity", found.stage.label, reverse("sales:opportunity_detail", args=[found.pk]))
    what = f"opportunity={found.pk}" if found.is_open else f"customer={customer.pk}"
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


def _aliases(customer: Any) -> list[tuple[str, int]]:
    return [(alias["kind"], alias["pk"]) for alias in getattr(customer, "aliases", ())]
