"""The leads list: every column, order, filter and action of `/leads/`."""

from django.utils.translation import gettext_lazy as _

from crm.lists.cells import Badge, Email, Entry, Link, Moment, Money, Number, Person, Phone, Text
from crm.lists.search import by_words
from crm.lists.spec import BulkAction, Column, ListSpec, Sort, View, lists
from leads import bulk
from leads.filters import LeadFilters
from leads.models import Lead
from leads.seats import REASONS
from leads.states import LeadState
from records.merge.views import merge_action

STATE_TONES = {
    "new": "accent", "assigned": "info", "contacted": "info", "qualified": "good", "converted": "good", "lost": "bad",
}  # fmt: skip
RATING_TONES = {"hot": "bad", "warm": "warn", "cold": "info"}

COLUMNS = (
    Column("label", _("Name"), Link("leads:detail"), sort="name"),
    Column("company", _("Company"), Text()),
    Column("state", _("State"), Badge(LeadState, STATE_TONES)),
    Column("rating", _("Rating"), Badge(Lead.Rating, RATING_TONES)),
    Column("score", _("Score"), Number()),
    Column("owner", _("Owner"), Person()),
    Column("source", _("Source"), Entry()),
    Column("phone", _("Phone"), Phone()),
    Column("next_contact_at", _("Next contact"), Moment(), sort="next"),
    Column("created_at", _("Created"), Moment(with_time=False), sort="created"),
    Column("email", _("E-mail"), Email(), default=False),
    Column("last_contact_at", _("Last contact"), Moment(), default=False),
    Column("first_contact_due_at", _("First contact until"), Moment(), default=False),
    Column("waits_because", _("Waits because"), Badge(REASONS), default=False),
    Column("rule", _("Assignment rule"), Text(), source="rule__name", default=False),
    Column("estimated_value", _("Estimated value"), Money(), default=False),
    Column("region", _("Region"), Entry(), default=False),
    Column("industry", _("Industry"), Entry(), default=False),
    Column("city", _("City"), Text(), default=False),
    Column("campaign", _("Campaign"), Text(), default=False),
    Column("lost_reason", _("Reason of the loss"), Entry(), default=False),
)

ACTIONS = (
    BulkAction(
        "assign", _("Assign"), "user-share", "assign", "assign_leads", bulk.assign, form=bulk.assign_form,
        explain=_("The leads go to this person, whatever her caps say, and start over with her."),
    ),
    BulkAction(
        "assign_by_rules", _("Assign by rules"), "arrows-split", "assign", "assign_by_rules", bulk.assign_by_rules,
        explain=_("The assignment rules give away those of the leads that wait for an owner."),
    ),
    BulkAction(
        "lose", _("Lose"), "circle-x", "work", "lose_leads", bulk.lose, form=bulk.lose_form, tone="danger",
        explain=_("Open leads become lost for this reason. You can undo it."),
    ),
    merge_action("lead"),
)  # fmt: skip

lead_list = lists.add(
    "leads",
    ListSpec(
        name="leads",
        kind="lead",
        title=_("Leads"),
        icon="user-plus",
        columns=COLUMNS,
        sorts=(
            Sort("created", _("Newest first"), "created_at", descending=True),
            Sort("name", _("Name"), "sort_key"),
            Sort("next", _("Next contact"), "next_contact_at"),
        ),
        filterset=LeadFilters,
        search=by_words("lead"),
        views=(
            View("open", _("Open"), "work=open"),
            View("hot", _("Hot"), "work=open&rating=hot", sort="next"),
            View("to_contact", _("To contact"), "state=assigned", sort="next"),
            View("late", _("First contact overdue"), "work=late", sort="next"),
            View("waiting", _("Queue"), "work=waiting"),
        ),
        actions=ACTIONS,
        create_url_name="leads:create",
        empty_title=_("No leads yet"),
        empty_text=_("Create the first one, or import a file with those you have."),
    ),
)
