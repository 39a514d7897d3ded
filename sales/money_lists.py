"""The lists of invoices and of instalments: what finance works with daily."""

from django.utils.translation import gettext_lazy as _

from crm.lists.cells import Badge, Day, Link, Money, Person, Text
from crm.lists.spec import Column, ListSpec, Sort, View, lists
from sales.money_cells import InvoiceState, Left, ReceiveLink
from sales.money_filters import InstalmentFilters, InvoiceFilters
from sales.number_search import instalment_search, invoice_search
from sales.states import InstalmentState

INSTALMENT_TONES = {"planned": "neutral", "due": "warn", "partly_paid": "info", "paid": "good"}
_CUSTOMER = Column(
    "customer", _("Customer"), Link("customers:detail", key="order__customer_id"), source="order__customer__name"
)
_OWNER = Column("owner", _("Owner"), Person(), source="order__owner")


invoice_list = lists.add(
    "invoices",
    ListSpec(
        name="invoices",
        kind="invoice",
        title=_("Invoices"),
        icon="file-dollar",
        url_name="sales:invoice_list",
        columns=(
            Column("number", _("Number"), Link("sales:invoice_detail")),
            _CUSTOMER,
            Column("state", _("State"), InvoiceState(), source="credits_id"),
            Column("amount", _("Amount"), Money()),
            Column("left", _("Open"), Left("instalment__"), source="instalment__amount"),
            Column("due_on", _("Due"), Day(), sort="due"),
            Column("issued_on", _("Issued"), Day(), sort="issued"),
            Column(
                "order", _("Order"), Link("sales:order_detail", key="order_id"), source="order__number", default=False
            ),
            Column("net", _("Net"), Money(), default=False),
            Column("tax", _("Tax"), Money(), default=False),
            Column("bill_name", _("Name on the invoice"), Text(), default=False),
            Column("bill_tax_number", _("Tax number"), Text(), default=False),
            Column("credits", _("Credit note for"), Text(), source="credits__number", default=False),
            _OWNER,
        ),
        sorts=(
            Sort("issued", _("Newest first"), "issued_on", descending=True),
            Sort("due", _("Due first"), "due_on"),
        ),
        filterset=InvoiceFilters,
        search=invoice_search(),
        views=(
            View("open", _("Open"), "state=open", sort="due"),
            View("overdue", _("Overdue"), "state=overdue", sort="due"),
            View("credit_notes", _("Credit notes"), "state=credit_note"),
        ),
        empty_title=_("No invoices yet"),
        empty_text=_("A confirmed order is invoiced on its page, as a whole or by instalments."),
    ),
)

instalment_list = lists.add(
    "instalments",
    ListSpec(
        name="instalments",
        kind="instalment",
        title=_("Money to come in"),
        icon="cash",
        url_name="sales:instalment_list",
        columns=(
            Column("order", _("Order"), Link("sales:order_detail", key="order_id"), source="order__number"),
            Column("position", _("Instalment")),
            _CUSTOMER,
            Column("due_on", _("Due"), Day(), sort="due"),
            Column("amount", _("Amount"), Money()),
            Column("left", _("Open"), Left(), source="amount"),
            Column("state", _("State"), Badge(InstalmentState, INSTALMENT_TONES)),
            Column("receive", _("Receive"), ReceiveLink(), source="state", right=("order", "receive")),
            Column("received", _("Received"), Money(), default=False),
            Column("condition", _("Condition"), Text(), default=False),
            _OWNER,
        ),
        sorts=(Sort("due", _("Due first"), "due_on"),),
        filterset=InstalmentFilters,
        search=instalment_search(),
        views=(
            View("overdue", _("Overdue"), "when=overdue"),
            View("week", _("Within seven days"), "when=week"),
            View("open", _("All that is open"), "when=open"),
        ),
        empty_title=_("No instalments yet"),
        empty_text=_("The payment of a confirmed order is planned on its page."),
    ),
)
