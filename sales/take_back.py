"""Goods that come back, or are given up before they were shipped: the order owes less, and money follows.

What a return takes off is the difference between what all returns so far and now take off together, each reckoned from
the order's own lines: rounding never adds up, and all goods together are exactly the order's totals.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from crm.money import round_money
from customers.models import Customer
from records.moves import move, refuse
from records.refusals import Refused
from sales.amounts import Totals, share_of, totals
from sales.business_day import today
from sales.buyers import derive_buyers_of
from sales.goods import Goods, goods_of
from sales.lower import lower
from sales.models import Order, OrderReturn, OrderReturnLine

Quantities = Mapping[int, Decimal]


@transaction.atomic
def take_back(
    order: Order, quantities: Quantities, reason: Any, *, by: Any, on: datetime.date | None = None, note: str = "",
    key: str = "",
) -> OrderReturn:  # fmt: skip
    """``quantities``: line id → how many came back; ``reason``: an entry of ``order_return_reason``.

    Open instalments become less from the last backwards, invoiced ones with a credit note; what was paid for the goods
    becomes credit. ``key`` marks one click: the same key takes the goods back once.
    """
    _lock(order)
    known = OrderReturn.objects.filter(order=order, key=key).first() if key else None
    if known:
        return known
    if order.state not in order.MOVES["return"][0]:
        refuse(order, "return")
    goods = goods_of(order)
    asked = _checked(goods, quantities, "returnable")
    made = _take_off(order, goods, asked, reason, by=by, on=on, note=note, key=key)
    is_whole = all(one.gone + asked.get(one.line.pk, 0) >= one.line.quantity for one in goods)
    facts = {"return": made.pk, "gross": made.gross, "currency": order.currency, "reason": reason.code}
    move(order, "return", by=by, to=None if is_whole else order.state, facts=facts)
    derive_buyers_of([order.pk])
    return made


@transaction.atomic
def cancel_rest(order: Order, reason: Any, *, by: Any, on: datetime.date | None = None) -> OrderReturn:
    """What was not shipped yet is given up; ``reason``: an entry of ``order_return_reason``."""
    _lock(order)
    if order.state not in order.MOVES["cancel_rest"][0]:
        refuse(order, "cancel_rest")
    goods = goods_of(order)
    rest = {one.line.pk: one.to_ship for one in goods if one.to_ship > 0}
    made = _take_off(order, goods, rest, reason, by=by, on=on, is_unshipped=True)
    is_nothing_left = all(one.gone + rest.get(one.line.pk, 0) >= one.line.quantity for one in goods)
    facts = {"return": made.pk, "gross": made.gross, "currency": order.currency, "reason": reason.code}
    move(order, "cancel_rest", by=by, to="returned" if is_nothing_left else None, facts=facts)
    derive_buyers_of([order.pk])
    return made


def _lock(order: Order) -> None:
    Customer.objects.select_for_update().get(pk=order.customer_id)
    order.lock()


def _checked(goods: list[Goods], quantities: Quantities, limit: str) -> dict[int, Decimal]:
    """Those above zero, each within its limit."""
    most = {one.line.pk: getattr(one, limit) for one in goods}
    asked = {pk: quantity for pk, quantity in quantities.items() if quantity > 0}
    if not asked:
        raise Refused(_("Say how many of at least one line."), reason="quantity")
    if any(quantity > most.get(pk, 0) for pk, quantity in asked.items()):
        raise Refused(_("This is more than there is."), reason="quantity")
    return asked


def _take_off(
    order: Order, goods: list[Goods], asked: dict[int, Decimal], reason: Any, *, by: Any, on: datetime.date | None,
    **values: Any,
) -> OrderReturn:  # fmt: skip
    before = _reckon(order, goods, {})
    after = _reckon(order, goods, asked)
    made = OrderReturn.objects.create(
        order=order, returned_on=on or today(), reason=reason, net=after.net - before.net, tax=after.tax - before.tax,
        gross=after.gross - before.gross, net_company=_in_company(order, after.net), entered_by=by, **values,
    )  # fmt: skip
    OrderReturnLine.objects.bulk_create(
        OrderReturnLine(order_return=made, line=one.line, quantity=quantity, amount=_amount(one, one.gone + quantity)
                        - _amount(one, one.gone))
        for one in goods
        if (quantity := asked.get(one.line.pk))
    )  # fmt: skip
    order.refresh_from_db(fields=["returned", "returned_net", "returned_net_company", "version"])
    lower(order, made.gross, by=by, on=made.returned_on, order_return=made)
    return made


def _reckon(order: Order, goods: list[Goods], asked: dict[int, Decimal]) -> Totals:
    """What is off the order once ``asked`` is gone too."""
    amounts = [(one.line.tax_rate, _amount(one, one.gone + asked.get(one.line.pk, 0))) for one in goods]
    if all(one.gone + asked.get(one.line.pk, 0) == one.line.quantity for one in goods):
        return Totals(order.net, order.tax, order.gross, {})
    return totals(amounts, order.currency, include_tax=order.prices_include_tax)


def _amount(goods: Goods, quantity: Decimal) -> Decimal:
    return share_of(goods.line.amount, quantity, goods.line.quantity, goods.line.currency)


def _in_company(order: Order, net: Decimal) -> Decimal | None:
    """The part of ``net_company`` that goes with it, less what earlier returns took of it."""
    from accounts.models import Company

    if order.net_company is None:
        return None
    earlier = order.returns.aggregate(sum=Sum("net_company"))["sum"] or Decimal(0)
    if net == order.net or not order.net:
        return order.net_company - earlier
    return round_money(order.net_company * net / order.net, Company.get().currency) - earlier
