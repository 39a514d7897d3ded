"""``/api/v1/leads``."""

from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Company
from crm.endpoints import Collection, Model, Money, Verb, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Code, Day, Id, IdAsked, Line
from crm.endpoints.values import chosen, person_for, reason_and_note, values_of
from crm.lists.search import by_words
from customers.models import Customer
from leads.convert import convert_lead
from leads.create import create_lead
from leads.models import Lead
from leads.states import LeadState
from leads.values import cleaned
from sales.models import Opportunity, Stage

TYPED = (
    "name", "company", "position", "phone", "mobile", "email", "wechat", "whatsapp", "telegram", "website", "country",
    "region", "city", "language", "industry", "tax_number", "source", "campaign", "need", "estimated_value",
    "rating_by_hand", "rating_until", "external_id", "external_system",
)  # fmt: skip
SHOWN = (
    *TYPED, "owner", "state", "score", "rating", "customer", "opportunity", "lost_reason", "first_contact_due_at",
    "last_contact_at", "next_contact_at", "created_at",
)  # fmt: skip
EXAMPLE = {"name": "Maria Sommer", "company": "Acme GmbH", "email": "maria@acme.example", "need": "Ten pumps by May"}


class OpportunityOfLead(Model):
    name: Line | None = None
    stage: Id | None = None
    amount: Money | None = None
    close_on: Day | None = None


class Convert(Model):
    """``customer``: the one to join; without it one is made. ``opportunity``: what to open, or nothing."""

    customer: Id | None = None
    opportunity: OpportunityOfLead | None = None


class ToOwner(Model):
    owner: Id


def create(sent: dict[str, Any], *, by: Any) -> Lead:
    """Without ``owner`` it is the asker's; with null it waits for the rules."""
    asked = sent.pop("owner", by.pk)
    owner = None if asked is None else person_for(asked, "lead", by=by)
    values = values_of(Lead, {"name": "", **sent}, by=by)
    return create_lead(values, by=by, owner=owner, team=None if owner else by.team)


def change(lead: Lead, sent: dict[str, Any], *, by: Any, version: int) -> None:
    values = cleaned(values_of(Lead, sent, by=by), country=lead.country or Company.get().country)
    if not values.get("name", lead.name) and not values.get("company", lead.company):
        raise ValidationError({"name": _("Give the name of the person or of the company.")})
    lead.edit(values, by=by, version=version)


def assign(lead: Lead, data: dict[str, Any], *, by: Any) -> None:
    lead.assign(person_for(data["owner"], "lead", by=by), by=by)


def lose(lead: Lead, data: dict[str, Any], *, by: Any) -> None:
    reason, note = reason_and_note(data, "lead_lost_reason")
    lead.lose(reason, by=by, note=note)


def convert(lead: Lead, data: dict[str, Any], *, by: Any) -> None:
    joined = data.get("customer")
    customer = chosen("customer", Customer.objects.visible_to(by), joined) if joined else None
    if customer is not None:
        access.require(by, "change", customer)
    convert_lead(lead, by=by, customer=customer, opportunity=_opportunity(data.get("opportunity"), by))


def _opportunity(sent: dict[str, Any] | None, by: Any) -> dict[str, Any] | None:
    if sent is None:
        return None
    access.require(by, "create", "opportunity")
    given = {name: value for name, value in sent.items() if value is not None}
    stages = Stage.objects.filter(pipeline__is_active=True)  # unscoped: stages are for everybody
    stage = {"stage": chosen("stage", stages, given.pop("stage"))} if "stage" in given else {}
    return values_of(Opportunity, given, by=by) | stage


def _plainly(name: str) -> Any:
    return lambda lead, data, *, by: getattr(lead, name)(by=by)


collections.add(
    "leads",
    Collection(
        name="leads",
        kind="lead",
        model=Lead,
        out=out("Lead", Lead, SHOWN),
        show=shower(Lead, SHOWN),
        related=("source", "region", "industry", "lost_reason"),
        sorts={"created": "created_at", "name": "sort_key", "next": "next_contact_at"},
        default_sort="-created",
        filters={
            "owner": Filter(IdAsked, "owner_id"),
            "state": Filter(Literal[tuple(LeadState.values)], "state"),
            "source": Filter(Code, "source__code"),
            "rating": Filter(Literal[tuple(Lead.Rating.values)], "rating"),
            "customer": Filter(IdAsked, "customer_id"),
            "external_id": Filter(Line, "external_id"),
        },
        search=by_words("lead"),
        body=body("NewLead", Lead, TYPED, example=EXAMPLE, owner=Id | None),
        create=create,
        patch=body("LeadChange", Lead, TYPED),
        change=change,
        remove=lambda lead, *, by: lead.trash(by=by),
        verbs={
            "assign": Verb(assign, "assign", ToOwner),
            "contact": Verb(_plainly("contact"), "work"),
            "qualify": Verb(_plainly("qualify"), "work"),
            "convert": Verb(convert, "convert", Convert),
            "lose": Verb(lose, "work"),
            "reopen": Verb(_plainly("reopen"), "work"),
        },
    ),
)
