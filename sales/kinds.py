"""The kinds of records of this room, told to the rooms below."""

from django.utils.translation import gettext_lazy as _

from customers.followers import followers
from records.kinds import Kind, kinds


def register() -> None:
    kinds.add(
        "product",
        Kind(
            "product", "sales.Product", _("product"), _("products"), "package",
            detail="sales:product_detail", list="sales:product_list",
        ),
    )  # fmt: skip
    kinds.add(
        "opportunity",
        Kind(
            "opportunity", "sales.Opportunity", _("opportunity"), _("opportunities"), "target",
            detail="sales:opportunity_detail", list="sales:opportunity_list",
        ),
    )  # fmt: skip
    followers.add("opportunity", "sales.Opportunity")
