"""The merge: one transaction, set-based however much hangs on the two, one batch that can be undone."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from records.kinds import kinds
from records.log import log_event, plain
from records.merge.kinds import BOTH, DROP, followers
from records.merge.links import Adjustment, Link, adjustments_of, links_of
from records.merge.pairs import settle_pair
from records.merge.plan import MergePlan, plan_merge
from records.models import Alias, Batch
from records.refusals import StaleVersion

VERB = "merge"


@transaction.atomic
def merge(
    keep: Any, drop: Any, *, by: Any, choices: Mapping[str, str] | None = None, versions: tuple[int, int] | None = None
) -> Batch:
    """``drop`` is merged into ``keep``, by the plan of these choices. Two at once, also crosswise: one is told.

    ``versions``: of both as the person saw them; StaleVersion when a colleague changed one since.
    """
    lock_both(keep, drop)
    if versions is not None and versions != (keep.version, drop.version):
        raise StaleVersion(keep.version)
    plan = plan_merge(keep, drop, choices)
    batch = Batch.start(VERB, by=by, title=_title(plan), params={"kind": plan.kind, **plan.params})
    carry_out(plan, batch, by=by)
    return batch


def lock_both(*records: Any) -> None:
    """By number, whatever their roles (HOUSE §4)."""
    for record in sorted(records, key=lambda one: one.pk):
        record.lock()


def carry_out(plan: MergePlan, batch: Batch, *, by: Any) -> None:
    # First, since documents that are frozen go over to the record that the alias names, and to no other.
    Alias.objects.create(kind=plan.kind, old_id=plan.drop.pk, target_kind=plan.kind, target_id=plan.keep.pk)
    _log(plan, batch, by=by)
    moved = _move_links(plan, batch)
    _write_records(plan, by=by)
    settle_pair(plan.kind, plan.keep.pk, plan.drop.pk, by=by)
    if plan.merging.settle:
        plan.merging.settle([plan.keep.pk, plan.drop.pk])
    for follower in followers:
        follower(plan.kind, keep=plan.keep.pk, drop=plan.drop.pk, by=by)
    plan.keep.refresh_from_db()
    batch.finish(moved=moved + 1)


def _title(plan: MergePlan) -> str:
    label = str(kinds[plan.kind].label).capitalize()
    return f"{label}: {plan.drop} → {plan.keep}"[:200]


# --- what hangs on it ---


_ADJUST = """
WITH old AS (SELECT t.id, jsonb_build_object({names}) AS before FROM {table} t WHERE {when} FOR UPDATE),
u AS (UPDATE {table} t SET {sets} FROM old WHERE t.id = old.id
      RETURNING t.id, old.before, jsonb_build_object({names}) AS after)
INSERT INTO records_mergestep (batch_id, link, row_id, before, after, is_given)
SELECT %(batch)s, %(link)s, id, before, after, false FROM u
"""
# Twins are told apart before anything moved: in one statement.
_MOVE = """
WITH going AS (SELECT t.id, %(to)s::bigint AS target, false AS is_given FROM {table} t WHERE {over} {given}),
u AS (UPDATE {table} t SET {column} = g.target FROM going g WHERE t.id = g.id RETURNING t.id, g.is_given)
INSERT INTO records_mergestep (batch_id, link, row_id, is_given)
SELECT %(batch)s, %(link)s, id, is_given FROM u
"""


def _move_links(plan: MergePlan, batch: Batch) -> int:
    params = {**plan.params, "batch": batch.pk, "to": plan.keep.pk, "back": plan.drop.pk}
    moved = 0
    with connection.cursor() as cursor:
        for name, adjustment in adjustments_of(plan.kind):
            cursor.execute(_adjusting(adjustment), {**params, "link": name})
        for name, link in links_of(plan.kind):
            side = plan.side_of(link.choice) if link.choice else BOTH
            if side in (BOTH, DROP):
                cursor.execute(_moving(link, gives=side == DROP), {**params, "link": name})
                moved += cursor.rowcount
    return moved


def _adjusting(adjustment: Adjustment) -> str:
    names = ", ".join(f"'{column}', t.{column}" for column in adjustment.values)
    sets = ", ".join(f"{column} = {sql}" for column, sql in adjustment.values.items())
    return _ADJUST.format(table=adjustment.table, names=names, sets=sets, when=adjustment.when)


def _moving(link: Link, *, gives: bool) -> str:
    """``gives``: only the list of the dropped record stands, so what the kept one has alone goes the other way."""
    given = f"UNION ALL SELECT t.id, %(back)s::bigint, true FROM {link.table} t WHERE " if gives else ""
    given += link.rows(side="keep", other="drop") if gives else ""
    return _MOVE.format(table=link.table, column=link.column, over=link.rows(), given=given)


# --- the two records ---


def _write_records(plan: MergePlan, *, by: Any) -> None:
    """The kept one takes the values of the plan; the other gives up what only one may say, and goes into the trash."""
    manager, given_up = type(plan.keep)._base_manager, _given_up(plan)
    manager.filter(pk=plan.drop.pk).update(deleted_at=timezone.now(), deleted_by=by, **dict.fromkeys(given_up, ""))
    for column, value in plan.values.items():
        setattr(plan.keep, column, value)
    derived = plan.merging.derived(plan.keep) if plan.merging.derived else {}
    manager.filter(pk=plan.keep.pk).update(**plan.values, **derived)


def _given_up(plan: MergePlan) -> dict[str, Any]:
    """What only one row may say, and the kept one says now: column → what the other said."""
    taken = [unit for unit in plan.units if unit.unit.only_once and unit.side == DROP]
    return {column: getattr(plan.drop, column) for unit in taken for column in unit.values}


def _log(plan: MergePlan, batch: Batch, *, by: Any) -> None:
    """What a person typed stands in the history of fields, where it can be erased; the rest with the batch."""
    changes, held = plan.changes, plan.held
    batch.params |= {"held": plain({name: list(pair) for name, pair in changes.items() if name in held})}
    batch.save(update_fields=["params"])
    facts: dict[str, Any] = {"merged": plan.drop.pk}
    if "owner_id" in changes:
        facts |= dict(zip(("from", "to"), changes["owner_id"], strict=True))
    typed = {_field(plan.keep, name): pair for name, pair in changes.items() if name not in held}
    log_event(VERB, plan.keep, by=by, batch=batch, facts=facts, changes=typed)
    given_up = {_field(plan.drop, name): (value, "") for name, value in _given_up(plan).items()}
    log_event("merge_away", plan.drop, by=by, batch=batch, facts={"into": plan.keep.pk}, changes=given_up)


def _field(record: Any, column: str) -> str:
    return record._meta.get_field(column).name
