"""``/api/v1/tasks``."""

from collections.abc import Callable
from typing import Any, Literal

from django.db.models import QuerySet

from crm.endpoints import Collection, Model, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Id, IdAsked, Moment
from crm.endpoints.values import person_for, same_customer, values_of
from customers import todo
from customers.models import Task
from customers.states import TaskState

TYPED = ("title", "description", "due_at", "priority", "customer", "contact")
SHOWN = (*TYPED, "owner", "state", "snoozed_until", "closed_at", "created_at")


def find(text: str, _user: Any) -> Callable[[QuerySet], QuerySet]:
    return lambda rows: rows.filter(title__icontains=text)


class Snooze(Model):
    until: Moment


class ToOwner(Model):
    owner: Id


def create(sent: dict[str, Any], *, by: Any) -> Task:
    owner = person_for(sent.pop("owner", by.pk), "task", by=by)
    values = values_of(Task, sent, by=by)
    same_customer(values, values.get("customer"), "contact")
    return todo.create_task(values, by=by, owner=owner)


def change(task: Task, sent: dict[str, Any], *, by: Any, version: int) -> None:
    values = values_of(Task, sent, by=by)
    same_customer({"contact": task.contact, **values}, values.get("customer", task.customer), "contact")
    task.edit(values, by=by, version=version)


def assign(task: Task, data: dict[str, Any], *, by: Any) -> None:
    todo.assign_task(task, person_for(data["owner"], "task", by=by), by=by)


collections.add(
    "tasks",
    Collection(
        name="tasks",
        kind="task",
        model=Task,
        out=out("Task", Task, SHOWN),
        show=shower(Task, SHOWN),
        related=("customer", "contact"),
        sorts={"due": "due_at"},
        default_sort="due",
        filters={
            "owner": Filter(IdAsked, "owner_id"),
            "customer": Filter(IdAsked, "customer_id"),
            "state": Filter(Literal[tuple(TaskState.values)], "state"),
        },
        search=find,
        body=body("NewTask", Task, TYPED, required=("title",), owner=Id),
        create=create,
        patch=body("TaskChange", Task, TYPED),
        change=change,
        remove=lambda task, *, by: task.trash(by=by),
        verbs={
            "done": Verb(lambda task, data, *, by: todo.finish_task(task, by=by)),
            "cancel": Verb(lambda task, data, *, by: todo.cancel_task(task, by=by)),
            "reopen": Verb(lambda task, data, *, by: todo.reopen_task(task, by=by)),
            "snooze": Verb(lambda task, data, *, by: todo.snooze_task(task, data["until"], by=by), body=Snooze),
            "assign": Verb(assign, "assign", ToOwner),
        },
    ),
)
