"""What the pool adds to the page of a customer: the days left, release and assign."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.menu import MenuItem, menu
from crm.together import Row
from customers.actions import Action, actions
from customers.models import Pool
from customers.next_steps import Step, next_steps
from customers.pool.forms import people_to_assign
from customers.protect import days_of, room_to_protect
from customers.standing import Standing, standing_of
from records.dictionary import reasons


def add_to_page() -> None:
    next_steps.add("pool", days_left)
    actions.add(
        "release",
        Action(
            "release", 60, "customers/pool/_release_item.html", to_release, release_offer,
            "customers/pool/_release.html",
        ),
    )  # fmt: skip
    actions.add(
        "assign",
        Action(
            "assign", 50, "customers/pool/_assign_item.html", to_assign, assign_offer, "customers/pool/_assign.html"
        ),
    )  # fmt: skip
    actions.add(
        "protect",
        Action(
            "protect", 40, "customers/pool/_protect_item.html", to_protect, protect_offer,
            "customers/pool/_protect.html",
        ),
    )  # fmt: skip
    menu.add(
        "pool",
        MenuItem(
            "pool", _("Pool"), icon="pool", url_name="customers:pool", order=30, right=("pool", "view"),
        ),
    )  # fmt: skip


def days_left(_user: Any, customer: Any, *, now: datetime) -> Iterable[Step]:
    """Said by the same rule that the nightly run asks. A protected customer has a line of its own."""
    standing = standing_of(customer, now=now)
    if standing is None or standing.protected_until:
        return
    if standing.is_kept:
        yield Step(standing.headline_with_reason, "shield-check", 45)
        return
    tone = "bad" if standing.days_left <= 0 else "warn" if standing.is_warned else ""
    yield Step(f"{standing.headline}. {standing.resets}", "recycle", _urgency(standing), tone, "#log")


def _urgency(standing: Standing) -> int:
    return 2 if standing.is_warned else 35


def to_release(user: Any, customer: Any) -> QuerySet | None:
    if not access.covers(user, customer, "release"):
        return None
    return Pool.objects.visible_to(user).order_by("name", "id").values("pk", "name", "is_default")


def release_offer(pools: list[Row]) -> dict[str, Any]:
    return {"reasons": reasons("release_reason"), "pools": pools if len(pools) > 1 else []}


def to_assign(user: Any, customer: Any) -> QuerySet | None:
    if not access.covers(user, customer, "assign"):
        return None
    return people_to_assign(user).exclude(pk=customer.owner_id).values("pk", "name")


def assign_offer(people: list[Row]) -> dict[str, Any]:
    return {"people": people}


def to_protect(user: Any, customer: Any) -> QuerySet | None:
    return room_to_protect(customer) if access.covers(user, customer, "protect") else None


def protect_offer(rooms: list[Row]) -> dict[str, Any]:
    """``full``: another customer of this owner would be one too many."""
    room = rooms[0]
    held, today = room["held"] or 0, timezone.localdate()
    return {
        "name": room["name"], "held": held, "most": room["most"],
        "full": room["most"] is not None and held >= room["most"],
        "first": today.isoformat(), "last": today + timedelta(days=days_of(room)),
    }  # fmt: skip
