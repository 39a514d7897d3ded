"""Whether a quote may go out as it is, or somebody with the right *approve* has to look at it first."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.formats import current_formats
from records.models import Event
from sales.models import Quote
from sales.models.quote_policy import QuotePolicy


@transaction.atomic
def submit_quote(quote: Quote, *, by: Any) -> Event:
    """Approved at once, unless a discount is above the company's limit."""
    quote.lock()
    return quote.submit(by=by, reason=reason_to_approve(quote))


def reason_to_approve(quote: Quote) -> str:
    """In words for whoever approves; "" when nobody has to."""
    limit, most = QuotePolicy.get().discount_limit, quote.largest_discount
    if most <= limit:
        return ""
    formats = current_formats()
    shown = {"most": formats.number(most.normalize()), "limit": formats.number(limit.normalize())}
    return _("A discount of %(most)s %% is above the limit of %(limit)s %%.") % shown
