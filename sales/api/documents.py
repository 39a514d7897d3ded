"""What the collections of quotes and of orders share."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from crm.endpoints.collection import Filter
from crm.endpoints.schemas import IdAsked, Line
from crm.endpoints.values import chosen, same_customer, values_of
from customers.models import Customer
from records.refusals import Refused
from sales.edit_document import edit_document

SHARED = ("contact", "opportunity", "currency", "prices_include_tax", "terms")
TOTALS = ("number", "customer", "owner", "state", "net", "tax", "gross", "created_at")


def customer_of(sent: dict[str, Any], by: Any) -> Customer:
    return chosen("customer", Customer.objects.visible_to(by), sent.pop("customer"))


def values_for(model: Any, sent: dict[str, Any], customer: Any, by: Any) -> dict[str, Any]:
    values = values_of(model, sent, by=by)
    same_customer(values, customer, "contact", "opportunity")
    return values


def change(document: Any, sent: dict[str, Any], *, by: Any, version: int) -> None:
    values = values_for(type(document), sent, document.customer, by)
    if values.get("currency", document.currency) != document.currency and document.lines.exists():
        raise Refused(_("The lines are in another currency."), reason="lines")
    edit_document(document, values, by=by, version=version)


def filters(states: Any) -> dict[str, Filter]:
    return {
        "owner": Filter(IdAsked, "owner_id"),
        "customer": Filter(IdAsked, "customer_id"),
        "opportunity": Filter(IdAsked, "opportunity_id"),
        "state": Filter(Literal[tuple(states.values)], "state"),
        "number": Filter(Line, "number"),
    }
