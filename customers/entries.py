"""This room's places in the side navigation and the quick-create menu."""

from django.utils.translation import gettext_lazy as _

from crm.menu import MenuItem, menu, quick_create


def add_entries() -> None:
    menu.add("today", MenuItem("today", _("Today"), icon="home", url_name="customers:today", order=0))
    menu.add(
        "tasks",
        MenuItem("tasks", _("Tasks"), icon="checkbox", url_name="customers:tasks", order=35, right=("task", "view")),
    )
    menu.add(
        "customers",
        MenuItem(
            "customers", _("Customers"), icon="building", url_name="customers:list", order=20,
            right=("customer", "view"),
        ),
    )  # fmt: skip
    menu.add(
        "churn",
        MenuItem(
            "churn", _("Churn"), icon="heart-broken", url_name="customers:churn", order=32, right=("churn", "view")
        ),
    )
    menu.add(
        "contacts",
        MenuItem(
            "contacts", _("Contacts"), icon="users", url_name="customers:contacts", order=25,
            right=("customer", "view"),
        ),
    )  # fmt: skip
    quick_create.add(
        "customer",
        MenuItem(
            "customer", _("Customer"), icon="building", url_name="customers:create", order=20,
            right=("customer", "create"),
        ),
    )  # fmt: skip
    quick_create.add(
        "task",
        MenuItem(
            "task", _("Task"), icon="checkbox", url_name="customers:task_create", order=60, right=("task", "create")
        ),
    )
