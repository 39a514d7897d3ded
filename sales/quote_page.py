"""The page of one quote: where it stands and what can be done with it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from records.moves import allowed_moves
from sales.document_page import Act, DocumentPage, day, document_page, shared_facts, way
from sales.models import Quote
from sales.states import QuoteState

WAY = [
    (QuoteState.DRAFT, _("Draft")),
    (QuoteState.APPROVED, _("Approved")),
    (QuoteState.SENT, _("Sent")),
    (QuoteState.ACCEPTED, _("Accepted")),
    ("ordered", _("Ordered")),
]
# Ended otherwise: the step that it had reached.
ENDED = {
    QuoteState.DECLINED: QuoteState.ACCEPTED,
    QuoteState.EXPIRED: QuoteState.ACCEPTED,
    QuoteState.SUPERSEDED: QuoteState.APPROVED,
    QuoteState.WITHDRAWN: QuoteState.APPROVED,
}
ACTS = {
    "submit": Act("submit", _("Submit"), "check", is_main=True),
    "approve": Act("approve", _("Approve"), "thumb-up", is_main=True),
    "return": Act("return", _("Return"), "arrow-back-up", opens="return"),
    "send": Act("send", _("Send"), "send", is_main=True, opens="send"),
    "accept": Act("accept", _("Accepted"), "thumb-up", is_main=True, opens="accept"),
    "decline": Act("decline", _("Declined"), "thumb-down", opens="decline"),
    "revise": Act("revise", _("Revise"), "git-branch"),
    "withdraw": Act("withdraw", _("Withdraw"), "circle-x", opens="withdraw"),
    "order": Act("order", _("Make the order"), "file-invoice", is_main=True),
}
NEEDS = {"approve": "approve", "return": "approve"}


def quote_page(user: Any, quote: Quote) -> DocumentPage:
    return document_page(user, quote, steps=steps_of(quote), acts=acts_of(user, quote), facts=facts_of(quote))


def steps_of(quote: Quote) -> list[dict[str, Any]]:
    if quote.state in ENDED:
        return way(WAY, ENDED[QuoteState(quote.state)], failed=quote.get_state_display().capitalize())
    if order_of(quote):
        return way(WAY, "ordered")
    here = QuoteState.DRAFT if quote.state == QuoteState.PENDING else quote.state
    return way(WAY, here)


def acts_of(user: Any, quote: Quote) -> list[Act]:
    """What the state allows and the person may; the order is made from an accepted quote, once."""
    may = {action: access.covers(user, quote, action) for action in ("change", "approve")}
    names = [name for name in allowed_moves(quote) if name in ACTS and may[NEEDS.get(name, "change")]]
    if quote.state == QuoteState.ACCEPTED and may["change"] and not order_of(quote):
        names += ["order"] if access.allows(user, "create", "order") else []
    return [ACTS[name] for name in names]


def order_of(quote: Quote) -> Any:
    return getattr(quote, "order", None)


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
