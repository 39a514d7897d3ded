from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from customers.models.follower import FollowerQuerySet, FollowsCustomer
from customers.states import TASK_MOVES, TaskState
from records.models import OwnedRecord


class Priority(models.IntegerChoices):
    LOW = 1, _("low")
    NORMAL = 2, _("normal")
    HIGH = 3, _("high")


class TaskQuerySet(FollowerQuerySet):
    def open(self) -> "TaskQuerySet":
        return self.filter(state=TaskState.OPEN)

    def due(self, until: Any) -> "TaskQuerySet":
        """Open, due before ``until`` and not put off beyond it."""
        awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lt=until)
        return self.open().filter(awake, due_at__lt=until).order_by("due_at", "id")


class Task(FollowsCustomer, OwnedRecord):
    """Something a person has to do, perhaps for a customer."""

    kind = "task"
    access = Path("task", parent="customer", parent_owner="customer_owner", parent_team="customer_team")
    MOVES = TASK_MOVES
    EDITABLE = ("title", "description", "due_at", "priority", "customer", "contact")

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="tasks", db_index=False,
        verbose_name=_("customer"),
    )  # fmt: skip
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("contact"),
    )  # fmt: skip
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(
        _("state"), max_length=9, choices=TaskState.choices, default=TaskState.OPEN, editable=False
    )
    snoozed_until = models.DateTimeField(_("put off until"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    about_kind = models.CharField(max_length=24, blank=True, editable=False)
    about_id = models.BigIntegerField(null=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_at", "id"]
        indexes = [
            # The tasks list and the today page, by what is due.
            models.Index(fields=["owner", "due_at", "id", "state"], name="task_own"),
            models.Index(fields=["team", "due_at", "id", "state"], name="task_team"),
            models.Index(fields=["due_at", "id", "state"], name="task_all"),
            # Tasks at my customers.
            models.Index(fields=["customer_owner", "due_at", "id", "state"], name="task_customer_own"),
            models.Index(fields=["customer_team", "due_at", "id", "state"], name="task_customer_team"),
            # Open tasks on the customer's page.
            models.Index(fields=["customer", "due_at", "id"], name="task_of_customer", condition=Q(state="open")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(~Q(state="open"), closed_at__isnull=False),
                name="task_closed_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_is_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="task_priority_is_known"),
        ]

    def __str__(self) -> str:
        return self.title
