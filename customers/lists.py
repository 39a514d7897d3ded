"""The customers list: every column, order, filter and action of `/customers/`."""

from django.utils.translation import gettext_lazy as _

from crm.lists.actions import tag_action, trash_action, untag_action
from crm.lists.cells import Badge, Email, Entry, Link, Moment, Money, Number, Person, Phone, Text, YesNo
from crm.lists.search import by_words
from crm.lists.spec import BulkAction, Column, ListSpec, Sort, View, lists
from customers.assign import VERB as ASSIGNED
from customers.bulk_assign import assign_form, assign_portion
from customers.bulk_release import release_form, release_portion
from customers.filters import CustomerFilters
from customers.grade_by_hand import edit_with_grade
from customers.release import VERB as RELEASED
from customers.states import CustomerState, Grade, LifeCycle
from records.merge.views import merge_action

STATE_TONES = {"intent": "info", "buying": "good", "repeat": "good"}
GRADE_TONES = {"A": "accent", "B": "info"}
LIFE_TONES = {"maintain": "good", "retain": "warn", "lost": "bad"}

COLUMNS = (
    Column("name", _("Name"), Link("customers:detail"), sort="name"),
    Column("grade", _("Grade"), Badge(Grade, GRADE_TONES)),
    Column("state", _("State"), Badge(CustomerState, STATE_TONES)),
    Column("owner", _("Owner"), Person()),
    Column("last_contact_at", _("Last contact"), Moment(with_time=False)),
    Column("next_contact_at", _("Next contact"), Moment(), sort="next"),
    Column("phone", _("Phone"), Phone()),
    Column("region", _("Region"), Entry(), default=False),
    Column("industry", _("Industry"), Entry(), default=False),
    Column("created_at", _("Created"), Moment(with_time=False), sort="created"),
    Column("email", _("E-mail"), Email(), default=False),
    Column("life_cycle", _("Life cycle"), Badge(LifeCycle, LIFE_TONES), default=False),
    Column("source", _("Source"), Entry(), default=False),
    Column("city", _("City"), Text(), default=False),
    Column("employees", _("Employees"), Number(), default=False),
    Column("estimated_value", _("Estimated value"), Money(), default=False),
    Column("is_valid", _("Valid"), YesNo(_("yes"), _("no")), default=False),
)

customer_list = lists.add(
    "customers",
    ListSpec(
        name="customers",
        kind="customer",
        title=_("Customers"),
        icon="building",
        columns=COLUMNS,
        sorts=(
            Sort("created", _("Newest first"), "created_at", descending=True),
            Sort("name", _("Name"), "sort_key"),
            Sort("next", _("Next contact"), "next_contact_at"),
        ),
        filterset=CustomerFilters,
        search=by_words("customer"),
        views=(
            View("overdue", _("Next contact overdue"), "contact=overdue", sort="next"),
            View("unplanned", _("Nothing planned"), "contact=unplanned"),
            View("a_grade", _("Grade A"), "grade=A", sort="name"),
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
                explain=_("The new owner gets one notice for all of them."),
            ),
            BulkAction(
                "release",
                _("Release"),
                "door-exit",
                "release",
                RELEASED,
                release_portion,
                form=release_form,
                explain=_("They wait in the pool until somebody claims them."),
            ),
            edit_with_grade("grade", "grade_until", "industry", "source", "region", "relation", "demand"),
            tag_action("customer"),
            untag_action("customer"),
            merge_action("customer"),
            trash_action("customer"),
        ),
        create_url_name="customers:create",
        empty_title=_("No customers yet"),
        empty_text=_("Create the first one, or import a file with those you have."),
    ),
)
