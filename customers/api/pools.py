"""``/api/v1/pools``: those whose customers the person sees, or whose rules she sets. Recycle rules have their page."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from accounts import access
from accounts.models import User
from crm.endpoints import Collection, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Id, Name
from crm.endpoints.values import values_of
from customers.models import Pool
from customers.pool import change as pools
from customers.states import CustomerState, Grade

LIMITS = ("holding_cap", "claims_per_day", "claim_interval", "cooldown_days", "freeze_hours", "brake_percent")
TYPED = ("name", "is_open", *LIMITS)
PEOPLE = ("members", "administrators")
UNCOUNTED: dict[str, Any] = {
    "uncounted_grades": Annotated[list[Literal[tuple(Grade.values)]], Field(max_length=10)],
    "uncounted_states": Annotated[list[Literal[tuple(CustomerState.values)]], Field(max_length=10)],
}
Ids = Annotated[list[Id], Field(max_length=5000)]
MORE = {**UNCOUNTED, "members": Ids, "administrators": Ids}
EXAMPLE = {"name": "Trade fair", "claims_per_day": 10, "members": [1, 2], "administrators": [3]}


def members(pool: Pool) -> list[int]:
    """Without its administrators, who are members too."""
    return [row.user_id for row in pool.memberships.all() if not row.is_administrator]


def administrators(pool: Pool) -> list[int]:
    return [row.user_id for row in pool.memberships.all() if row.is_administrator]


def seen(user: Any) -> QuerySet[Pool]:
    known = Q(pk__in=Pool.objects.visible_to(user).values("pk"))
    ruled = Q(pk__in=Pool.objects.allowing(user, "rules").values("pk"))
    return Pool.objects.filter(known | ruled)  # unscoped: both conditions ask who it is


def may_change(user: Any, pool: Pool) -> bool:
    return Pool.objects.allowing(user, "rules").filter(pk=pool.pk).exists()


def create(sent: dict[str, Any], *, by: Any) -> Pool:
    asked = {name: _people(name, sent.pop(name, []), None) for name in PEOPLE}
    return pools.create_pool(values_of(Pool, sent, by=by), by=by, **asked)


def change(pool: Pool, sent: dict[str, Any], *, by: Any, version: int) -> None:
    """Who is not sent stays: members and administrators each are a whole list."""
    pool.lock()
    held = {"members": members(pool), "administrators": administrators(pool)}
    asked = {name: _people(name, sent.pop(name, held[name]), pool) for name in PEOPLE}
    pools.change_pool(pool, values_of(Pool, sent, by=by), by=by, version=version, **asked)


def remove(pool: Pool, *, by: Any) -> None:
    access.require(by, "create", "pool")
    pools.delete_pool(pool, by=by)


def _people(name: str, ids: list[int], pool: Pool | None) -> list[User]:
    """Active people, and who is in the pool already."""
    fit = Q(is_active=True) | Q(pk__in=pool.memberships.values("user_id") if pool else [])
    found = list(User.objects.filter(fit, pk__in=ids).order_by("pk"))  # unscoped: names are for everybody
    missing = sorted(set(ids) - {user.pk for user in found})
    if missing:
        raise ValidationError({name: _("Nobody active has the number %(number)d.") % {"number": missing[0]}})
    return found


def find(text: str, _user: Any) -> Callable[[QuerySet], QuerySet]:
    return lambda rows: rows.filter(name__icontains=text)


SHOWN = ("name", "is_default", "is_active", "is_open", *LIMITS)
shown_people = {"members": members, "administrators": administrators}
shown_lists = {name: (lambda pool, name=name: getattr(pool, name)) for name in UNCOUNTED}

collections.add(
    "pools",
    Collection(
        name="pools",
        kind="pool",
        model=Pool,
        out=out("Pool", Pool, SHOWN, **UNCOUNTED, members=list[int], administrators=list[int]),
        show=shower(Pool, SHOWN, **shown_lists, **shown_people),
        prefetch=("memberships",),
        sorts={"name": "name", "id": "id"},
        default_sort="name",
        filters={"is_active": Filter(bool, "is_active"), "is_open": Filter(bool, "is_open")},
        search=find,
        rows=seen,
        body=body("NewPool", Pool, TYPED, required=("name",), example=EXAMPLE, **{"name": Name, **MORE}),
        create=create,
        patch=body("PoolChange", Pool, (*TYPED, "is_active"), **{"name": Name, **MORE}),
        change=change,
        may_change=may_change,
        remove=remove,
    ),
)
