"""``/api/v1/opportunities``."""

from typing import Any, Literal

from accounts.models import User
from crm.endpoints import Collection, Model, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Code, Day, Id, IdAsked, Line, Name, Text
from crm.endpoints.values import chosen, person_for, reason_and_note, values_of
from crm.lists.search import by_words
from sales.models import Opportunity, Pipeline, Stage
from sales.open_opportunity import open_opportunity
from sales.states import OpportunityState

TYPED = (
    "name", "customer", "contact", "amount", "probability", "opened_on", "close_on", "source", "competitor",
    "next_step", "description", "external_id", "external_system",
)  # fmt: skip
SHOWN = (
    *TYPED, "pipeline", "stage", "furthest_stage", "stage_since", "state", "owner", "closed_on", "lost_reason",
    "created_at",
)  # fmt: skip


class ToOwner(Model):
    owner: Id


class Move(Model):
    """``seen``: the stage in which it was seen; refused when it stands in another by now."""

    stage: Id
    seen: Id | None = None


class Win(Model):
    on: Day | None = None


class Lose(Model):
    reason: Line | None = None
    note: Text | None = None
    competitor: Line | None = None
    on: Day | None = None


def create(sent: dict[str, Any], *, by: Any) -> Opportunity:
    owner = person_for(sent.pop("owner", by.pk), "opportunity", by=by)
    way = _stage_of(sent.pop("stage", None), sent.pop("pipeline", None))
    values = values_of(Opportunity, sent, by=by)
    return open_opportunity(values.pop("name"), by=by, owner=owner, **way, **values)


def _stage_of(stage: int | None, pipeline: int | None) -> dict[str, Any]:
    way = {}
    if pipeline is not None:
        way["pipeline"] = chosen("pipeline", Pipeline.objects.active(), pipeline)  # unscoped: for everybody
    if stage is not None:
        stages = Stage.objects.offered().filter(pipeline__is_active=True)  # unscoped: for everybody
        stages = stages.filter(pipeline=way["pipeline"]) if way else stages
        way["stage"] = chosen("stage", stages, stage)
    return way


def change(opportunity: Opportunity, sent: dict[str, Any], *, by: Any, version: int) -> None:
    opportunity.edit(values_of(Opportunity, sent, by=by), by=by, version=version)


def move(opportunity: Opportunity, data: dict[str, Any], *, by: Any) -> None:
    stage = _stage_of(data["stage"], None)["stage"]
    opportunity.move(stage, by=by, seen=data.get("seen"))


def win(opportunity: Opportunity, data: dict[str, Any], *, by: Any) -> None:
    opportunity.win(by=by, on=data.get("on"))


def lose(opportunity: Opportunity, data: dict[str, Any], *, by: Any) -> None:
    reason, note = reason_and_note(data, "opportunity_lost_reason")
    opportunity.lose(reason, by=by, note=note, competitor=data.get("competitor") or "", on=data.get("on"))


def assign(opportunity: Opportunity, data: dict[str, Any], *, by: Any) -> None:
    """To any active person, as on its page."""
    owner = chosen("owner", User.objects.active(), data["owner"])  # unscoped: names are for everybody
    opportunity.assign(owner, by=by)


collections.add(
    "opportunities",
    Collection(
        name="opportunities",
        kind="opportunity",
        model=Opportunity,
        out=out("Opportunity", Opportunity, SHOWN),
        show=shower(Opportunity, SHOWN),
        related=("customer", "source", "lost_reason"),
        sorts={"created": "created_at", "close": "ends_on", "amount": "amount_company"},
        default_sort="-created",
        filters={
            "owner": Filter(IdAsked, "owner_id"),
            "customer": Filter(IdAsked, "customer_id"),
            "stage": Filter(IdAsked, "stage_id"),
            "pipeline": Filter(IdAsked, "pipeline_id"),
            "state": Filter(Literal[tuple(OpportunityState.values)], "state"),
            "source": Filter(Code, "source__code"),
            "external_id": Filter(Line, "external_id"),
        },
        search=by_words("opportunity"),
        body=body("NewOpportunity", Opportunity, TYPED, required=("name",), name=Name, owner=Id, stage=Id, pipeline=Id),
        create=create,
        patch=body("OpportunityChange", Opportunity, TYPED, name=Name),
        change=change,
        remove=lambda opportunity, *, by: opportunity.trash(by=by),
        verbs={
            "move": Verb(move, body=Move),
            "win": Verb(win, body=Win),
            "lose": Verb(lose, body=Lose),
            "reopen": Verb(lambda opportunity, data, *, by: opportunity.reopen(by=by)),
            "assign": Verb(assign, "assign", ToOwner),
        },
    ),
)
