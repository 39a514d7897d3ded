"""``/api/v1/customers``; ``?pool=<id>`` shows who waits in a pool, without phone and e-mail."""

from typing import Annotated, Any, Literal

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from crm.endpoints import Collection, ManyVerb, Model, Verb, collections
from crm.endpoints.collection import Filter, tell_of_merge
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Code, Id, IdAsked, Line, Moment, Name, Text
from crm.endpoints.values import chosen, person_for, reason_and_note, values_of
from crm.lists.search import by_words
from customers.api.points import Points, edit_with_points, emails, new_points, phones
from customers.assign import assign as assign_customer
from customers.claim import ClaimResult, claim_each, in_sight, who_took
from customers.claim import claim as claim_customer
from customers.create import create_customer
from customers.merge import mergeable
from customers.models import Customer, Pool
from customers.protect import protect as protect_customer
from customers.release import release as release_customer
from customers.states import CustomerState, Grade
from records.merge.run import merge

TYPED = (
    "name", "is_person", "given_name", "family_name", "patronymic", "greeting", "industry", "source", "region",
    "employees", "website", "tax_kind", "tax_number", "tax_branch", "country", "city", "street", "postcode", "parent",
    "referred_by", "intention", "focus_points", "motive", "estimated_value", "demand", "relation", "language",
    "comment", "grade", "grade_until", "external_id", "external_system",
)  # fmt: skip
SHOWN = (
    *(name for name in TYPED if name != "estimated_value"), "owner", "pool", "state", "life_cycle", "is_valid",
    "protected_until", "entered_pool_at", "last_contact_at", "next_contact_at", "last_order_on", "created_at",
)  # fmt: skip
POINTS = {"phone": Line | None, "email": Line | None, "phones": Points, "emails": Points}
EXAMPLE = {"name": "Acme GmbH", "phone": "+49 30 901820", "email": "info@acme.example", "city": "Berlin"}
RELATED = ("industry", "source", "region", "intention", "motive", "demand", "relation")


class ToOwner(Model):
    owner: Id


class Release(Model):
    """``reason``: of the list release_reason; ``pool``: without one the default pool."""

    reason: Line | None = None
    note: Text | None = None
    pool: Id | None = None


class Protect(Model):
    """null ends the protection."""

    until: Moment | None


class Claims(Model):
    """Customers of the person's pools, claimed one after the other by their numbers."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class Claimed(Schema):
    """Won; or gone to ``owner``; or refused: ``reason`` in short, ``detail`` in words. Out of sight: ``not_found``."""

    id: int
    won: bool
    reason: str | None
    detail: str
    owner: int | None


class Merge(Model):
    """``into``: the customer that stands afterwards; ``choices``: what the merge page offers, "keep", "drop" or "both"
    by field; without them what is empty there is filled, and lists and texts are put together."""

    into: Id
    choices: dict[Line, Line] | None = None


def masked(name: str) -> Any:
    """Whoever sees a pool learns how to reach a customer by claiming it."""
    return lambda customer: None if customer.owner_id is None else getattr(customer, name)


def shown_points(read: Any) -> Any:
    return lambda customer: [] if customer.owner_id is None else read(customer)


def create(sent: dict[str, Any], *, by: Any) -> Customer:
    owner = person_for(sent.pop("owner", by.pk), "customer", by=by)
    points = new_points(sent, country=sent.get("country") or "")
    return create_customer(values_of(Customer, sent, by=by), by=by, owner=owner, points=points)


def change(customer: Customer, sent: dict[str, Any], *, by: Any, version: int) -> None:
    edit_with_points(customer, sent, by=by, version=version)


def allowed(customer: Customer) -> tuple[str, ...]:
    return ("claim", "assign", "merge") if customer.owner_id is None else ("release", "assign", "protect", "merge")


def in_pool(user: Any, asked: dict[str, Any]) -> Any:
    if "pool" not in asked:
        return None
    pools = Pool.objects.visible_to(user).filter(pk=asked["pool"])
    return Customer.objects.of_pools(pools)


def claimable(user: Any, pk: int) -> Customer:
    """In a pool of hers, or lately taken out of one: then the refusal says by whom."""
    pools = Pool.objects.visible_to(user)
    waiting = Customer.objects.of_pools(pools).filter(pk=pk).first()
    if waiting is None and who_took(pk, pools) is None:
        raise Http404
    return waiting or Customer.objects.live().get(pk=pk)  # unscoped: it lay in her pool until a moment ago


def claim(customer: Customer, data: dict[str, Any], *, by: Any) -> None:
    claim_customer(customer.pk, by=by)


def claim_many(data: dict[str, Any], *, by: Any) -> list[dict[str, Any]]:
    """By number: two programs that ask for the same ones wait for each other in one order."""
    ids = sorted(set(data["ids"]))
    found = {row.customer_id: row for row in claim_each(in_sight(ids, by=by), by=by)}
    unknown = {"won": False, "reason": "not_found", "detail": _("There is no such customer."), "owner": None}
    return [_claimed(found[pk]) if pk in found else {"id": pk, **unknown} for pk in ids]


def _claimed(row: ClaimResult) -> dict[str, Any]:
    return {"id": row.customer_id, "won": row.is_won, "reason": row.reason or None, "detail": row.message,
            "owner": row.owner}  # fmt: skip


def release(customer: Customer, data: dict[str, Any], *, by: Any) -> None:
    reason, note = reason_and_note(data, "release_reason")
    pool = chosen("pool", Pool.objects.visible_to(by), data["pool"]) if data.get("pool") else None
    release_customer(customer, by=by, reason=reason.code, note=note, pool=pool)


def assign(customer: Customer, data: dict[str, Any], *, by: Any) -> None:
    assign_customer(customer, to=person_for(data["owner"], "customer", by=by), by=by)


def protect(customer: Customer, data: dict[str, Any], *, by: Any) -> None:
    protect_customer(customer, data["until"], by=by)


def to_merge(user: Any, pk: int) -> Customer:
    customer = mergeable(user).filter(pk=pk).first()
    if customer is None:
        tell_of_merge("customer", pk, mergeable(user))
        raise Http404
    return customer


def merge_customer(customer: Customer, data: dict[str, Any], *, by: Any) -> Customer:
    into = chosen("into", mergeable(by), data["into"])
    merge(into, customer, by=by, choices=data.get("choices"))
    return into


collections.add(
    "customers",
    Collection(
        name="customers",
        kind="customer",
        model=Customer,
        out=out("Customer", Customer, SHOWN, phone=str | None, email=str | None, phones=list[str], emails=list[str]),
        show=shower(
            Customer,
            SHOWN,
            phone=masked("phone"),
            email=masked("email"),
            phones=shown_points(phones),
            emails=shown_points(emails),
        ),
        prefetch=("points",),
        allowed=allowed,
        related=RELATED,
        sorts={"created": "created_at", "name": "sort_key", "next": "next_contact_at"},
        default_sort="-created",
        filters={
            "owner": Filter(IdAsked, "owner_id"),
            "pool": Filter(IdAsked, "pool_id"),
            "state": Filter(Literal[tuple(CustomerState.values)], "state"),
            "grade": Filter(Literal[tuple(Grade.values)], "grade"),
            "source": Filter(Code, "source__code"),
            "industry": Filter(Code, "industry__code"),
            "region": Filter(Code, "region__code"),
            "external_id": Filter(Line, "external_id"),
        },
        search=by_words("customer"),
        other_rows=in_pool,
        # By name only, so that a masked phone number cannot be guessed digit by digit.
        other_search=by_words("customer", only_names=True),
        body=body("NewCustomer", Customer, TYPED, required=("name",), example=EXAMPLE, name=Name, owner=Id, **POINTS),
        create=create,
        patch=body("CustomerChange", Customer, TYPED, name=Name, **POINTS),
        change=change,
        remove=lambda customer, *, by: customer.trash(by=by),
        verbs={
            "claim": Verb(claim, "claim", find=claimable),
            "release": Verb(release, "release", Release),
            "assign": Verb(assign, "assign", ToOwner),
            "protect": Verb(protect, "protect", Protect),
            "merge": Verb(merge_customer, "merge", Merge, find=to_merge),
        },
        many={"claim": ManyVerb(claim_many, "claim", Claims, Claimed)},
    ),
)
