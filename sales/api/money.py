"""``/api/v1/instalments``, ``/invoices`` and ``/receipts``: what an order brings in, each within the order's reach."""

from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.endpoints import Collection, Model, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Day, Id, IdAsked, Line
from crm.endpoints.values import chosen
from records.refusals import Refused
from sales import collect
from sales.api.orders import Receive, may_receive, receive
from sales.models import Instalment, Invoice, Order, Receipt
from sales.states import InstalmentState

INSTALMENT = ("order", "position", "due_on", "amount", "condition", "received", "state")
INVOICE = ("number", "order", "instalment", "issued_on", "due_on", "amount", "issued_by")
RECEIPT = ("order", "amount", "received_on", "reference", "entered_by")


class NewReceipt(Receive):
    order: Id


class Issue(Model):
    """Without ``issued_on`` it is of today."""

    issued_on: Day | None = None


class NewInvoice(Issue):
    instalment: Id | None = None
    order: Id | None = None


def create_invoice(sent: dict[str, Any], *, by: Any) -> Invoice:
    """Of an instalment, or of an order that is paid in one; asked for twice, the same invoice."""
    if (sent.get("instalment") is None) == (sent.get("order") is None):
        raise ValidationError({"instalment": _("Name an instalment, or an order that is paid in one.")})
    if sent.get("order") is not None:
        instalment = _only_one(chosen("order", Order.objects.visible_to(by), sent["order"]))
    else:
        instalment = chosen("instalment", Instalment.objects.visible_to(by), sent["instalment"])
    access.require(by, "invoice", instalment.order)
    return collect.invoice(instalment, by=by, on=sent.get("issued_on"))


def _only_one(order: Order) -> Instalment:
    found = list(order.instalments.all()[:2])
    if len(found) != 1:
        raise Refused(_("This order is paid in instalments, or its payment is not planned yet."), reason="plan")
    return found[0]


def issue_of(instalment: Instalment, data: dict[str, Any], *, by: Any) -> None:
    collect.invoice(instalment, by=by, on=data.get("issued_on"))


def create_receipt(sent: dict[str, Any], *, by: Any) -> Receipt:
    order = chosen("order", Order.objects.visible_to(by), sent.pop("order"))
    may_receive(by, order)
    return receive(order, sent, by=by)


def kept(record: Any, *_values: Any, by: Any, **_how: Any) -> None:
    """What was handed out or came in stays as it is."""
    raise Refused(_("This stays as it is: it is part of the books."), reason="frozen", state=_state(record))


def planned(record: Any, *_values: Any, by: Any, **_how: Any) -> None:
    """Instalments are together what the order costs, so they change together."""
    raise Refused(_("The instalments of an order are planned together: POST /orders/<id>/plan."), reason="plan")


def _state(record: Any) -> str:
    return getattr(record, "state", "final")


def _within_orders(name: str, model: Any, shown: tuple[str, ...], **more: Any) -> None:
    collections.add(
        name,
        Collection(
            name=name,
            kind="order",
            model=model,
            out=out(model.__name__, model, shown),
            show=shower(model, shown),
            related=("order",),
            rows=None if hasattr(model, "access") else model.objects.visible_to,
            judged_by=lambda record: record.order,
            change_right="view",  # whoever sees it is told why it stays
            remove_right="view",
            **more,
        ),
    )


_within_orders(
    "instalments",
    Instalment,
    INSTALMENT,
    sorts={"id": "id"},
    default_sort="-id",
    filters={
        "order": Filter(IdAsked, "order_id"),
        "state": Filter(Literal[tuple(InstalmentState.values)], "state"),
        "due_from": Filter(Day, "due_on__gte"),
        "due_to": Filter(Day, "due_on__lte"),
    },
    patch=body("InstalmentChange", Instalment, ("due_on", "condition")),
    change=planned,
    remove=planned,
    verbs={"invoice": Verb(issue_of, "invoice", Issue)},
)
_within_orders(
    "invoices",
    Invoice,
    INVOICE,
    sorts={"id": "id"},
    default_sort="-id",
    filters={
        "order": Filter(IdAsked, "order_id"),
        "instalment": Filter(IdAsked, "instalment_id"),
        "number": Filter(Line, "number"),
    },
    body=NewInvoice,
    create_right="invoice",
    create=create_invoice,
    patch=body("InvoiceChange", Invoice, ("due_on",)),
    change=kept,
    remove=kept,
)
_within_orders(
    "receipts",
    Receipt,
    RECEIPT,
    sorts={"id": "id", "received": "received_on"},
    default_sort="-id",
    filters={
        "order": Filter(IdAsked, "order_id"),
        "received_from": Filter(Day, "received_on__gte"),
        "received_to": Filter(Day, "received_on__lte"),
    },
    body=NewReceipt,
    create_right="receive",
    create=create_receipt,
    patch=body("ReceiptChange", Receipt, ("reference",)),
    change=kept,
    remove=kept,
)
