"""What this room tells the generic rooms about its kinds of records."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.kinds import Kind, kinds


def add_kinds() -> None:
    kinds.add(
        "customer",
        Kind(
            "customer", "customers.Customer", _("customer"), _("customers"), "building",
            detail="customers:detail", list="customers:list",
        ),
    )  # fmt: skip
    kinds.add(
        "contact",
        Kind(
            "contact", "customers.Contact", _("contact"), _("contacts"), "user",
            list="customers:contacts", url=_at_customer,
        ),
    )  # fmt: skip
    kinds.add(
        "activity",
        Kind("activity", "customers.Activity", _("activity"), _("activities"), "message", url=_at_customer),
    )
    kinds.add(
        "churn",
        Kind(
            "churn", "customers.ChurnCase", _("churn case"), _("churn cases"), "heart-broken",
            detail="customers:churn_case", list="customers:churn",
        ),
    )  # fmt: skip
    kinds.add(
        "task",
        Kind("task", "customers.Task", _("task"), _("tasks"), "checkbox", list="customers:tasks", url=_task_page),
    )


def _at_customer(record: Any) -> str:
    return f"{reverse('customers:detail', args=[record.customer_id])}#{record.kind}-{record.pk}"


def _task_page(task: Any) -> str:
    return reverse("customers:task", args=[task.pk])
