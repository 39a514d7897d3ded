"""``/api/v1/quotes``: with their lines, from draft to the customer's yes or no."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.endpoints import Collection, Model, Verb, collections
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Day, Id, Line
from crm.endpoints.values import reason_and_note
from crm.lists.search import by_words
from records.refusals import Refused
from sales import create_document
from sales.api.documents import SHARED, TOTALS, change, customer_of, filters, values_for
from sales.api.lines import LINES, LineOut, NewLines, create_all, show_lines
from sales.approval import submit_quote
from sales.models import Quote
from sales.send_quote import send_quote
from sales.states import QuoteState

TYPED = (*SHARED, "valid_until", "language", "intro")
SHOWN = (*TYPED, *TOTALS, "revision", "supersedes", "comment", "sent_at", "decided_at", "accepted_name",
         "declined_reason")  # fmt: skip
EXAMPLE = {"customer": 1, "currency": "EUR", "lines": [{"product": 1, "quantity": 10}]}


class Accept(Model):
    """``name``: who said yes."""

    name: Line | None = None


def create(sent: dict[str, Any], *, by: Any) -> Quote:
    lines = sent.pop("lines", ())
    customer = customer_of(sent, by)
    quote = create_document.create_quote(customer, by=by, **values_for(Quote, sent, customer, by))
    create_all(quote, lines, by=by)
    return quote


def return_to_draft(quote: Quote, data: dict[str, Any], *, by: Any) -> None:
    comment = (data.get("note") or data.get("reason") or "")[:500]
    if not comment:
        raise Refused(_("Say what has to be changed."), reason="reason_missing")
    quote.return_to_draft(comment, by=by)


def accept(quote: Quote, data: dict[str, Any], *, by: Any) -> None:
    quote.accept(by=by, name=data.get("name") or "")


def decline(quote: Quote, data: dict[str, Any], *, by: Any) -> None:
    reason, note = reason_and_note(data, "quote_decline_reason")
    quote.decline(reason, by=by, note=note)


collections.add(
    "quotes",
    Collection(
        name="quotes",
        kind="quote",
        model=Quote,
        out=out("Quote", Quote, SHOWN, lines=list[LineOut]),  # type: ignore[valid-type]
        show=shower(Quote, SHOWN, lines=show_lines),
        related=("customer", "declined_reason"),
        prefetch=("lines",),
        sorts={"created": "created_at", "valid": "valid_until"},
        default_sort="-created",
        filters=filters(QuoteState),
        search=by_words("quote"),
        body=body("NewQuote", Quote, TYPED, required=("customer",), customer=Id, lines=NewLines, example=EXAMPLE),
        create=create,
        patch=body("QuoteChange", Quote, TYPED, valid_until=Day),
        change=change,
        remove=lambda quote, *, by: quote.trash(by=by),
        parts={"lines": LINES},
        verbs={
            "submit": Verb(lambda quote, data, *, by: submit_quote(quote, by=by)),
            "approve": Verb(lambda quote, data, *, by: quote.approve(by=by), "approve"),
            "return": Verb(return_to_draft, "approve"),
            "send": Verb(lambda quote, data, *, by: send_quote(quote, by=by)),
            "accept": Verb(accept, body=Accept),
            "decline": Verb(decline),
            "withdraw": Verb(lambda quote, data, *, by: quote.withdraw(by=by)),
            "revise": Verb(lambda quote, data, *, by: create_document.revise(quote, by=by)),
        },
    ),
)
