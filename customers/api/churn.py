"""``/api/v1/churn``: customers that may leave, within the reach of their customer."""

import datetime
from typing import Any, Literal

from accounts import access
from crm.endpoints import Collection, Model, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Day, Id, IdAsked, Line, Text
from crm.endpoints.values import chosen, reason_and_note, values_of
from crm.lists.search import by_words
from customers.churn import case as verbs
from customers.churn.signs import because
from customers.models import ChurnCase, Customer
from customers.states import ChurnState

SHOWN = (
    "customer", "state", "opened_on", "note", "rule", "measures", "deferred_until", "reason", "competitor", "end_note",
    "confirmed_on", "ended_on", "created_at",
)  # fmt: skip


class Defer(Model):
    measures: Text
    until: Day
    note: Text | None = None


class Confirm(Model):
    reason: Line | None = None
    competitor: Line | None = None
    note: Text | None = None


def create(sent: dict[str, Any], *, by: Any) -> ChurnCase:
    customer = chosen("customer", Customer.objects.visible_to(by), sent.pop("customer"))
    access.require(by, "change", customer)
    return verbs.open_case(customer, by=by, note=values_of(ChurnCase, sent, by=by).get("note", ""))


def change(case: ChurnCase, sent: dict[str, Any], *, by: Any, version: int) -> None:
    case.edit(values_of(ChurnCase, sent, by=by), by=by, version=version)


def defer(case: ChurnCase, data: dict[str, Any], *, by: Any) -> None:
    until: datetime.date = data["until"]
    verbs.defer(case, data["measures"], until, by=by)


def confirm(case: ChurnCase, data: dict[str, Any], *, by: Any) -> None:
    reason, note = reason_and_note(data, "churn_reason")
    verbs.confirm(case, reason, by=by, competitor=data.get("competitor") or "", note=note)


def win_back(case: ChurnCase, data: dict[str, Any], *, by: Any) -> None:
    verbs.win_back(case, by=by, note=data.get("note") or "")


collections.add(
    "churn",
    Collection(
        name="churn",
        kind="churn",
        model=ChurnCase,
        out=out("ChurnCase", ChurnCase, SHOWN, because=str),
        show=shower(ChurnCase, SHOWN, because=because),
        related=("reason", "customer"),
        sorts={"opened": "opened_on"},
        default_sort="-opened",
        filters={
            "customer": Filter(IdAsked, "customer_id"),
            "owner": Filter(IdAsked, "customer__owner_id"),
            "state": Filter(Literal[tuple(ChurnState.values)], "state"),
        },
        search=by_words("customer", of="customer_id"),
        body=body("NewChurnCase", ChurnCase, ("note",), required=("customer",), customer=Id),
        create=create,
        patch=body("ChurnCaseChange", ChurnCase, ("note",)),
        change=change,
        remove=lambda case, *, by: verbs.take_back(case, by=by),
        verbs={
            "defer": Verb(defer, body=Defer),
            "confirm": Verb(confirm, body=Confirm),
            "win_back": Verb(win_back),
        },
    ),
)
