"""What of an order's lines was shipped, came back, or is still to be shipped: in one place for verbs and pages."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from sales.models import Order, OrderLine, OrderReturnLine, ShipmentLine
from sales.states import SHIPPED_STATES

ZERO = Decimal(0)


@dataclass(frozen=True)
class Goods:
    """One line: quantities. ``given_up``: never shipped and no longer to be; ``returned``: shipped and back again."""

    line: OrderLine
    shipped: Decimal
    returned: Decimal
    given_up: Decimal

    @property
    def to_ship(self) -> Decimal:
        return self.line.quantity - self.shipped - self.given_up

    @property
    def typed(self) -> str:
        """``to_ship`` as a person types it."""
        return f"{self.to_ship.normalize():f}"

    @property
    def returnable(self) -> Decimal:
        return self.shipped - self.returned

    @property
    def gone(self) -> Decimal:
        """No longer sold."""
        return self.returned + self.given_up


def goods_of(order: Order, lines: list[OrderLine] | None = None) -> list[Goods]:
    """Of every line, in order. Three statements."""
    lines = list(order.lines.order_by("position", "pk")) if lines is None else lines
    shipped = _sums(ShipmentLine.objects.filter(shipment__order=order))
    returned = _sums(OrderReturnLine.objects.filter(order_return__order=order, order_return__is_unshipped=False))
    given_up = _sums(OrderReturnLine.objects.filter(order_return__order=order, order_return__is_unshipped=True))
    # What came from elsewhere as shipped has no shipments; all of it was.
    is_whole = order.state in SHIPPED_STATES and not shipped
    return [
        Goods(
            line,
            line.quantity - given_up.get(line.pk, ZERO) if is_whole else shipped.get(line.pk, ZERO),
            returned.get(line.pk, ZERO),
            given_up.get(line.pk, ZERO),
        )
        for line in lines
    ]


def _sums(rows: Any) -> dict[int, Decimal]:
    return dict(rows.order_by().values_list("line").annotate(Sum("quantity")))
