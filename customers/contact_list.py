"""The contacts list: people at the customers within reach."""

from django.utils.translation import gettext_lazy as _

from crm.lists.cells import Email, Entry, Link, Phone, Text
from crm.lists.filter_fields import EntryFilter
from crm.lists.filters import ListFilters
from crm.lists.search import by_words
from crm.lists.spec import Column, ListSpec, Sort, lists


class ContactFilters(ListFilters):
    role = EntryFilter(label=_("Role in the decision"), list="contact_role")


contact_list = lists.add(
    "contacts",
    ListSpec(
        name="contacts",
        kind="contact",
        url_name="customers:contacts",
        title=_("Contacts"),
        icon="users",
        columns=(
            Column("name", _("Name"), Link("customers:detail", key="customer_id"), sort="name"),
            Column("customer", _("Customer"), Link("customers:detail", key="customer_id"), source="customer__name"),
            Column("position", _("Position"), Text()),
            Column("phone", _("Phone"), Phone()),
            Column("email", _("E-mail"), Email()),
            Column("role", _("Role in the decision"), Entry()),
            Column("department", _("Department"), Text(), default=False),
        ),
        sorts=(Sort("name", _("Name"), "sort_key"),),
        filterset=ContactFilters,
        search=by_words("contact"),
        empty_title=_("No contacts yet"),
        empty_text=_("They come with their customers: open one and add the people you talk to."),
    ),
)
