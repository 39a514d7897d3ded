"""Where this room stands in the navigation and in the quick-create menu."""

from django.utils.translation import gettext_lazy as _

from crm.menu import MenuItem, menu, quick_create


def add_menu_items() -> None:
    seen, made = ("opportunity", "view"), ("opportunity", "create")
    for item in (
        MenuItem("opportunities", _("Opportunities"), "target", "sales:opportunity_list", 40, "sales", seen),
        MenuItem("board", _("Board"), "layout-kanban", "sales:board", 45, "sales", seen),
        MenuItem("quotes", _("Quotes"), "file-text", "sales:quote_list", 50, "sales", ("quote", "view")),
        MenuItem("orders", _("Orders"), "file-invoice", "sales:order_list", 55, "sales", ("order", "view")),
        MenuItem("invoices", _("Invoices"), "file-dollar", "sales:invoice_list", 60, "sales", ("order", "view")),
        MenuItem("instalments", _("Money to come in"), "cash", "sales:instalment_list", 62, "sales", ("order", "view")),
        MenuItem("products", _("Products"), "package", "sales:product_list", 80, "sales", ("product", "view")),
    ):
        menu.add(item.name, item)
    opportunity = MenuItem("opportunity", _("Opportunity"), "target", "sales:opportunity_create", 40, right=made)
    quick_create.add("opportunity", opportunity)
    quick_create.add(
        "quote", MenuItem("quote", _("Quote"), "file-text", "sales:quote_create", 50, right=("quote", "create"))
    )
