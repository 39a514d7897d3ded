"""Quotes and orders come into being: numbered, with their owner, as a copy or empty."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from customers.models import Customer
from records.log import log_event
from records.moves import move
from records.refusals import Refused
from sales.business_day import today, today_of_company
from sales.document_lines import add_line, copy_lines
from sales.models import Opportunity, Order, Quote
from sales.models.number_series import next_number
from sales.models.quote_policy import valid_days
from sales.search import index_document
from sales.states import QuoteState


@transaction.atomic
def create_quote(
    customer: Customer, *, by: Any, opportunity: Opportunity | None = None, now: datetime.datetime | None = None,
    **values: Any,
) -> Quote:  # fmt: skip
    """An empty draft of ``by``, or with the products of the opportunity. ``values`` of Quote.EDITABLE."""
    _refuse_stage(opportunity)
    now = now or timezone.now()
    day = today_of_company(now)
    values.setdefault("currency", opportunity.currency if opportunity else customer.currency or Company.get().currency)
    values.setdefault("valid_until", day + datetime.timedelta(days=valid_days()))
    values.setdefault("language", customer.language or by.language)
    quote = _numbered(Quote(customer=customer, opportunity=opportunity, created_at=now, **values), "quote", day, by)
    if opportunity:
        _take_products(opportunity, quote, by)
    return quote


@transaction.atomic
def create_order(customer: Customer, *, by: Any, **values: Any) -> Order:
    """An empty draft of ``by``. ``values`` of Order.EDITABLE."""
    day = today()
    values.setdefault("currency", customer.currency or Company.get().currency)
    values.setdefault("ordered_on", day)
    return _numbered(Order(customer=customer, **values), "order", day, by)


@transaction.atomic
def order_quote(quote: Quote, *, by: Any, now: datetime.datetime | None = None) -> Order:
    """The order of an accepted quote, line for line. A quote becomes one order, however often it is asked for.

    One in the trash comes back.
    """
    quote.lock()
    made = Order.objects.filter(quote=quote).first()
    if made:
        if made.is_deleted:
            made.restore(by=by)
        return made
    if quote.state != QuoteState.ACCEPTED:
        raise Refused(_("Only an accepted quote becomes an order."), reason="state", state=quote.state)
    now = now or timezone.now()
    day = today_of_company(now)
    order = Order(
        created_at=now, customer=quote.customer, contact=quote.contact, opportunity=quote.opportunity, quote=quote,
        currency=quote.currency, prices_include_tax=quote.prices_include_tax, terms=quote.terms, ordered_on=day,
    )  # fmt: skip
    _numbered(order, "order", day, by, owner=quote.owner)
    copy_lines(quote, order)
    return order


@transaction.atomic
def revise(quote: Quote, *, by: Any) -> Quote:
    """A new draft with the same lines; the old quote is superseded and stays as it was."""
    move(quote, "revise", by=by)
    day = today()
    again = Quote(
        customer=quote.customer, contact=quote.contact, opportunity=quote.opportunity, currency=quote.currency,
        prices_include_tax=quote.prices_include_tax, terms=quote.terms, intro=quote.intro, language=quote.language,
        valid_until=day + datetime.timedelta(days=valid_days()), revision=quote.revision + 1, supersedes=quote,
    )  # fmt: skip
    _numbered(again, "quote", day, by, owner=quote.owner)
    copy_lines(quote, again)
    return again


def _numbered(document: Any, series: str, day: datetime.date, by: Any, *, owner: Any = None) -> Any:
    owner = owner if owner is not None and owner.is_active else by
    document.number = next_number(series, day)
    document.owner, document.team_id, document.assigned_at = owner, owner.team_id, document.created_at
    document.created_by = by
    document.copy_hints()
    document.save(force_insert=True)
    log_event("create", document, by=by, facts={"to": owner.pk})
    index_document(document)
    return document


def _take_products(opportunity: Opportunity, quote: Quote, by: Any) -> None:
    for line in opportunity.lines.select_related("product__unit").order_by("pk"):
        price = line.unit_price if opportunity.currency == quote.currency else None
        if price is not None or line.product.price is not None:
            add_line(
                quote, by=by, product=line.product, quantity=line.quantity, unit_price=price, discount=line.discount
            )


def _refuse_stage(opportunity: Opportunity | None) -> None:
    if opportunity is not None and not opportunity.stage.allows_quotes:
        raise Refused(_("In the stage “%(stage)s” no quotes are made.") % {"stage": opportunity.stage}, reason="gate")
