"""The kinds of records of this room, told to the rooms below."""

from django.urls import reverse
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
    for code, name, label, plural, icon in (
        ("quote", "Quote", _("quote"), _("quotes"), "file-text"),
        ("order", "Order", _("order"), _("orders"), "file-invoice"),
    ):
        kinds.add(
            code,
            Kind(code, f"sales.{name}", label, plural, icon, detail=f"sales:{code}_detail", list=f"sales:{code}_list"),
        )
        followers.add(code, f"sales.{name}")
    followers.add("opportunity", "sales.Opportunity")
    kinds.add(
        "invoice",
        Kind(
            "invoice", "sales.Invoice", _("invoice"), _("invoices"), "file-dollar",
            detail="sales:invoice_detail", list="sales:invoice_list",
        ),
    )  # fmt: skip
    kinds.add(
        "instalment",
        Kind(
            "instalment", "sales.Instalment", _("instalment"), _("instalments"), "cash", list="sales:instalment_list",
            url=lambda one: reverse("sales:order_detail", args=[one.order_id]) + "#payment",
        ),
    )  # fmt: skip
