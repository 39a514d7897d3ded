"""The measures *orders*, *margin* and *receipts*, for those who owned the order when it was confirmed.

Orders: net of what was confirmed in the period, less what was cancelled or came back in it, each on its own date and
at the rate of the confirmation. Margin: the same less the frozen cost. Receipts: money by the day it came in, less what
went back, at the rate of its day. Each kind of fact is a piece of its own, counted by its own index.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from reports.asked import Asked
from reports.contribution import Measure
from reports.dimensions import region_of
from reports.lists import list_url
from sales.models import ExchangeRate, Order, OrderReturn, OrderReturnLine, Receipt

NUMERIC = DecimalField(max_digits=30, decimal_places=10)
NOTHING, ONE = Value(Decimal(0), output_field=NUMERIC), Value(Decimal(1), output_field=NUMERIC)
FILTERS = {
    "customer": "customer",
    "product": "product",
    "person": "confirmed_by",
    "team": "confirmed_team",
    "manager": "confirmed_under",
    "region": "confirmed_region",
    "customer_region": "region",
    "country": "country",
}
_TEAM = "team_at_confirm"
KEYS: dict[str, Any] = {
    "customer": "customer_id",
    "person": "owner_at_confirm_id",
    "team": f"{_TEAM}_id",
    "manager": f"{_TEAM}__supervisor_id",
    "customer_region": "customer__region_id",
    "country": "customer__country",
}


def orders(user: Any, asked: Asked) -> Iterator[QuerySet]:
    """Confirmed, less cancelled and returned; an order of several days counts once."""
    yield from _facts(user, asked, _net)


def margin(user: Any, asked: Asked) -> Iterator[QuerySet]:
    yield from _facts(user, asked, _margin)


def _facts(user: Any, asked: Asked, value: Callable[[bool], Any]) -> Iterator[QuerySet]:
    by_line, rows = asked.by == "product", _within(user, asked)
    confirmed, cancelled = asked.period.covers("confirmed_on"), asked.period.covers("cancelled_on")
    yield _grouped(rows.filter(confirmed), asked, value(by_line), Count("pk", distinct=by_line))
    lost = rows.filter(cancelled, confirmed_on__isnull=False)
    yield _grouped(lost, asked, -_numeric(value(by_line) * _kept()), Count("pk", filter=~confirmed, distinct=by_line))
    back = rows.filter(asked.period.covers("returns__returned_on"))
    taken = _numeric(_returned(by_line) * _ratio(value(False)))
    alone = ~confirmed & ~cancelled
    if by_line:
        # The list behind a product has every order with it of which anything came back.
        returned = OrderReturn.objects.filter(asked.period.covers("returned_on"))  # unscoped: of orders within reach
        touched = rows.filter(alone, pk__in=returned.order_by().values("order"))
        yield _grouped(touched, asked, NOTHING, Count("pk", distinct=True))
        alone = Q(pk__isnull=True)
    once = Count("pk", filter=alone, distinct=True)
    yield _grouped(back, asked, -taken, once, line="returns__lines__line")


def _net(of_line: bool) -> Any:
    return _numeric(F("net_company") * _share_of_line()) if of_line else _numeric(F("net_company"))


def _margin(of_line: bool) -> Any:
    """Net less cost; goods whose cost nobody noted count in full."""
    cost = Coalesce("cost_company", NOTHING, output_field=NUMERIC)
    return _numeric(_net(of_line) - (cost * _cost_of_line() if of_line else cost))


def _kept() -> Case:
    """What a cancellation takes: the part that had not come back already."""
    return Case(When(net_company=0, then=ONE), default=_numeric(ONE - F("returned_net_company") / F("net_company")),
                output_field=NUMERIC)  # fmt: skip


def _returned(of_line: bool) -> Any:
    if not of_line:
        return F("returns__net_company")
    siblings = OrderReturnLine.objects.filter(order_return=OuterRef("returns"))  # unscoped: of orders within reach
    whole = siblings.order_by().values("order_return").annotate(x=Sum("amount")).values("x")
    share = _numeric(F("returns__lines__amount") / NullIf(Subquery(whole, output_field=NUMERIC), NOTHING))
    return _numeric(F("returns__net_company") * Coalesce(share, NOTHING, output_field=NUMERIC))


def _ratio(value: Any) -> Case:
    """What a unit of net was worth in this measure: goods that come back bring their cost back."""
    return Case(When(net_company=0, then=ONE), default=_numeric(value / F("net_company")), output_field=NUMERIC)


def receipts(user: Any, asked: Asked) -> Iterator[QuerySet]:
    """Money in, less refunds; from the orders, each once per receipt or refund of the period."""
    rows, period = _within(user, asked), asked.period
    taken = Receipt.objects.filter(period.covers("received_on"), order=OuterRef("pk"))  # unscoped: of orders in reach
    yield _money(rows.filter(period.covers("receipts__received_on")), asked, "receipts", "received_on", ONE, None)
    back = rows.filter(period.covers("refunds__refunded_on"))
    yield _money(back, asked, "refunds", "refunded_on", -ONE, ~Exists(taken))


def _money(rows: QuerySet, asked: Asked, of: str, day: str, sign: Any, once: Any) -> QuerySet:
    rates = ExchangeRate.objects.order_by("-valid_from")  # unscoped: rates are for all
    latest = rates.filter(currency=OuterRef(f"{of}__currency"), valid_from__lte=OuterRef(f"{of}__{day}"))
    rate = Case(
        When(**{f"{of}__currency": Company.get().currency}, then=ONE),
        default=Subquery(latest.values("rate")[:1], output_field=NUMERIC),
        output_field=NUMERIC,
    )
    value = _numeric(F(f"{of}__amount") * rate * sign)
    value = _numeric(value * _share_of_line()) if asked.by == "product" else value
    return _grouped(rows, asked, value, Count("pk", filter=once, distinct=True))


def _within(user: Any, asked: Asked) -> QuerySet:
    rows = Order.objects.visible_to(user).filter(asked.held("owner_at_confirm", "team_at_confirm"))
    return rows.filter(opportunity__pipeline=asked.pipeline) if asked.pipeline else rows


def _grouped(rows: QuerySet, asked: Asked, value: Any, facts: Any, *, line: str = "lines") -> QuerySet:
    """``line``: the way to the lines, whose products are asked for."""
    if asked.by == "region":
        key: Any = region_of(f"{_TEAM}_id")
    else:
        key = F(f"{line}__product_id" if asked.by == "product" else KEYS[asked.by])
    grouped = rows.order_by().values(key=key)
    return grouped.annotate(value=Coalesce(Sum(value), NOTHING, output_field=NUMERIC), facts=facts)


def _share_of_line() -> Case:
    """A line's part of its order; the whole where there are no lines. Together the lines are the net, or the gross."""
    base = Case(When(prices_include_tax=True, then=F("gross")), default=F("net"), output_field=NUMERIC)
    return _part(F("lines__amount") / base, Q(net__gt=0))


def _cost_of_line() -> Case:
    """A line's part of the cost of its order."""
    of_line = Coalesce("lines__cost", NOTHING, output_field=NUMERIC) * F("lines__quantity")
    return _part(of_line / F("cost"), Q(cost__gt=0))


def _part(part: Any, has_base: Q) -> Case:
    return Case(
        When(lines__isnull=True, then=ONE),
        When(has_base, then=_numeric(part)),
        default=NOTHING,
        output_field=NUMERIC,
    )


def _numeric(expression: Any) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=NUMERIC)


def _list_behind(days: str) -> Any:
    def behind(asked: Asked, key: Any) -> str:
        if key in (None, ""):
            return ""
        params = {**asked.period.params(days), **asked.params()}
        for here, there in (("owner", "confirmed_by"), ("team", "confirmed_region")):
            if here in params:
                params[there] = params.pop(here)
        if params.get(FILTERS[asked.by]) not in (None, key):
            return ""
        return list_url("orders", **{**params, FILTERS[asked.by]: key})

    return behind


ORDERS = Measure(_("Orders"), orders, _list_behind("counted"), (("view", "order"),))
RECEIPTS = Measure(_("Receipts"), receipts, _list_behind("received"), (("view", "order"),))
MARGIN = Measure(_("Margin"), margin, _list_behind("counted"), (("view", "order"), ("see_cost", "quote")))
