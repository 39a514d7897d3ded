"""The lines of a draft: added, changed and removed one at a time; the database sums them up."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from records.log import log_event
from records.refusals import Refused
from sales.amounts import line_amount
from sales.business_day import today
from sales.models import Order, OrderLine, PriceList, Product, Quote, QuoteLine
from sales.prices import price_of

LINES: dict[type, type[QuoteLine] | type[OrderLine]] = {Quote: QuoteLine, Order: OrderLine}
FIELDS = ("product", "name", "description", "unit", "quantity", "unit_price", "discount", "tax_rate")


@transaction.atomic
def add_line(document: Any, *, by: Any, product: Product | None = None, **values: Any) -> Any:
    """``values`` of FIELDS override what the product says: name, unit, list price, tax rate; its cost is frozen.

    ``price_list`` among them: where the price is looked for first.
    """
    _lock_draft(document)
    price_list, quantity = values.pop("price_list", None), values.get("quantity") or Decimal(1)
    taken = of_product(product, document, price_list=price_list, quantity=quantity) if product else {}
    filled = {**taken, **_given(values)}
    if filled.get("unit_price") is None:
        raise Refused(_("This product has no price in %(currency)s. Type one.") % {"currency": document.currency},
                      reason="price")  # fmt: skip
    last = document.lines.aggregate(last=Max("position"))["last"] or 0
    line = LINES[type(document)](
        **{_parent(document): document}, product=product, position=last + 1, currency=document.currency, **filled
    )
    return _write(document, line, "add_line", by)


@transaction.atomic
def change_line(line: Any, *, by: Any, **values: Any) -> Any:
    document = getattr(line, _parent_of(line))
    _lock_draft(document)
    for name, value in _given(values).items():
        setattr(line, name, value)
    return _write(document, line, "change_line", by)


@transaction.atomic
def remove_line(line: Any, *, by: Any) -> None:
    document = getattr(line, _parent_of(line))
    _lock_draft(document)
    facts = {"line": line.position, "amount": line.amount, "product": line.product_id}
    if type(line).objects.filter(pk=line.pk).delete()[0]:
        document.refresh_from_db(fields=["net", "tax", "gross", "cost"])
        log_event("remove_line", document, by=by, facts=facts)


def of_product(
    product: Product, document: Any, *, on: datetime.date | None = None, price_list: PriceList | None = None,
    quantity: Decimal = Decimal(1),
) -> dict[str, Any]:  # fmt: skip
    """What a line takes from its product on a day: net or gross, as the document has its prices."""
    offer = price_of(product, on=on or today(), price_list=price_list, quantity=quantity)
    if offer is not None and offer.is_gross is not None:
        offer = offer.as_gross(document.prices_include_tax, product.tax_rate)
    fits = offer is not None and offer.currency == document.currency
    return {
        "name": product.label,
        "description": product.description,
        "unit": product.unit.label if product.unit else "",
        "unit_price": offer.amount if offer and fits else None,
        "tax_rate": product.tax_rate,
        "cost": product.cost if product.currency == document.currency else None,
    }


def copy_lines(source: Any, target: Any) -> None:
    """The lines of one document on another, prices and costs as they were."""
    kept = (*FIELDS, "cost", "position", "amount", "currency")
    LINES[type(target)].objects.bulk_create(
        LINES[type(target)](**{_parent(target): target}, **{name: getattr(line, name) for name in kept})
        for line in source.lines.all()
    )
    target.refresh_from_db(fields=["net", "tax", "gross", "cost"])


def _lock_draft(document: Any) -> None:
    document.lock()
    if document.is_deleted or not document.is_draft:
        raise Refused(_("Only a draft can be changed."), reason="state", state=document.state)


def _write(document: Any, line: Any, verb: str, by: Any) -> Any:
    line.amount = line_amount(Decimal(line.quantity), Decimal(line.unit_price), Decimal(line.discount), line.currency)
    line.full_clean(exclude=[_parent(document), "product"])
    line.save()
    document.refresh_from_db(fields=["net", "tax", "gross", "cost"])
    facts = {"line": line.position, "amount": line.amount, "product": line.product_id, "quantity": line.quantity}
    log_event(verb, document, by=by, facts=facts)
    return line


def _given(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"not fields of a line: {sorted(unknown)}")
    return {name: value for name, value in values.items() if value is not None}


def _parent(document: Any) -> str:
    return str(document.kind)


def _parent_of(line: Any) -> str:
    return "quote" if isinstance(line, QuoteLine) else "order"
