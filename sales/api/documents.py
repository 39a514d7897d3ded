"""``/api/v1/quotes`` and ``/api/v1/orders``; their lines are written on their pages."""

from typing import Any, Literal

from crm.endpoints import Collection, Model, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Id, IdAsked, Line
from crm.endpoints.values import chosen, note_of, reason_of, same_customer, values_of
from crm.lists.search import by_words
from customers.models import Customer
from records.refusals import Refused
from sales import create_document, run_order
from sales.approval import submit_quote
from sales.edit_document import edit_document
from sales.models import Order, Quote
from sales.order_page import may
from sales.states import OrderState, QuoteState

_SHARED = ("contact", "opportunity", "currency", "prices_include_tax", "terms")
_TOTALS = ("number", "customer", "owner", "state", "net", "tax", "gross", "created_at")
QUOTE = (*_SHARED, "valid_until", "language", "intro")
ORDER = (*_SHARED, "ordered_on", "their_number", "external_id", "external_system")
QUOTE_SHOWN = (*QUOTE, *_TOTALS, "revision", "supersedes", "comment", "sent_at", "decided_at", "accepted_name",
               "declined_reason")  # fmt: skip
ORDER_SHOWN = (*ORDER, *_TOTALS, "quote", "confirmed_on", "cancelled_on", "cancel_reason", "received")


class Accept(Model):
    """``name``: who said yes."""

    name: Line | None = None


def _values(model: Any, sent: dict[str, Any], customer: Any, by: Any) -> dict[str, Any]:
    values = values_of(model, sent, by=by)
    same_customer(values, customer, "contact", "opportunity")
    return values


def create_quote(sent: dict[str, Any], *, by: Any) -> Quote:
    customer = chosen("customer", Customer.objects.visible_to(by), sent.pop("customer"))
    return create_document.create_quote(customer, by=by, **_values(Quote, sent, customer, by))


def create_order(sent: dict[str, Any], *, by: Any) -> Order:
    customer = chosen("customer", Customer.objects.visible_to(by), sent.pop("customer"))
    return create_document.create_order(customer, by=by, **_values(Order, sent, customer, by))


def change(document: Any, sent: dict[str, Any], *, by: Any, version: int) -> None:
    values = _values(type(document), sent, document.customer, by)
    if values.get("currency", document.currency) != document.currency and document.lines.exists():
        raise Refused("The lines are in another currency.", reason="lines", state=document.state)
    edit_document(document, values, by=by, version=version)


def return_quote(quote: Quote, data: dict[str, Any], *, by: Any) -> None:
    comment = (data.get("note") or data.get("reason") or "")[:500]
    if not comment:
        raise Refused("Say what has to be changed.", reason="reason_missing", state=quote.state)
    quote.return_to_draft(comment, by=by)


def accept(quote: Quote, data: dict[str, Any], *, by: Any) -> None:
    quote.accept(by=by, name=data.get("name") or "")


def decline(quote: Quote, data: dict[str, Any], *, by: Any) -> None:
    quote.decline(reason_of(data, "quote_decline_reason"), by=by, note=note_of(data))


def cancel(order: Order, data: dict[str, Any], *, by: Any) -> None:
    run_order.cancel(order, reason_of(data, "order_cancel_reason"), by=by)


def _order_verb(name: str, call: Any) -> Verb:
    return Verb(call, may=lambda user, order: may(user, order, name))


def _filters(states: Any) -> dict[str, Filter]:
    return {
        "owner": Filter(IdAsked, "owner_id"),
        "customer": Filter(IdAsked, "customer_id"),
        "opportunity": Filter(IdAsked, "opportunity_id"),
        "state": Filter(Literal[tuple(states.values)], "state"),
        "number": Filter(Line, "number"),
    }


collections.add(
    "quotes",
    Collection(
        name="quotes",
        kind="quote",
        model=Quote,
        out=out("Quote", Quote, QUOTE_SHOWN),
        show=shower(Quote, QUOTE_SHOWN),
        related=("customer", "declined_reason"),
        sorts={"created": "created_at", "valid": "valid_until"},
        default_sort="-created",
        filters=_filters(QuoteState),
        search=by_words("quote"),
        body=body("NewQuote", Quote, QUOTE, required=("customer",), customer=Id),
        create=create_quote,
        patch=body("QuoteChange", Quote, QUOTE),
        change=change,
        remove=lambda quote, *, by: quote.trash(by=by),
        verbs={
            "submit": Verb(lambda quote, data, *, by: submit_quote(quote, by=by)),
            "approve": Verb(lambda quote, data, *, by: quote.approve(by=by), "approve"),
            "return": Verb(return_quote, "approve"),
            "accept": Verb(accept, body=Accept),
            "decline": Verb(decline),
            "withdraw": Verb(lambda quote, data, *, by: quote.withdraw(by=by)),
            "revise": Verb(lambda quote, data, *, by: create_document.revise(quote, by=by)),
        },
    ),
)
collections.add(
    "orders",
    Collection(
        name="orders",
        kind="order",
        model=Order,
        out=out("Order", Order, ORDER_SHOWN),
        show=shower(Order, ORDER_SHOWN),
        related=("customer", "cancel_reason"),
        sorts={"ordered": "ordered_on", "created": "created_at"},
        default_sort="-ordered",
        filters=_filters(OrderState) | {"external_id": Filter(Line, "external_id")},
        search=by_words("order"),
        body=body("NewOrder", Order, ORDER, required=("customer",), customer=Id),
        create=create_order,
        patch=body("OrderChange", Order, ORDER),
        change=change,
        remove=lambda order, *, by: order.trash(by=by),
        verbs={
            "confirm": _order_verb("confirm", lambda order, data, *, by: run_order.confirm(order, by=by)),
            "ship": _order_verb("ship", lambda order, data, *, by: run_order.ship(order, by=by)),
            "deliver": _order_verb("deliver", lambda order, data, *, by: run_order.deliver(order, by=by)),
            "close": _order_verb("close", lambda order, data, *, by: run_order.close(order, by=by)),
            "cancel": _order_verb("cancel", cancel),
        },
    ),
)
