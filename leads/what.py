"""What this room tells the generic rooms about its kind of records, and its place in the menus."""

from django.utils.translation import gettext_lazy as _

from crm.menu import MenuItem, menu, quick_create
from records.kinds import Kind, kinds


def add_kind() -> None:
    kinds.add(
        "lead",
        Kind("lead", "leads.Lead", _("lead"), _("leads"), "user-plus", detail="leads:detail", list="leads:list"),
    )


def add_menu() -> None:
    look = {"icon": "user-plus", "order": 10}
    menu.add(
        "leads",
        MenuItem("leads", _("Leads"), url_name="leads:list", right=("lead", "view"), **look),
    )
    quick_create.add("lead", MenuItem("lead", _("Lead"), url_name="leads:create", right=("lead", "create"), **look))
