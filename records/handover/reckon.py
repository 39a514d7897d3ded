"""Which row goes to whom: read from rows and plan, for the preview of all and for each portion of the run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, QuerySet, Value

from accounts import access
from records.handover.kinds import HandoverKind
from records.handover.plan import Plan, Turns

Row = tuple[int, int | None, int | None, int | None]


@dataclass
class Shares:
    """``heirs``: id → person. ``elsewhere``: into the plan's place for this kind. ``nobody``: stays with the leaver."""

    heirs: dict[int, int] = field(default_factory=dict)
    elsewhere: list[int] = field(default_factory=list)
    nobody: list[int] = field(default_factory=list)


def reckon(
    kind: HandoverKind, rows: QuerySet, turns: Turns, *, place: str = "", gone: Mapping[int, int] | None = None
) -> Shares:
    """``rows``: some of ``kind.rows``, in their order. ``gone``: customer → heir, where that is not yet so in the
    database (a preview)."""
    away = _fitting(kind, rows) if place else set()
    shares = Shares()
    for pk, region, holder, customer in _facts(kind, rows):
        if pk in away:
            shares.elsewhere.append(pk)
            continue
        heir = turns.heir(region, (gone or {}).get(customer, holder) if customer else None)
        if heir is None:
            shares.nobody.append(pk)
        else:
            shares.heirs[pk] = heir
    return shares


def able_for(kind: HandoverKind, plan: Plan, people: Iterable[int]) -> Plan:
    """The plan among those of ``people`` who may work this kind today."""
    able = set(access.holders(*kind.work).filter(pk__in=plan.people).values_list("pk", flat=True))
    return plan.among(able & set(people))


def _fitting(kind: HandoverKind, rows: QuerySet) -> set[int]:
    assert kind.elsewhere is not None, kind.code
    ids = list(rows.values_list("pk", flat=True))
    return set(kind.elsewhere.fits(rows.model._base_manager.filter(pk__in=ids)).values_list("pk", flat=True))


def _facts(kind: HandoverKind, rows: QuerySet) -> Iterable[Row]:
    nothing: Any = Value(None, output_field=BigIntegerField())
    region = kind.region or nothing
    holder, customer = (f"{kind.follows}__owner_id", f"{kind.follows}_id") if kind.follows else (nothing, nothing)
    return rows.order_by("pk").values_list("pk", region, holder, customer)
