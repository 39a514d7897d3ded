"""Quotes and orders in words: their events for the customer's timeline and for their own pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.phrases import Phrase, Teller, phrases
from records.models import Event

SHOWN = 50

QUOTE_PHRASES = {
    "create": Phrase("file-text", _("Quote written")),
    "change": Phrase("pencil", _("Quote changed: %(fields)s")),
    "submit": Phrase("check", _("Quote submitted")),
    "approve": Phrase("thumb-up", _("Quote approved"), "good"),
    "return": Phrase("arrow-back-up", _("Quote returned to its author"), "warn"),
    "send": Phrase("send", _("Quote sent"), "info"),
    "accept": Phrase("trophy", _("Quote accepted: %(gross)s %(currency)s"), "good"),
    "decline": Phrase("thumb-down", _("Quote declined: %(reason)s"), "bad", "quote_decline_reason"),
    "expire": Phrase("hourglass", _("Quote expired"), "warn"),
    "revise": Phrase("git-branch", _("Quote revised")),
    "withdraw": Phrase("circle-x", _("Quote withdrawn")),
    "add_line": Phrase("plus", _("Line %(line)s added to the quote")),
    "change_line": Phrase("pencil", _("Line %(line)s of the quote changed")),
    "remove_line": Phrase("trash", _("Line %(line)s removed from the quote")),
}
ORDER_PHRASES = {
    "create": Phrase("file-invoice", _("Order entered")),
    "change": Phrase("pencil", _("Order changed: %(fields)s")),
    "confirm": Phrase("circle-check", _("Order confirmed: %(gross)s %(currency)s"), "good"),
    "ship": Phrase("truck", _("Order shipped"), "info"),
    "deliver": Phrase("package", _("Order delivered"), "good"),
    "close": Phrase("archive", _("Order closed")),
    "return": Phrase("arrow-back-up", _("Goods taken back: %(gross)s %(currency)s"), "warn"),
    "cancel_rest": Phrase("arrow-back-up", _("The rest is given up: %(gross)s %(currency)s"), "warn"),
    "cancel": Phrase("circle-x", _("Order cancelled: %(reason)s"), "bad", "order_cancel_reason"),
    "plan": Phrase("calendar-event", _("Payment planned in %(instalments)s instalments")),
    "postpone": Phrase("calendar-event", _("An instalment has another day: %(to)s")),
    "invoice": Phrase("file-dollar", _("Invoice %(number)s issued")),
    "void_invoice": Phrase("file-dollar", _("Invoice %(number)s taken back"), "warn"),
    "credit_note": Phrase("file-dollar", _("Credit note %(number)s issued for %(of)s"), "warn"),
    "receive": Phrase("cash", _("Money received: %(amount)s %(currency)s"), "good"),
    "refund": Phrase("cash", _("Money refunded: %(amount)s %(currency)s"), "warn"),
    "withdraw_receipt": Phrase("cash", _("Receipt of %(amount)s %(currency)s taken out"), "warn"),
    "add_line": Phrase("plus", _("Line %(line)s added to the order")),
    "change_line": Phrase("pencil", _("Line %(line)s of the order changed")),
    "remove_line": Phrase("trash", _("Line %(line)s removed from the order")),
}


def add_document_phrases() -> None:
    for kind, found in (("quote", QUOTE_PHRASES), ("order", ORDER_PHRASES)):
        for verb, phrase in found.items():
            phrases.add(f"{kind}.{verb}", phrase)


@dataclass(frozen=True)
class Told:
    at: Any
    by: Any
    icon: str
    tone: str
    text: str


def story_of_document(document: Any) -> list[Told]:
    """What happened to it, newest first."""
    rows = Event.objects.filter(subject_kind=document.kind, subject_id=document.pk).select_related("by")
    events = list(rows.order_by("-id")[:SHOWN])
    words = Teller(events)
    told = [(event, *words.tell(event)) for event in events]
    return [Told(event.at, event.by, phrase.icon, phrase.tone, text) for event, phrase, text in told]
