"""Sending a quote: its PDF is made first, outside of any transaction, then kept to the byte with the state *sent*."""

import datetime
import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.derived import derive, lock_customers
from records.models import Event
from records.moves import move, refuse
from records.refusals import Refused
from sales.business_day import today_of_company
from sales.models import Quote, QuoteFile
from sales.quote_pdf import quote_pdf


def send_quote(quote: Quote, *, by: Any, now: datetime.datetime | None = None) -> Event:
    """The quote goes out as it is; what was sent is served again byte for byte. How it travels is the rep's choice.

    Refused when somebody changed the quote while its PDF was made, or when its last day is over already.
    """
    now = now or timezone.now()
    if quote.state not in Quote.MOVES["send"][0]:
        refuse(quote, "send")
    if quote.valid_until < today_of_company(now):
        raise Refused(_("The last day of this quote is over. Return it and set another."), reason="lapsed")
    content, version = quote_pdf(quote, now=now), quote.version
    return _keep(quote, content, version, by=by, now=now)


@transaction.atomic
def _keep(quote: Quote, content: bytes, version: int, *, by: Any, now: datetime.datetime) -> Event:
    lock_customers([quote.customer_id])
    quote.lock()
    if quote.version != version:
        raise Refused(_("A colleague changed this quote just now. Look at it again."), reason="changed")
    sha256 = hashlib.sha256(content).hexdigest()
    event = move(quote, "send", by=by, sent_at=now, facts={"sha256": sha256})
    QuoteFile.objects.create(quote=quote, content=content, sha256=sha256, made_at=now)
    derive([quote.customer_id])
    return event
