"""What the customer was told before: earlier quotes and orders with the same products at another price or other terms.

Shown on the page of a quote until it is sent; beyond the limit of the company's rule somebody approves it (PRODUCT §7).
A record out of reach is told by an existence note: kind, owner, date, price; neither number nor link.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import access
from records.existence import to_tell
from records.kinds import kinds
from sales.models import Order, OrderLine, Quote, QuoteLine
from sales.states import OrderState, QuoteState

SHOWN = 5
HUNDRED = Decimal(100)
OPEN_QUOTES = (QuoteState.DRAFT, QuoteState.PENDING, QuoteState.APPROVED, QuoteState.SENT)
# What the customer may have seen, or may be about to see from a colleague.
_TOLD = Q(sent_at__isnull=False) | Q(state__in=OPEN_QUOTES)


@dataclass(frozen=True)
class Earlier:
    """One earlier line of the same product. ``price``: of one unit after discount. ``url`` "" out of reach."""

    product: str
    kind: str
    label: str
    url: str
    owner: Any
    on: datetime.date
    price: Decimal
    now: Decimal
    currency: str
    has_other_terms: bool
    is_open: bool

    @property
    def differs(self) -> bool:
        return self.price != self.now or self.has_other_terms


def earlier_of(user: Any, quote: Quote) -> list[Earlier]:
    """What differs from this quote, and what colleagues have open; the latest first, at most SHOWN."""
    now = _net_prices(quote)
    found = [(line, document) for line, document in _lines_before(quote, now) if _matters(line, document, quote, now)]
    documents = {document for _line, document in found}
    hidden = [document for document in documents if not _reached(user, document, quote)]
    told = {(one.kind, one.pk) for one in to_tell(user, hidden)} if hidden else set()
    shown = [(line, one) for line, one in found if one not in hidden or (one.kind, one.pk) in told]
    return [_earlier(line, one, quote, now[line.product_id], is_hidden=one in hidden) for line, one in shown[:SHOWN]]


def lowest_before(quote: Quote) -> dict[int, Decimal]:
    """Product → the lowest price of one unit that the customer was sent or ordered at, in the quote's currency."""
    lowest: dict[int, Decimal] = {}
    for line, document in _lines_before(quote, _net_prices(quote)):
        if document.kind == "order" or document.sent_at:
            lowest[line.product_id] = min(lowest.get(line.product_id, _net(line)), _net(line))
    return lowest


def largest_drop(quote: Quote) -> Decimal:
    """By how many percent the quote goes below the lowest earlier price of one of its products; 0 when it does not."""
    before, now = lowest_before(quote), _net_prices(quote)
    drops = [(was - now[pk]) * HUNDRED / was for pk, was in before.items() if was > now[pk]]
    return max(drops, default=Decimal(0))


def _net_prices(quote: Quote) -> dict[int, Decimal]:
    """Product → its lowest price of one unit on this quote."""
    prices: dict[int, list[Decimal]] = defaultdict(list)
    for line in quote.lines.all():
        if line.product_id:
            prices[line.product_id].append(_net(line))
    return {pk: min(found) for pk, found in prices.items()}


def _net(line: Any) -> Decimal:
    return (line.unit_price * (HUNDRED - line.discount) / HUNDRED).quantize(Decimal("0.0001"))


def _lines_before(quote: Quote, products: Iterable[int]) -> list[tuple[Any, Any]]:
    """With their quote or order, the latest first. Two statements, by the customer's own index."""
    if not products:
        return []
    same = {"currency": quote.currency, "product__in": list(products)}
    quotes = Quote.objects.live().filter(_TOLD, customer=quote.customer_id).exclude(pk=quote.pk)
    quotes = quotes.exclude(pk=quote.supersedes_id or 0)
    orders = Order.objects.live().filter(customer=quote.customer_id).exclude(state=OrderState.CANCELLED)
    if quote.pk:
        orders = orders.exclude(quote=quote.pk)
    around = ("product", "quote__owner", "quote__team")
    found: list[tuple[Any, Any]] = [
        (line, line.quote)
        for line in QuoteLine.objects.filter(quote__in=quotes, **same).select_related(*around).order_by("-quote_id")
    ]
    around = ("product", "order__owner", "order__team")
    found += [
        (line, line.order)
        for line in OrderLine.objects.filter(order__in=orders, **same).select_related(*around).order_by("-order_id")
    ]
    return sorted(found, key=lambda pair: pair[1].created_at, reverse=True)


def _matters(line: Any, document: Any, quote: Quote, now: dict[int, Decimal]) -> bool:
    if _net(line) != now[line.product_id] or document.terms.strip() != quote.terms.strip():
        return True
    return document.kind == "quote" and document.state in OPEN_QUOTES and document.owner_id != quote.owner_id


def _reached(user: Any, document: Any, quote: Quote) -> bool:
    document.customer = quote.customer  # the same one, and loaded
    return access.covers(user, document)


def _earlier(line: Any, document: Any, quote: Quote, now: Decimal, *, is_hidden: bool) -> Earlier:
    kind = kinds[document.kind]
    day = document.ordered_on if document.kind == "order" else document.created_at.date()
    return Earlier(
        product=line.product.label,
        kind=document.kind,
        label=_("%(kind)s of a colleague") % {"kind": str(kind.label).capitalize()} if is_hidden else document.number,
        url="" if is_hidden else kind.url_of(document),
        owner=document.owner,
        on=day,
        price=_net(line),
        now=now,
        currency=quote.currency,
        has_other_terms=document.terms.strip() != quote.terms.strip(),
        is_open=document.kind == "quote" and document.state in OPEN_QUOTES,
    )
