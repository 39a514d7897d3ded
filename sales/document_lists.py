"""The lists of quotes and orders."""

from django.utils.translation import gettext_lazy as _

from crm.lists.cells import Badge, Day, Entry, Link, Moment, Money, Number, Person, Text
from crm.lists.search import by_words
from crm.lists.spec import Column, ListSpec, Sort, View, lists
from sales.document_filters import OrderFilters, QuoteFilters
from sales.states import OrderState, QuoteState

QUOTE_TONES = {
    "draft": "neutral", "pending": "warn", "approved": "info", "sent": "info", "accepted": "good", "declined": "bad",
    "expired": "bad", "superseded": "neutral", "withdrawn": "neutral",
}  # fmt: skip
ORDER_TONES = {
    "draft": "neutral", "confirmed": "info", "partly_shipped": "info", "shipped": "info", "delivered": "good",
    "closed": "good", "cancelled": "bad", "returned": "bad",
}  # fmt: skip

_CUSTOMER = Column("customer", _("Customer"), Link("customers:detail", key="customer_id"), source="customer__name")
_OPPORTUNITY = Column(
    "opportunity", _("Opportunity"), Link("sales:opportunity_detail", key="opportunity_id"),
    source="opportunity__name", default=False,
)  # fmt: skip

quote_list = lists.add(
    "quotes",
    ListSpec(
        name="quotes",
        kind="quote",
        title=_("Quotes"),
        icon="file-text",
        url_name="sales:quote_list",
        create_url_name="sales:quote_create",
        columns=(
            Column("number", _("Number"), Link("sales:quote_detail")),
            _CUSTOMER,
            Column("state", _("State"), Badge(QuoteState, QUOTE_TONES)),
            Column("gross", _("Total"), Money()),
            Column("valid_until", _("Valid until"), Day(), sort="valid"),
            Column("owner", _("Owner"), Person()),
            Column("created_at", _("Created"), Moment(with_time=False), sort="created"),
            Column("net", _("Net"), Money(), default=False),
            Column("sent_at", _("Sent"), Moment(with_time=False), default=False),
            Column("revision", _("Revision"), Number(), default=False),
            Column("declined_reason", _("Why it was declined"), Entry(), default=False),
            Column("cost", _("Cost"), Money(), default=False, right=("quote", "see_cost")),
            _OPPORTUNITY,
        ),
        sorts=(
            Sort("created", _("Newest first"), "created_at", descending=True),
            Sort("valid", _("Valid until"), "valid_until"),
        ),
        filterset=QuoteFilters,
        search=by_words("quote"),
        views=(
            View("open", _("Open"), "state=draft&state=pending&state=approved&state=sent"),
            View("pending", _("Waiting for approval"), "state=pending"),
            View("sent", _("Sent"), "state=sent", sort="valid"),
            View("accepted", _("Accepted"), "state=accepted"),
        ),
        empty_title=_("No quotes yet"),
        empty_text=_("Write the first one here, or on the page of a customer or an opportunity."),
    ),
)

order_list = lists.add(
    "orders",
    ListSpec(
        name="orders",
        kind="order",
        title=_("Orders"),
        icon="file-invoice",
        url_name="sales:order_list",
        create_url_name="sales:order_create",
        columns=(
            Column("number", _("Number"), Link("sales:order_detail")),
            _CUSTOMER,
            Column("state", _("State"), Badge(OrderState, ORDER_TONES)),
            Column("gross", _("Total"), Money()),
            Column("received", _("Received"), Money()),
            Column("ordered_on", _("Ordered"), Day(), sort="ordered"),
            Column("owner", _("Owner"), Person()),
            Column("created_at", _("Created"), Moment(with_time=False), sort="created", default=False),
            Column("net", _("Net"), Money(), default=False),
            Column("confirmed_on", _("Confirmed"), Day(), default=False),
            Column("their_number", _("Number at the customer's"), Text(), default=False),
            Column("cancelled_on", _("Cancelled"), Day(), default=False),
            Column("cancel_reason", _("Why it was cancelled"), Entry(), default=False),
            Column("cost", _("Cost"), Money(), default=False, right=("quote", "see_cost")),
            _OPPORTUNITY,
        ),
        sorts=(
            Sort("ordered", _("Latest order first"), "ordered_on", descending=True),
            Sort("created", _("Newest first"), "created_at", descending=True),
        ),
        filterset=OrderFilters,
        search=by_words("order"),
        views=(
            View("draft", _("To confirm"), "state=draft"),
            View("running", _("Running"), "state=confirmed&state=partly_shipped&state=shipped"),
            View("unpaid", _("Not paid"), "paid=no"),
        ),
        empty_title=_("No orders yet"),
        empty_text=_("An accepted quote becomes an order; one can also be entered here."),
    ),
)
