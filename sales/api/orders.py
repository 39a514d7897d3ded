"""``/api/v1/orders``: with their lines, their way and their money."""

from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from accounts import access
from crm.endpoints import Collection, Model, Money, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Day, Id, IdAsked, Line, Number, Reason
from crm.endpoints.values import chosen, reason_and_note, reason_of
from crm.lists.search import by_words
from sales import collect, create_document, issue_invoice, run_order, take_back
from sales.api.documents import SHARED, TOTALS, change, customer_of, filters, values_for
from sales.api.lines import LINES, LineOut, NewLines, create_all, show_lines
from sales.models import Order, Quote
from sales.order_page import NEEDS, may, may_plan
from sales.states import OrderState

TYPED = (*SHARED, "ordered_on", "their_number", "external_id", "external_system")
SHOWN = (*TYPED, *TOTALS, "quote", "confirmed_on", "cancelled_on", "cancel_reason", "received", "returned")
EXAMPLE = {"customer": 1, "currency": "EUR", "lines": [{"product": 1, "quantity": 10}]}


Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120, pattern=r"^[^\x00\r\n]*$")]


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
    reference: Reference | None = None


class Refund(Model):
    """At most the credit on the order."""

    amount: Money
    refunded_on: Day | None = None
    reference: Reference | None = None


class Goods(Model):
    line: Id
    quantity: Number


class Ship(Model):
    """Without ``lines`` all that is left."""

    lines: Annotated[list[Goods], Field(min_length=1, max_length=1000)] | None = None
    shipped_on: Day | None = None
    reference: Reference | None = None


class TakeBack(Reason):
    lines: Annotated[list[Goods], Field(min_length=1, max_length=1000)]


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


def ship(order: Order, data: dict[str, Any], *, by: Any) -> None:
    quantities = quantities_of(data["lines"]) if data.get("lines") else None
    reference = data.get("reference") or ""
    run_order.ship(order, quantities, by=by, on=data.get("shipped_on"), reference=reference)


def quantities_of(lines: list[dict[str, Any]]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for place, asked in enumerate(lines):
        if asked["quantity"] <= 0:
            raise ValidationError({f"lines.{place}.quantity": _("A quantity is greater than zero.")})
        found[asked["line"]] = found.get(asked["line"], Decimal(0)) + asked["quantity"]
    return found


def take_goods_back(order: Order, data: dict[str, Any], *, by: Any) -> None:
    reason, note = reason_and_note(data, "order_return_reason")
    take_back.take_back(order, quantities_of(data["lines"]), reason, by=by, note=note)


def cancel_rest(order: Order, data: dict[str, Any], *, by: Any) -> None:
    take_back.cancel_rest(order, reason_of(data, "order_return_reason"), by=by)


def cancel(order: Order, data: dict[str, Any], *, by: Any) -> None:
    run_order.cancel(order, reason_of(data, "order_cancel_reason"), by=by)


def plan(order: Order, data: dict[str, Any], *, by: Any) -> None:
    parts = [collect.Part(part["percent"], part["due_on"], part.get("condition") or "") for part in data["parts"]]
    collect.plan(order, parts, by=by)


def receive(order: Order, data: dict[str, Any], *, by: Any) -> Any:
    """As POST /receipts, which tells the receipt."""
    first = data.get("instalment")
    return collect.receive(
        order, amount_in(order, data), by=by, on=data.get("received_on"), reference=data.get("reference") or "",
        instalment=chosen("instalment", order.instalments, first) if first is not None else None,
    )  # fmt: skip


def refund(order: Order, data: dict[str, Any], *, by: Any) -> Any:
    """As POST /refunds, which tells the refund."""
    reference = data.get("reference") or ""
    return collect.refund(order, amount_in(order, data), by=by, on=data.get("refunded_on"), reference=reference)


def amount_in(order: Order, data: dict[str, Any]) -> Decimal:
    if data["amount"]["currency"] != order.currency:
        raise ValidationError({"amount": _("The order is in %(currency)s.") % {"currency": order.currency}})
    return data["amount"]["amount"]


def _runs(name: str, call: Any, body: Any = Reason) -> Verb:
    return Verb(call, body=body, may=lambda user, order: _may_run(user, order, name))


def _may_run(user: Any, order: Order, name: str) -> bool:
    """As on its page; what takes money off an order needs who may confirm it."""
    return may(user, order, name) if name in NEEDS else access.covers(user, order, "approve")


collections.add(
    "orders",
    Collection(
        name="orders",
        kind="order",
        model=Order,
        out=out("Order", Order, SHOWN, lines=list[LineOut]),  # type: ignore[valid-type]
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
            "ship": _runs("ship", ship, Ship),
            "cancel_rest": _runs("cancel_rest", cancel_rest),
            "deliver": _runs("deliver", lambda order, data, *, by: run_order.deliver(order, by=by)),
            "close": _runs("close", lambda order, data, *, by: run_order.close(order, by=by)),
            "cancel": _runs("cancel", cancel),
            "return": _runs("return", take_goods_back, TakeBack),
            "plan": Verb(plan, body=Plan, may=may_plan),
            "invoice": Verb(lambda order, data, *, by: issue_invoice.invoice_order(order, by=by), "invoice"),
            "receive": Verb(receive, "receive", Receive),
            "refund": Verb(refund, "refund", Refund),
        },
    ),
)
