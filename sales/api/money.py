"""``/api/v1/instalments``, ``/invoices``, ``/receipts``, ``/refunds``: money, within the reach of its order."""

from typing import Any, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.endpoints import Collection, Model, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Day, Id, IdAsked, Line, Reason
from crm.endpoints.values import chosen
from crm.lists.search import by_words
from records.refusals import Refused, StaleVersion
from sales import collect, issue_invoice
from sales.api import orders
from sales.models import Instalment, Invoice, Order, Receipt, Refund
from sales.number_search import invoice_search
from sales.order_page import may_plan
from sales.states import InstalmentState

INSTALMENT = ("order", "position", "due_on", "amount", "condition", "received", "state")
INVOICE = ("number", "order", "instalment", "issued_on", "due_on", "net", "tax", "amount", "credits", "reason",
           "is_void", "language", "bill_name", "bill_address", "bill_tax_number", "issued_by")  # fmt: skip
RECEIPT = ("order", "amount", "received_on", "reference", "entered_by")
REFUND = ("order", "amount", "refunded_on", "reference", "entered_by")


OF_ORDER = by_words("order", of="order_id")


class NewReceipt(orders.Receive):
    order: Id


class NewRefund(orders.Refund):
    order: Id


class Issue(Model):
    """Without ``issued_on`` it is of today."""

    issued_on: Day | None = None


class NewInvoice(Issue):
    """Of an instalment, or of an order that is paid in one."""

    instalment: Id | None = None
    order: Id | None = None


# --- instalments ---


def postpone(instalment: Instalment, sent: dict[str, Any], *, by: Any, version: int) -> None:
    """Another day. Amounts are planned together: POST /orders/<id>/plan."""
    if not may_plan(by, instalment.order):
        raise PermissionDenied
    if instalment.order.lock().version != version:
        raise StaleVersion(instalment.order.version)
    if "due_on" in sent:
        collect.postpone(instalment, sent["due_on"], by=by)


def planned(instalment: Instalment, *, by: Any) -> None:
    raise Refused(_("The instalments of an order are planned together: POST /orders/<id>/plan."), reason="plan")


def issue(instalment: Instalment, data: dict[str, Any], *, by: Any) -> None:
    issue_invoice.invoice(instalment, by=by, on=data.get("issued_on"))


# --- invoices ---


def create_invoice(sent: dict[str, Any], *, by: Any) -> Invoice:
    """Asked for twice, the same invoice."""
    if (sent.get("instalment") is None) == (sent.get("order") is None):
        raise ValidationError({"instalment": _("Name an instalment, or an order that is paid in one.")})
    on = sent.get("issued_on")
    if sent.get("order") is not None:
        order = chosen("order", Order.objects.visible_to(by), sent["order"])
        access.require(by, "invoice", order)
        return issue_invoice.invoice_order(order, by=by, on=on)
    instalment = chosen("instalment", Instalment.objects.visible_to(by), sent["instalment"])
    access.require(by, "invoice", instalment.order)
    return issue_invoice.invoice(instalment, by=by, on=on)


def void(invoice: Invoice, data: dict[str, Any], *, by: Any) -> None:
    """By a credit note of all that it still stands for."""
    why = (data.get("reason") or data.get("note") or "")[:200]
    issue_invoice.void_invoice(invoice, by=by, reason=why)


def allowed(invoice: Invoice) -> tuple[str, ...]:
    return ("void",) if invoice.is_standing else ()


def kept(invoice: Invoice, *_values: Any, by: Any, **_how: Any) -> None:
    state = "void" if invoice.is_void else "credit_note" if invoice.is_credit_note else "issued"
    raise Refused(_("An invoice stays as it was issued. A wrong one is taken back."), reason="frozen", state=state)


# --- receipts and refunds ---


def create_receipt(sent: dict[str, Any], *, by: Any) -> Receipt:
    order = chosen("order", Order.objects.visible_to(by), sent.pop("order"))
    access.require(by, "receive", order)
    return orders.receive(order, sent, by=by)


def create_refund(sent: dict[str, Any], *, by: Any) -> Refund:
    order = chosen("order", Order.objects.visible_to(by), sent.pop("order"))
    access.require(by, "refund", order)
    return orders.refund(order, sent, by=by)


def entered(money: Any, *_values: Any, by: Any, **_how: Any) -> None:
    raise Refused(_("Money stays as it was entered."), reason="frozen", state="entered")


def _within_orders(
    name: str, model: Any, shown: tuple[str, ...], *, version: Any, search: Any = OF_ORDER, **more: Any
) -> None:
    """Without a version of their own they show one all the same: that of what a change of theirs would change."""
    collections.add(
        name,
        Collection(
            name=name,
            kind="order",
            model=model,
            out=out(model.__name__, model, shown, version=int),
            show=shower(model, shown, version=version),
            related=("order",),
            judged_by=lambda record: record.order,
            search=search,
            **{"change_right": "view", "remove_right": "view", **more},  # whoever sees it is told why it stays
        ),
    )


_within_orders(
    "instalments",
    Instalment,
    INSTALMENT,
    version=lambda instalment: instalment.order.version,
    sorts={"due": "due_on", "id": "id"},
    default_sort="due",
    filters={
        "order": Filter(IdAsked, "order_id"),
        "state": Filter(Literal[tuple(InstalmentState.values)], "state"),
        "due_from": Filter(Day, "due_on__gte"),
        "due_to": Filter(Day, "due_on__lte"),
    },
    patch=body("InstalmentChange", Instalment, ("due_on",)),
    change=postpone,
    remove=planned,
    verbs={"invoice": Verb(issue, "invoice", Issue)},
)
_within_orders(
    "invoices",
    Invoice,
    INVOICE,
    search=invoice_search(),
    version=lambda invoice: 2 if invoice.is_void else 1,
    sorts={"issued": "issued_on", "due": "due_on", "id": "id"},
    default_sort="-issued",
    filters={
        "order": Filter(IdAsked, "order_id"),
        "instalment": Filter(IdAsked, "instalment_id"),
        "credits": Filter(IdAsked, "credits_id"),
        "number": Filter(Line, "number"),
        "is_void": Filter(bool, "is_void"),
        "due_from": Filter(Day, "due_on__gte"),
        "due_to": Filter(Day, "due_on__lte"),
    },
    body=NewInvoice,
    create_right="invoice",
    create=create_invoice,
    patch=body("InvoiceChange", Invoice, ("due_on",)),
    change=kept,
    remove=kept,
    allowed=allowed,
    verbs={"void": Verb(void, "invoice", Reason)},
)
_within_orders(
    "receipts",
    Receipt,
    RECEIPT,
    version=lambda receipt: 1,
    sorts={"received": "received_on", "id": "id"},
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
    change=entered,
    remove_right="receive",
    remove=lambda receipt, *, by: collect.withdraw_receipt(receipt, by=by),
)
_within_orders(
    "refunds",
    Refund,
    REFUND,
    version=lambda refund: 1,
    sorts={"refunded": "refunded_on", "id": "id"},
    default_sort="-id",
    filters={"order": Filter(IdAsked, "order_id")},
    body=NewRefund,
    create_right="refund",
    create=create_refund,
    patch=body("RefundChange", Refund, ("reference",)),
    change=entered,
    remove=entered,
)
