"""The tasks list, by what is due."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lists.cells import Badge, Link, Moment, Person
from crm.lists.filter_fields import ChoicesFilter, DaysFilter, PersonFilter
from crm.lists.filters import ListFilters
from crm.lists.spec import Column, ListSpec, Sort, View, lists
from customers.models import Priority
from customers.states import TaskState


class TaskFilters(ListFilters):
    owner = PersonFilter(kind="task")
    state = ChoicesFilter(label=_("State"), choices=TaskState.choices)
    priority = ChoicesFilter(label=_("Priority"), choices=Priority.choices)
    due = DaysFilter(label=_("Due"), field_name="due_at")
    when = django_filters.ChoiceFilter(
        label=_("Time"), method="by_when", choices=[("overdue", _("overdue")), ("today", _("until tonight"))]
    )

    def by_when(self, rows: QuerySet, _name: str, code: str) -> QuerySet:
        now = timezone.now()
        until: Any = now if code == "overdue" else timezone.localtime(now).replace(hour=23, minute=59, second=59)
        return rows.filter(due_at__lt=until)


task_list = lists.add(
    "tasks",
    ListSpec(
        name="tasks",
        kind="task",
        url_name="customers:tasks",
        create_url_name="customers:task_create",
        title=_("Tasks"),
        icon="checkbox",
        columns=(
            Column("title", _("Title"), Link("customers:task")),
            Column("due_at", _("Due"), Moment(), sort="due"),
            Column("state", _("State"), Badge(TaskState, {"open": "info", "done": "good"})),
            Column("priority", _("Priority"), Badge(Priority, {3: "bad", 1: "neutral"})),
            Column("customer", _("Customer"), Link("customers:detail", key="customer_id"), source="customer__name"),
            Column("owner", _("For"), Person()),
        ),
        sorts=(Sort("due", _("Due"), "due_at"),),
        filterset=TaskFilters,
        views=(
            View("open", _("Open"), "state=open"),
            View("overdue", _("Overdue"), "state=open&when=overdue"),
        ),
        empty_title=_("No tasks yet"),
        empty_text=_("Create one for yourself, or open a customer and add what has to be done there."),
    ),
)
