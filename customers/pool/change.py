"""What is done with pools and with the limits of reminders and protection, each with an event that names who."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from customers.models import AlertLimits, Customer, Pool, PoolClaim, PoolMember, ProtectionLimits, RecycleRule
from records.log import log_event
from records.models import Event
from records.refusals import Refused


@transaction.atomic
def create_pool(values: dict[str, Any], *, members: Iterable[Any], administrators: Iterable[Any], by: Any) -> Pool:
    pool = Pool.objects.create(**values)
    log_event("create", pool, by=by)
    set_members(pool, members=members, administrators=administrators, by=by)
    return pool


@transaction.atomic
def change_pool(
    pool: Pool, values: dict[str, Any], *, members: Iterable[Any], administrators: Iterable[Any], by: Any,
    **how: Any,
) -> Event | None:  # fmt: skip
    """``how``: against whom it is judged, as ``edit`` takes it (opened, version)."""
    pool.lock()
    if pool.is_active and values.get("is_active") is False:
        _refuse_waiting(pool)
    event = pool.edit(values, by=by, **how)
    return set_members(pool, members=members, administrators=administrators, by=by) or event


@transaction.atomic
def delete_pool(pool: Pool, *, by: Any) -> None:
    """Only what was never of use; else the limits per day and the rules would lose what they count on."""
    pool.lock()
    if pool.is_default:
        raise Refused(_("The pool that takes what fits nowhere else stays active."), reason="default")
    _refuse_waiting(pool)
    # The trash too, and all claims: whatever happened here names this pool.
    held = (
        Customer._base_manager.filter(pool=pool),
        PoolClaim.objects.filter(pool=pool),
        RecycleRule.objects.filter(pool=pool),
    )
    if any(rows.exists() for rows in held):
        raise Refused(_("Rules or earlier claims name this pool. Switch it off instead."), reason="in_use")
    log_event("delete", pool, by=by)
    pool.delete()


def _refuse_waiting(pool: Pool) -> None:
    """Nobody would find them again: a pool that is off shows nothing."""
    if Customer.objects.live().filter(pool=pool, owner__isnull=True).exists():
        raise Refused(_("Customers wait in this pool. Assign them first."), reason="in_use")


@transaction.atomic
def set_members(pool: Pool, *, members: Iterable[Any], administrators: Iterable[Any], by: Any) -> Event | None:
    """Administrators are members too; who is in neither is a member no more."""
    chiefs = {user.pk for user in administrators}
    wanted = {pk: pk in chiefs for pk in {user.pk for user in members} | chiefs}
    held = dict(pool.memberships.select_for_update().values_list("user_id", "is_administrator"))
    if held == wanted:
        return None
    pool.memberships.exclude(user__in=wanted).delete()
    PoolMember.objects.bulk_create(
        [PoolMember(pool=pool, user_id=pk, is_administrator=is_chief) for pk, is_chief in wanted.items()],
        update_conflicts=True, unique_fields=["pool", "user"], update_fields=["is_administrator"],
    )  # fmt: skip
    # Who has seen the old members is told that they are others now.
    Pool.objects.filter(pk=pool.pk).update(version=F("version") + 1)
    facts = {"added": sorted(set(wanted) - set(held)), "removed": sorted(set(held) - set(wanted))}
    return log_event("members", pool, by=by, facts=facts)


def change_limits(values: dict[str, Any], *, by: Any, opened: dict | None = None) -> Event | None:
    return AlertLimits.get().edit(values, by=by, opened=opened)


def change_protection(values: dict[str, Any], *, by: Any, opened: dict | None = None) -> Event | None:
    return ProtectionLimits.get().edit(values, by=by, opened=opened)
