"""The page of one quote: where it stands and what can be done with it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from records.moves import allowed_moves
from sales.document_page import Act, DocumentPage, covers_of_customer, day, document_page, shared_facts
from sales.models import Quote
from sales.states import QuoteState
from sales.whole_way import next_of_quote, way_of_quote

ACTS = {
    "submit": Act("submit", _("Submit"), "check"),
    "approve": Act("approve", _("Approve"), "thumb-up"),
    "return": Act("return", _("Return"), "arrow-back-up", opens="return"),
    "send": Act("send", _("Send"), "send", opens="send"),
    "accept": Act("accept", _("Accepted"), "thumb-up", opens="accept"),
    "decline": Act("decline", _("Declined"), "thumb-down", opens="decline"),
    "revise": Act("revise", _("Revise"), "git-branch"),
    "withdraw": Act("withdraw", _("Withdraw"), "circle-x", opens="withdraw"),
    "order": Act("order", _("Make the order"), "file-invoice"),
}
NEEDS = {"approve": "approve", "return": "approve"}


def quote_page(user: Any, quote: Quote) -> DocumentPage:
    order = order_of(quote)
    sees = order is not None and covers_of_customer(user, quote, order)
    acts = acts_of(user, quote)
    return document_page(
        user, quote, steps=way_of_quote(quote, order, sees_order=sees), acts=acts, facts=facts_of(quote),
        next_=next_of_quote(quote, order, {act.name for act in acts}, sees_order=sees),
    )  # fmt: skip


def acts_of(user: Any, quote: Quote) -> list[Act]:
    """What the state allows and the person may; the order is made from an accepted quote, once."""
    may = {action: access.covers(user, quote, action) for action in ("change", "approve")}
    names = [name for name in allowed_moves(quote) if name in ACTS and may[NEEDS.get(name, "change")]]
    if quote.state == QuoteState.ACCEPTED and may["change"] and not order_of(quote):
        names += ["order"] if access.allows(user, "create", "order") else []
    return [ACTS[name] for name in names]


def order_of(quote: Quote) -> Any:
    """Its order, unless that one lies in the trash."""
    order = getattr(quote, "order", None)
    return order if order is not None and not order.is_deleted else None


def facts_of(quote: Quote) -> list[tuple[Any, Any]]:
    return [
        (_("Valid until"), day(quote.valid_until)),
        (_("Language"), quote.get_language_display()),
        *shared_facts(quote),
        (_("Introduction"), quote.intro),
        (_("Revision"), quote.revision if quote.revision > 1 else None),
        (_("Approved by"), quote.approved_by),
        (_("Sent"), day(quote.sent_at)),
        (_("Decided"), day(quote.decided_at)),
        (_("Accepted by"), quote.accepted_name),
        (_("Why it was declined"), quote.declined_reason),
    ]
