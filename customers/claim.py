"""Taking a customer out of a pool: exactly one wins, and the others are told who.

Locks in the house's order: the person first, so that her limits hold under any number of clicks; then the customer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company, User
from customers.models import Customer, Pool, PoolClaim
from customers.ownership import give
from records.models import Event
from records.refusals import Refused

CLAIMED_LATELY = timedelta(hours=24)


@dataclass(frozen=True)
class ClaimResult:
    """One row of a claim in bulk: won, gone to whom (``owner``), or refused and why (``reason``)."""

    customer_id: int
    name: str
    is_won: bool
    message: str
    reason: str = ""
    owner: int | None = None

    @property
    def is_gone(self) -> bool:
        return self.reason in ("taken", "gone")


def claim(customer_id: int, *, by: User, now: datetime | None = None) -> Customer:
    """Gives the pool's customer to ``by``. Refused when somebody was faster, or when a limit of the pool forbids it."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        # Read under the lock: a claim that was waited for lies before this moment, so that the limits of time count it.
        now = now or timezone.now()
        customer = Customer.objects.live().select_for_update(of=("self",), no_key=True).get(pk=customer_id)
        _refuse_taken(customer, by)
        pool = Pool.objects.get(pk=customer.pool_id)
        _refuse_limits(pool, customer, by, now)
        give([customer.pk], to=by, by=by, verb="claim", now=now)
        PoolClaim.objects.create(pool=pool, user=by, customer_id=customer.pk, at=now)
        customer.refresh_from_db()
        return customer


def claim_each(customer_ids: Iterable[int], *, by: User) -> list[ClaimResult]:
    """Claims one after the other, each a transaction of its own, and reports per row."""
    return [_try(pk, by=by) for pk in dict.fromkeys(customer_ids)]


def in_sight(customer_ids: Iterable[int], *, by: User) -> list[int]:
    """Those of these numbers that wait in a pool of hers, or were lately taken out of one. The others do not exist."""
    ids, pools = list(dict.fromkeys(customer_ids)), Pool.objects.visible_to(by)
    waiting = set(Customer.objects.of_pools(pools).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in waiting or who_took(pk, pools)]


def _try(customer_id: int, *, by: User) -> ClaimResult:
    name = Customer.objects.filter(pk=customer_id).values_list("name", flat=True).first() or ""
    try:
        claim(customer_id, by=by)
    except Refused as refusal:
        return ClaimResult(customer_id, name, False, str(refusal), refusal.reason, refusal.facts.get("owner"))
    except Customer.DoesNotExist:
        return ClaimResult(customer_id, name, False, _("This customer is no longer here."), "gone")
    return ClaimResult(customer_id, name, True, _("It is yours now."), owner=by.pk)


# --- why not ---


def _refuse_taken(customer: Customer, by: User) -> None:
    if customer.owner_id is None:
        return
    if customer.owner_id == by.pk:
        raise Refused(_("This customer is yours already."), reason="yours", owner=by.pk)
    raise Refused(
        _("%(name)s was faster: this customer is taken.") % {"name": customer.owner},
        reason="taken", owner=customer.owner_id,
    )  # fmt: skip


def _refuse_limits(pool: Pool, customer: Customer, by: User, now: datetime) -> None:
    _refuse_frozen(pool, customer, now)
    _refuse_former_owner(pool, customer, by, now)
    _refuse_full_hands(pool, customer, by)
    _refuse_haste(pool, by, now)


def _refuse_frozen(pool: Pool, customer: Customer, now: datetime) -> None:
    if not pool.freeze_hours:
        return
    free_at = customer.entered_pool_at + timedelta(hours=pool.freeze_hours)
    if now < free_at:
        raise Refused(
            _("This customer came into the pool a short while ago; it can be claimed from %(moment)s on.")
            % {"moment": _moment(free_at)},
            reason="freeze", until=free_at.isoformat(),
        )  # fmt: skip


def _refuse_former_owner(pool: Pool, customer: Customer, by: User, now: datetime) -> None:
    """Counted from the moment at which she lost it last, also when somebody held it between."""
    if not pool.cooldown_days:
        return
    lost_at = customer.entered_pool_at if customer.former_owner_id == by.pk else _lost_at(customer, by)
    free_at = lost_at and lost_at + timedelta(days=pool.cooldown_days)
    if free_at and now < free_at:
        raise Refused(
            _("This customer was yours; you can claim it again from %(moment)s on.") % {"moment": _moment(free_at)},
            reason="cooldown", until=free_at.isoformat(),
        )  # fmt: skip


def _lost_at(customer: Customer, by: User) -> datetime | None:
    """When it last fell into a pool out of her hands; the index of the customer's events."""
    lost = Event.objects.filter(customer_id=customer.pk, subject_kind="customer", facts__has_key="pool")
    return lost.filter(facts__contains={"from": by.pk}).order_by("-id").values_list("at", flat=True).first()


def _refuse_full_hands(pool: Pool, customer: Customer, by: User) -> None:
    if pool.holding_cap is None or not pool.counts(customer):
        return
    if held(pool, by) >= pool.holding_cap:
        raise Refused(
            ngettext(
                "You hold %(cap)s customer, which is the limit of this pool.",
                "You hold %(cap)s customers, which is the limit of this pool.",
                pool.holding_cap,
            )
            % {"cap": pool.holding_cap},
            reason="holding_cap", limit=pool.holding_cap,
        )  # fmt: skip


def held(pool: Pool, person: User) -> int:
    """How many customers count against the pool's cap; no further than the cap."""
    own = Customer.objects.live().filter(owner=person)
    own = own.exclude(grade__in=pool.uncounted_grades).exclude(state__in=pool.uncounted_states)
    return own.order_by()[: pool.holding_cap].count()


def _refuse_haste(pool: Pool, by: User, now: datetime) -> None:
    claims = PoolClaim.objects.filter(pool=pool, user=by, at__lte=now)
    if pool.claims_per_day is not None and claims.filter(at__gte=_start_of_day(now)).count() >= pool.claims_per_day:
        raise Refused(
            ngettext(
                "You claimed %(count)s customer of this pool today, which is the limit.",
                "You claimed %(count)s customers of this pool today, which is the limit.",
                pool.claims_per_day,
            )
            % {"count": pool.claims_per_day},
            reason="claims_per_day", limit=pool.claims_per_day,
        )  # fmt: skip
    last = claims.order_by("-at").values_list("at", flat=True).first() if pool.claim_interval else None
    if last and now < (free_at := last + timedelta(minutes=pool.claim_interval)):
        raise Refused(
            _("Your next claim from this pool is possible at %(moment)s.") % {"moment": _moment(free_at)},
            reason="interval", until=free_at.isoformat(),
        )  # fmt: skip


def _start_of_day(now: datetime) -> datetime:
    return now.astimezone(Company.get().zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _moment(moment: datetime) -> str:
    from crm.formats import current_formats

    return current_formats().moment(moment)


# --- whom to tell ---


def who_took(customer_id: int, pools: Any, *, now: datetime | None = None) -> User | None:
    """Who lately took this customer out of one of these pools: for somebody who clicked on a page that is behind."""
    since = (now or timezone.now()) - CLAIMED_LATELY
    last = Event.objects.filter(customer_id=customer_id, subject_kind="customer", facts__has_key="to").order_by("-id")
    event = last.filter(at__gte=since).first()
    if event is None or not pools.filter(pk=event.facts.get("from_pool")).exists():
        return None
    return User.objects.filter(pk=event.facts["to"]).first()
