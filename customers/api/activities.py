"""``/api/v1/activities``: what was done with customers, or is planned."""

import datetime
from typing import Any, Literal

from django.utils import timezone

from accounts import access
from crm.endpoints import Collection, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Id, IdAsked
from crm.endpoints.values import chosen, same_customer, values_of
from crm.lists.search import by_words
from customers.log_activity import SLACK, cancel_activity, complete_activity, log_activity, plan_activity
from customers.models import Activity, Customer
from customers.models.activity import ActivityType
from customers.states import ActivityState

TYPED = ("type", "direction", "content", "outcome", "contact", "at", "minutes", "next_contact_at")
SHOWN = ("customer", *TYPED, "state", "done_by", "created_at")


def create(sent: dict[str, Any], *, by: Any) -> Activity:
    """What lies ahead is planned, what lies behind is logged."""
    customer = chosen("customer", Customer.objects.visible_to(by), sent.pop("customer"))
    access.require(by, "change", customer)
    values = values_of(Activity, sent, by=by)
    same_customer(values, customer, "contact")
    at: datetime.datetime | None = values.get("at")
    verb = plan_activity if at and at > timezone.now() + SLACK else log_activity
    return verb(customer, values, by=by)


def change(activity: Activity, sent: dict[str, Any], *, by: Any, version: int) -> None:
    values = values_of(Activity, sent, by=by)
    same_customer(values, activity.customer, "contact")
    activity.edit(values, by=by, version=version)


collections.add(
    "activities",
    Collection(
        name="activities",
        kind="customer",
        model=Activity,
        out=out("Activity", Activity, SHOWN),
        show=shower(Activity, SHOWN),
        related=("outcome", "customer"),
        sorts={"at": "at"},
        default_sort="-at",
        filters={
            "customer": Filter(IdAsked, "customer_id"),
            "done_by": Filter(IdAsked, "done_by_id"),
            "type": Filter(Literal[tuple(ActivityType.values)], "type"),
            "state": Filter(Literal[tuple(ActivityState.values)], "state"),
        },
        search=by_words("customer", of="customer_id"),
        body=body("NewActivity", Activity, TYPED, required=("customer", "type"), customer=Id),
        create=create,
        patch=body("ActivityChange", Activity, TYPED),
        change=change,
        remove=lambda activity, *, by: activity.trash(by=by),
        verbs={
            "done": Verb(lambda activity, data, *, by: complete_activity(activity, by=by)),
            "cancel": Verb(lambda activity, data, *, by: cancel_activity(activity, by=by)),
        },
    ),
)
