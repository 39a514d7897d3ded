"""Who hands over, from whom and to whom."""

from typing import Any

from django.db.models import QuerySet

from accounts import access
from accounts.models import Reach, User
from records.handover.kinds import HandoverKind, in_order

# Whoever assigns customers beyond her own hands over what a leaver holds.
RIGHT = ("customer", "assign")
HEIRS = ("customer", "change")


def may_hand_over(user: Any) -> bool:
    return access.reach_of(user, *RIGHT) >= Reach.TEAM


def leavers(user: Any) -> QuerySet[User]:
    """Those whose things the person may hand over, also when they have left already."""
    if not may_hand_over(user):
        return User.objects.none()
    return access.people_in_reach(user, *RIGHT, former=True)


def heirs(user: Any, leaver: User) -> QuerySet[User]:
    able = access.holders(*HEIRS).values("pk")
    return access.people_in_reach(user, *RIGHT).filter(pk__in=able).exclude(pk=leaver.pk).order_by("name", "id")


def who_may(leaver: User) -> list[User]:
    """The people who could hand over from her: whom an administrator asks, whom a sudden leave is told to."""
    holders = access.holders(*RIGHT).exclude(pk=leaver.pk).order_by("name", "id")
    return [person for person in holders if leavers(person).filter(pk=leaver.pk).exists()]


def split_kinds(by: Any, leaver: User) -> tuple[list[HandoverKind], list[HandoverKind]]:
    """The kinds that ``by`` may assign of hers, and those that she may not."""
    mine: list[HandoverKind] = []
    others: list[HandoverKind] = []
    known: dict[tuple[str, str], bool] = {}
    for kind in in_order():
        if kind.right not in known:
            reached = access.people_in_reach(by, *kind.right, former=True)
            known[kind.right] = reached.filter(pk=leaver.pk).exists()
        (mine if known[kind.right] else others).append(kind)
    return mine, others
