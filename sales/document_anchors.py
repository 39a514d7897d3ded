from typing import Any

from django.utils.translation import gettext_lazy as _

from records.anchors import Anchor, anchors
from sales.models import Order
from sales.states import OrderState, QuoteState


def add_document_anchors() -> None:
    """Money hangs on a confirmed order: neither it nor its customer goes into the trash."""
    anchors.add("customer_with_order", Anchor("customer", _holds_customer))
    anchors.add("quote", Anchor("quote", _holds_quote))
    anchors.add("order", Anchor("order", _holds_order))


def _holds_customer(customer: Any) -> Any:
    order = Order.objects.live().filter(customer=customer).exclude(state=OrderState.DRAFT).order_by("pk").first()
    return _("Order %(number)s hangs on this customer, so it stays.") % {"number": order} if order else None


def _holds_quote(quote: Any) -> Any:
    if quote.sent_at:
        return _("The customer has seen this quote, so it stays.")
    if quote.state in (QuoteState.DRAFT, QuoteState.WITHDRAWN):
        return None
    return _("This quote is on its way. Withdraw it first.")


def _holds_order(order: Any) -> Any:
    return None if order.is_draft else _("A confirmed order stays. Cancel it instead.")
