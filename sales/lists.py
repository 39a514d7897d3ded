"""The lists of this room: opportunities and products."""

from django.utils.translation import gettext_lazy as _

from crm.lists.actions import edit_action, tag_action, trash_action, untag_action
from crm.lists.cells import Badge, Day, Entry, Link, Moment, Money, Number, Person, Text, YesNo
from crm.lists.search import by_words
from crm.lists.spec import BulkAction, Column, ListSpec, Sort, View, lists
from sales.bulk_assign import VERB as ASSIGNED
from sales.bulk_assign import assign_form, assign_portion
from sales.filters import OpportunityFilters, ProductFilters
from sales.states import OpportunityState

STATE_TONES = {"open": "info", "won": "good", "lost": "bad"}

opportunity_list = lists.add(
    "opportunities",
    ListSpec(
        name="opportunities",
        kind="opportunity",
        title=_("Opportunities"),
        icon="target",
        url_name="sales:opportunity_list",
        create_url_name="sales:opportunity_create",
        columns=(
            Column("name", _("Name"), Link("sales:opportunity_detail")),
            Column("customer", _("Customer"), Link("customers:detail", key="customer_id"), source="customer__name"),
            Column("stage", _("Stage"), Entry()),
            Column("state", _("State"), Badge(OpportunityState, STATE_TONES)),
            Column("amount", _("Amount"), Money(), sort="amount"),
            Column("ends_on", _("Close"), Day(), sort="close"),
            Column("owner", _("Owner"), Person()),
            Column("next_step", _("Next step"), Text()),
            Column("created_at", _("Created"), Moment(with_time=False), sort="created", default=False),
            Column("probability", _("Probability, %"), Number(), default=False),
            Column("amount_company", _("Amount in the company's currency"), Number(places=2), default=False),
            Column("opened_on", _("Opened"), Day(), default=False),
            Column("closed_on", _("Closed"), Day(), default=False),
            Column("cycle_days", _("Days to close"), Number(), default=False),
            Column("pipeline", _("Pipeline"), Entry(), default=False),
            Column("furthest_stage", _("Furthest stage"), Entry(), default=False),
            Column("source", _("Source"), Entry(), default=False),
            Column("lost_reason", _("Reason of the loss"), Entry(), default=False),
            Column("competitor", _("Competitor"), Text(), default=False),
            Column("contact", _("Contact"), Text(), source="contact__name", default=False),
            Column("external_id", _("Number in another system"), Text(), default=False),
        ),
        sorts=(
            Sort("created", _("Newest first"), "created_at", descending=True),
            Sort("close", _("Close"), "ends_on"),
            Sort("amount", _("Amount"), "amount_company", descending=True),
        ),
        filterset=OpportunityFilters,
        search=by_words("opportunity"),
        views=(
            View("open", _("Open"), "state=open", sort="close"),
            View("won", _("Won"), "state=won", sort="-close"),
            View("lost", _("Lost"), "state=lost", sort="-close"),
        ),
        actions=(
            BulkAction(
                "assign",
                _("Assign"),
                "user-share",
                "assign",
                ASSIGNED,
                assign_portion,
                form=assign_form,
                explain=_("The new owner also reads their customers for as long as they are open."),
            ),
            edit_action("opportunity", ("close_on", "source", "competitor", "next_step")),
            tag_action("opportunity"),
            untag_action("opportunity"),
            trash_action("opportunity"),
        ),
        empty_title=_("No opportunities yet"),
        empty_text=_("Open the first one, convert a lead, or import a file."),
    ),
)

product_list = lists.add(
    "products",
    ListSpec(
        name="products",
        kind="product",
        title=_("Products"),
        icon="package",
        url_name="sales:product_list",
        create_url_name="sales:product_create",
        columns=(
            Column("name", _("Name"), Link("sales:product_detail"), sort="name"),
            Column("code", _("Code"), Text(), sort="code"),
            Column("category", _("Series"), Entry()),
            Column("price", _("Price"), Money()),
            Column("unit", _("Unit"), Entry()),
            Column("tax_rate", _("Tax rate, %"), Number()),
            Column("is_active", _("Can be offered"), YesNo(_("yes"), _("no"))),
            Column("cost", _("Cost"), Money(), default=False, right=("quote", "see_cost")),
            Column("name_zh", _("Name in Chinese"), Text(), default=False),
            Column("name_ru", _("Name in Russian"), Text(), default=False),
            Column("created_at", _("Created"), Moment(with_time=False), sort="created", default=False),
        ),
        sorts=(
            Sort("name", _("Name"), "name"),
            Sort("code", _("Code"), "code"),
            Sort("created", _("Newest first"), "created_at", descending=True),
        ),
        filterset=ProductFilters,
        search=by_words("product"),
        actions=(
            edit_action("product", ("category", "unit", "tax_rate", "is_active")),
            trash_action("product"),
        ),
        empty_title=_("No products yet"),
        empty_text=_("Create the first one, or import a price list."),
    ),
)
