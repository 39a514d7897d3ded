"""What this room tells the generic rooms about its kind of records."""

from django.utils.translation import gettext_lazy as _

from records.kinds import Kind, kinds


def add_kind() -> None:
    kinds.add(
        "lead",
        Kind("lead", "leads.Lead", _("lead"), _("leads"), "user-plus", detail="leads:detail", list="leads:list"),
    )
