"""What of this room goes from a leaver to her heirs: customers, open tasks, places in pools."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import access
from accounts.models import Reach
from customers.conditions import EXEMPTS, of_use
from customers.models import Customer, Pool, Task
from customers.ownership import give, give_each
from customers.pool.hand_over import add_pool_memberships
from customers.share_open import share_anew
from customers.undo import undo_ownership
from records.handover.kinds import VERB, Elsewhere, Giving, HandoverKind, handovers
from records.handover.owned import give_owned, undo_owned

# Of these a customer may not lie in a pool, whatever the rules say: somebody has to see them through.
OPEN_WORK = ("open_opportunity", "open_order")


def add_handovers() -> None:
    pool = Elsewhere(
        _("Customers without open work"), _pools, _without_open_work, _into_pool,
        _("Those with an open opportunity or order go to the heirs in any case."),
    )  # fmt: skip
    handovers.add(
        "customer",
        HandoverKind(
            "customer", _("customers"), _customers, _give_customers, undo_ownership, ("customer", "assign"),
            ("customer", "change"), 10, region="region_id", is_followed=True, elsewhere=pool, warns=_over_cap,
        ),
    )  # fmt: skip
    after = partial(_shared, Task)
    handovers.add(
        "task",
        HandoverKind(
            "task", _("open tasks"), _tasks, partial(_give_owned, Task), partial(undo_owned, Task, after=after),
            ("task", "assign"), ("task", "change"), 60, region="customer__region_id", follows="customer",
        ),
    )  # fmt: skip
    add_pool_memberships()


def _customers(leaver: Any, _by: Any) -> QuerySet:
    return Customer.objects.live().filter(owner=leaver)


def _tasks(leaver: Any, _by: Any) -> QuerySet:
    return Task.objects.open().filter(owner=leaver, deleted_at__isnull=True)


def _give_customers(shares: Mapping[int, Any], how: Giving) -> list[int]:
    return give_each(shares, by=how.by, verb=VERB, batch=how.batch, now=how.moment)


def _give_owned(model: Any, shares: Mapping[int, Any], how: Giving) -> list[int]:
    return give_owned(model, shares, how, after=partial(_shared, model))


def _shared(model: Any, ids: list[int], by: Any) -> None:
    share_anew(model, ids, by=by)


def _pools(by: Any) -> list[tuple[str, Any]]:
    if access.reach_of(by, "customer", "release") < Reach.TEAM:
        return []
    return [(str(pool.pk), pool.name) for pool in Pool.objects.visible_to(by).order_by("name", "id")]


def _without_open_work(rows: QuerySet) -> QuerySet:
    known = of_use(EXEMPTS)
    for code in OPEN_WORK:
        if code in known:
            rows = rows.alias(**{f"has_{code}": known[code].expression(None)}).filter(**{f"has_{code}": False})
    return rows


def _into_pool(ids: list[int], place: str, how: Giving) -> list[int]:
    pool = Pool.objects.active().filter(pk=place).first() or Pool.default()
    return give(ids, pool=pool, by=how.by, verb="release", reason="left", batch=how.batch, now=how.moment)


def _over_cap(added: Mapping[Any, int], _by: Any) -> Iterable[str]:
    """Assigned customers pass the cap of a pool, but whoever is above it claims no more."""
    for pool in Pool.objects.active().filter(holding_cap__isnull=False).order_by("name", "id"):
        counted = Customer.objects.live().filter(owner__in=added)
        counted = counted.exclude(grade__in=pool.uncounted_grades).exclude(state__in=pool.uncounted_states)
        held = _per_owner(counted)
        for person, more in added.items():
            if held.get(person.pk, 0) + more > pool.holding_cap:
                text = ngettext(
                    "%(name)s will hold up to %(n)d customer; who claims from “%(pool)s” may hold %(cap)d.",
                    "%(name)s will hold up to %(n)d customers; who claims from “%(pool)s” may hold %(cap)d.",
                    held.get(person.pk, 0) + more,
                )
                facts = {"name": person, "n": held.get(person.pk, 0) + more, "pool": pool, "cap": pool.holding_cap}
                yield text % facts


def _per_owner(rows: QuerySet) -> dict[int, int]:
    return dict(rows.order_by().values_list("owner_id").annotate(n=Count("pk")))
