"""``/api/v1/instalments``, ``/invoices`` and ``/receipts``: to read; they are made on the page of their order."""

from typing import Any, Literal

from crm.endpoints import Collection, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import out, shower
from crm.endpoints.schemas import IdAsked, Line
from sales.models import Instalment, Invoice, Receipt
from sales.states import InstalmentState

INSTALMENT = ("order", "position", "due_on", "amount", "condition", "received", "state")
INVOICE = ("number", "order", "instalment", "issued_on", "due_on", "amount", "issued_by")
RECEIPT = ("order", "amount", "received_on", "reference", "entered_by")


def _to_read(name: str, model: Any, shown: tuple[str, ...], **filters: Filter) -> None:
    collections.add(
        name,
        Collection(
            name=name,
            kind="order",
            model=model,
            out=out(model.__name__, model, shown),
            show=shower(model, shown),
            sorts={"id": "id"},
            default_sort="-id",
            filters={"order": Filter(IdAsked, "order_id"), **filters},
            rows=lambda user: model.objects.visible_to(user),
        ),
    )


_to_read("instalments", Instalment, INSTALMENT, state=Filter(Literal[tuple(InstalmentState.values)], "state"))
_to_read("invoices", Invoice, INVOICE, number=Filter(Line, "number"))
_to_read("receipts", Receipt, RECEIPT)
