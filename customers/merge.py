"""What a merge of two customers takes over, and what hangs on a customer in this room."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.models import Reach
from crm.menu import MenuItem, menu
from customers.actions import Action, actions
from customers.derived import derive
from customers.family import all_above, hold_family
from customers.likely import add_signals
from customers.models import ContactPoint, Customer, Pool, Task
from customers.ownership import bring_up_copies
from customers.points import copy_points
from customers.search import index_customers
from customers.share_open import share_open_of
from records.merge.kinds import DROP, KEEP, NOBODY, Listed, Merging, Unit, followers, mergings
from records.merge.links import Adjustment, Link, add_links, adjustments, not_moved
from records.merge.pairs import partners_of
from records.merge.search import add_search
from records.merge.shared import TAG_LIST, add_shared_links

HOLDER = ("owner", "team", "pool", "former_owner", "assigned_at", "entered_pool_at", "protected_until")
POINTS = "points"
MASK = "•••"
PROPOSED = 20


def mergeable(user: Any) -> Any:
    """What she may merge: by reach, and, for who merges everywhere, what waits in the pools that she sees."""
    rows = Customer.objects.allowing(user, "merge")
    if access.reach_of(user, "customer", "merge") < Reach.ALL:
        return rows
    return rows | Customer.objects.of_pools(Pool.objects.visible_to(user))


# --- the fields ---


def _held_sides(keep: Customer, drop: Customer) -> tuple[str, ...]:
    """An owner comes before a pool; between two owners the person chooses, and nothing goes to who left."""
    if (keep.owner_id, keep.pool_id) == (drop.owner_id, drop.pool_id) or (keep.owner_id and not drop.owner_id):
        return (KEEP,)
    if drop.owner_id and not keep.owner_id:
        return (DROP,)
    return (KEEP, DROP) if drop.owner is None or drop.owner.is_active else (KEEP,)


def _shown_holder(customer: Customer) -> str:
    if customer.owner is not None:
        return str(customer.owner)
    return _("in the pool “%(pool)s”") % {"pool": customer.pool}


def _above_sides(name: str) -> Any:
    """Nobody is above itself: what would be, is no choice."""

    def sides(keep: Customer, drop: Customer) -> tuple[str, ...]:
        mine, theirs = (getattr(record, f"{name}_id") for record in (keep, drop))
        both, found = {keep.pk, drop.pk}, []
        for side, pk in ((KEEP, mine), (DROP, theirs)):
            if pk and not both & ({pk} if name == "referred_by" else all_above(pk)):
                found.append(side)
        if mine == theirs and found:
            return (KEEP,)
        return tuple(found) or (NOBODY,)

    return sides


def _hold_family(_keep: Customer, _drop: Customer) -> None:
    """Nobody makes a circle of parents while we look."""
    hold_family()


def _graded(keep: Customer, drop: Customer) -> str:
    """A grade that a person set holds."""
    today = timezone.localdate()
    held = [bool(one.grade_until and one.grade_until >= today) for one in (keep, drop)]
    return DROP if held == [False, True] else KEEP


def _valid(keep: Customer, drop: Customer) -> str:
    return DROP if drop.is_valid and not keep.is_valid else KEEP


UNITS = (
    Unit("name", gettext_lazy("Name"),
         ("name", "is_person", "given_name", "family_name", "patronymic", "greeting"), shown=str),
    Unit("holder", gettext_lazy("Owner"), HOLDER, offers=_held_sides, shown=_shown_holder, is_held=True),
    Unit("tax", gettext_lazy("Tax number"), ("tax_kind", "tax_number", "tax_branch")),
    Unit("address", gettext_lazy("Address"), ("country", "city", "street", "postcode")),
    Unit("website", gettext_lazy("Website"), ("website",)),
    Unit("industry", gettext_lazy("Industry"), ("industry",)),
    Unit("region", gettext_lazy("Region"), ("region",)),
    Unit("source", gettext_lazy("Source"), ("source",)),
    Unit("employees", gettext_lazy("Employees"), ("employees",)),
    Unit("value", gettext_lazy("Revenue and estimated value"), ("revenue", "estimated_value", "currency")),
    Unit("grade", gettext_lazy("Grade"), ("grade", "grade_until"), default=_graded),
    Unit("validity", gettext_lazy("Validity"), ("is_valid", "invalid_reason"), default=_valid),
    Unit("parent", gettext_lazy("Subsidiary of"), ("parent",), offers=_above_sides("parent")),
    Unit("referred_by", gettext_lazy("Referred by"), ("referred_by",), offers=_above_sides("referred_by")),
    Unit("intention", gettext_lazy("Intention"), ("intention",)),
    Unit("motive", gettext_lazy("Purchase motive"), ("motive",)),
    Unit("demand", gettext_lazy("Type of demand"), ("demand",)),
    Unit("relation", gettext_lazy("Relation"), ("relation",)),
    Unit("language", gettext_lazy("Language"), ("language",)),
    Unit("focus_points", gettext_lazy("Focus points"), ("focus_points",), is_text=True),
    Unit("comment", gettext_lazy("Comment"), ("comment",), is_text=True),
    Unit("external", gettext_lazy("Number in another system"), ("external_system", "external_id"), only_once=True),
)  # fmt: skip


def _blend(keep: Customer, drop: Customer) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, choose in (("last_contact_at", max), ("next_contact_at", min), ("last_order_on", max)):
        known = [value for value in (getattr(keep, name), getattr(drop, name)) if value is not None]
        found[name] = choose(known) if known else None
    return found


def _keys(customer: Customer) -> dict[str, Any]:
    customer.derive_keys()
    return {"sort_key": customer.sort_key, "company_key": customer.company_key}


def _own_points(customer: Customer) -> dict[Any, str]:
    """Without those of its contacts. Masked in a pool, as everywhere."""
    rows = ContactPoint.objects.filter(customer=customer, contact=None).order_by("-is_main", "pk")
    return {(row.kind, row.normalised): row.value if customer.owner_id else MASK for row in rows}


POINT_LIST = Listed(POINTS, gettext_lazy("Own contact points"), _own_points)


def _settle(ids: Iterable[int]) -> None:
    ids = list(ids)
    bring_up_copies(ids)
    copy_points(ids)
    index_customers(ids)
    derive(ids)


# --- what hangs on it ---

_UNSETTLED = "{row}.state IN ('open', 'deferred') AND {row}.deleted_at IS NULL"
_TODAY = "(now() AT TIME ZONE coalesce((SELECT time_zone FROM accounts_company WHERE id = 1), 'UTC'))::date"
_GROUP = "CASE WHEN {row}.kind IN ('phone', 'mobile', 'whatsapp', 'fax') THEN 'number' ELSE {row}.kind END"


def _twin(table: str, of: str, and_also: str) -> str:
    return (
        f"t.customer_id = %(drop)s AND {of.format(row='t')} AND EXISTS (SELECT 1 FROM {table} k"
        f" WHERE k.customer_id = %(keep)s AND {of.format(row='k')} AND {and_also})"
    )


def add_merge() -> None:
    mergings.add(
        "customer",
        Merging(
            "customer", UNITS, mergeable, lists=(POINT_LIST, TAG_LIST),
            refuse=_hold_family, blend=_blend, derived=_keys, settle=_settle,
        ),
    )  # fmt: skip
    _add_adjustments()
    add_links(
        Link("customer", "customers.Contact", "customer_id", gettext_lazy("contacts"), of="contact"),
        Link("customer", "customers.ContactPoint", "customer_id", when="t.contact_id IS NOT NULL"),
        Link(
            "customer", "customers.ContactPoint", "customer_id", when="t.contact_id IS NULL", choice=POINTS,
            same="k.contact_id IS NULL AND k.kind = t.kind AND k.normalised = t.normalised",
        ),
        Link("customer", "customers.Activity", "customer_id", gettext_lazy("activities"), of="activity"),
        Link("customer", "customers.Task", "customer_id", gettext_lazy("tasks"), of="task"),
        Link("customer", "customers.ChurnCase", "customer_id", gettext_lazy("churn cases"), of="churn"),
        Link("customer", "customers.PoolClaim", "customer_id"),
        # The kept one's own parent and referrer are fields of the plan.
        Link("customer", "customers.Customer", "parent_id", gettext_lazy("subsidiaries"), when="t.id <> %(keep)s",
             of="customer"),
        Link("customer", "customers.Customer", "referred_by_id", gettext_lazy("referrals"), when="t.id <> %(keep)s",
             of="customer"),
        Link("customer", "records.Attachment", "customer_id"),
        Link("customer", "messaging.SentMail", "about_id", when="t.about_kind = 'customer'"),
        Link(
            "customer", "messaging.InboundMail", "taken_id", gettext_lazy("messages"), when="t.taken_kind = 'customer'"
        ),
    )  # fmt: skip
    add_shared_links("customer")
    for place in ("customers.Activity.about_id", "customers.Task.about_id"):
        not_moved.add(place, "names the opportunity, ticket or converted lead that it was about: none is ever merged")
    followers.add("tasks", _share_tasks)
    add_signals()
    add_search(
        "customer", "customers.find_duplicates", hour=4, label=gettext_lazy("Search for customers that may be the same")
    )
    actions.add("merge", Action("merge", 70, "records/merge/_item.html", _to_merge, _offer))
    menu.add(
        "duplicates",
        MenuItem(
            "duplicates", gettext_lazy("Duplicates"), icon="copy", url_name="customers:duplicates", order=75,
            section="data", right=("customer", "merge"),
        ),
    )  # fmt: skip


def _to_merge(user: Any, customer: Customer) -> Any:
    if not access.covers(user, customer, "merge"):
        return None
    return partners_of("customer", customer.pk).values("pk")[:PROPOSED]


def _offer(pairs: list[Any]) -> dict[str, Any]:
    return {"count": len(pairs)}


def _add_adjustments() -> None:
    """Of what there is only one: a main contact, a main number, a churn case that has not ended."""
    main, point = "{row}.is_main AND {row}.deleted_at IS NULL", "{row}.is_main AND {row}.contact_id IS NULL"
    same_group = f"{_GROUP.format(row='k')} = {_GROUP.format(row='t')}"
    for name, model, values, when in (
        ("contact", "Contact", {"is_main": "false"}, _twin("customers_contact", main, "true")),
        ("point", "ContactPoint", {"is_main": "false"}, _twin("customers_contactpoint", point, same_group)),
        ("churn", "ChurnCase", {"state": "'kept'", "ended_on": _TODAY},
         _twin("customers_churncase", _UNSETTLED, "true")),
    ):  # fmt: skip
        adjustments.add(f"customer:one {name}", Adjustment("customer", f"customers.{model}", values, when))


def _share_tasks(kind: str, *, keep: int, drop: int, by: Any) -> None:
    if kind == "customer":
        share_open_of(Task, keep, drop, by=by)
