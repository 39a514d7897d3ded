"""The kinds of records that this room holds, told to the rooms below."""

from django.utils.translation import gettext_lazy as _

from records.kinds import Kind, kinds


def register() -> None:
    kinds.add(
        "product",
        Kind(
            "product", "sales.Product", _("product"), _("products"), "package",
            detail="sales:product_detail", list="sales:product_list",
        ),
    )  # fmt: skip
