"""``/api/v1/orders``: with their lines, their way and their money."""

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from accounts import access
from crm.endpoints import Collection, Model, Money, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Day, Id, IdAsked, Line, Number
from crm.endpoints.values import chosen, reason_of
from crm.lists.search import by_words
from sales import collect, create_document, run_order
from sales.api.documents import SHARED, TOTALS, change, customer_of, filters, values_for
from sales.api.lines import LINES, LineOut, NewLines, create_all, show_lines
from sales.models import Order, Quote
from sales.order_page import may, may_plan
from sales.states import OrderState

TYPED = (*SHARED, "ordered_on", "their_number", "external_id", "external_system")
SHOWN = (*TYPED, *TOTALS, "quote", "confirmed_on", "cancelled_on", "cancel_reason", "received")
EXAMPLE = {"customer": 1, "currency": "EUR", "lines": [{"product": 1, "quantity": 10}]}


class PlannedPart(Model):
    percent: Annotated[Number, Field(gt=0, le=100)]
    due_on: Day
    condition: Line | None = None


class Plan(Model):
    """The percents are 100 together; the last instalment takes the remainder of the rounding."""

    parts: Annotated[list[PlannedPart], Field(min_length=1, max_length=60)]


class Receive(Model):
    """``instalment``: the one to settle first; without it the oldest open ones."""

    amount: Money
    received_on: Day | None = None
    instalment: Id | None = None
    reference: Annotated[Line, Field(max_length=120)] | None = None


def create(sent: dict[str, Any], *, by: Any) -> Order:
    """Empty or with lines for a customer, or line for line what a customer accepted (``quote``)."""
    quote, lines = sent.pop("quote", None), sent.pop("lines", ())
    if quote is not None:
        return _of_quote(quote, {**sent, **({"lines": lines} if lines else {})}, by)
    if "customer" not in sent:
        raise ValidationError({"customer": _("Name the customer, or the quote that was accepted.")})
    customer = customer_of(sent, by)
    order = create_document.create_order(customer, by=by, **values_for(Order, sent, customer, by))
    create_all(order, lines, by=by)
    return order


def _of_quote(pk: int, others: dict[str, Any], by: Any) -> Order:
    if others:
        raise ValidationError(dict.fromkeys(others, _("The order is what the quote says.")))
    quote = chosen("quote", Quote.objects.visible_to(by), pk)
    access.require(by, "change", quote)
    return create_document.order_quote(quote, by=by)


def cancel(order: Order, data: dict[str, Any], *, by: Any) -> None:
    run_order.cancel(order, reason_of(data, "order_cancel_reason"), by=by)


def plan(order: Order, data: dict[str, Any], *, by: Any) -> None:
    parts = [collect.Part(part["percent"], part["due_on"], part.get("condition") or "") for part in data["parts"]]
    collect.plan(order, parts, by=by)


def receive(order: Order, data: dict[str, Any], *, by: Any) -> Any:
    """As POST /receipts, which also tells the receipt."""
    if data["amount"]["currency"] != order.currency:
        raise ValidationError({"amount": _("The order is in %(currency)s.") % {"currency": order.currency}})
    first = data.get("instalment")
    return collect.receive(
        order, data["amount"]["amount"], by=by, on=data.get("received_on"), reference=data.get("reference") or "",
        instalment=chosen("instalment", order.instalments, first) if first is not None else None,
    )  # fmt: skip


def may_receive(by: Any, order: Order) -> None:
    if not access.covers(by, order, "receive"):
        raise PermissionDenied


def _runs(name: str, call: Any) -> Verb:
    return Verb(call, may=lambda user, order: may(user, order, name))


collections.add(
    "orders",
    Collection(
        name="orders",
        kind="order",
        model=Order,
        out=out("Order", Order, SHOWN, lines=list[LineOut]),
        show=shower(Order, SHOWN, lines=show_lines),
        related=("customer", "cancel_reason"),
        prefetch=("lines",),
        sorts={"ordered": "ordered_on", "created": "created_at"},
        default_sort="-ordered",
        filters=filters(OrderState)
        | {"quote": Filter(IdAsked, "quote_id"), "external_id": Filter(Line, "external_id")},
        search=by_words("order"),
        body=body("NewOrder", Order, TYPED, customer=Id, quote=Id, lines=NewLines, example=EXAMPLE),
        create=create,
        patch=body("OrderChange", Order, TYPED),
        change=change,
        remove=lambda order, *, by: order.trash(by=by),
        parts={"lines": LINES},
        verbs={
            "confirm": _runs("confirm", lambda order, data, *, by: run_order.confirm(order, by=by)),
            "ship": _runs("ship", lambda order, data, *, by: run_order.ship(order, by=by)),
            "deliver": _runs("deliver", lambda order, data, *, by: run_order.deliver(order, by=by)),
            "close": _runs("close", lambda order, data, *, by: run_order.close(order, by=by)),
            "cancel": _runs("cancel", cancel),
            "plan": Verb(plan, body=Plan, may=may_plan),
            "receive": Verb(receive, "receive", Receive),
        },
    ),
)
