"""A merge taken back: both records stand again as they were, with what hung on each.

What went over and still hangs on the kept record goes back; what was added to it since stays; what was changed or
removed since is left and listed with who changed it.
"""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from records.kinds import kinds
from records.log import log_event, plain
from records.merge.kinds import Merging, followers, mergings
from records.merge.links import Adjustment, Link, adjustments_of, links_of
from records.merge.pairs import open_pair
from records.merge.run import VERB, lock_both
from records.models import Alias, Batch, Change
from records.refusals import Refused
from records.undo import UndoResult, undoers, who_changed_last


@transaction.atomic
def undo_merge(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Refused while the kept record was merged into a third one: that merge is taken back first."""
    kind = batch.params["kind"]
    model: Any = kinds[kind].model
    rows = model._base_manager.in_bulk([batch.params["keep"], batch.params["drop"]])
    keep, drop = rows.get(batch.params["keep"]), rows.get(batch.params["drop"])
    _refuse(kind, keep, drop)
    if dry_run:
        return _would_restore(batch, kind)
    lock_both(keep, drop)
    merging, result = mergings[kind], UndoResult(restored=1)
    model._base_manager.filter(pk=drop.pk).update(deleted_at=None, deleted_by=None)
    _move_back(batch, kind, result)
    _adjust_back(batch, kind)
    _write_back(batch, merging, keep, drop, result)
    # Last, since frozen documents go back along it.
    Alias.objects.filter(kind=kind, old_id=drop.pk, target_kind=kind, target_id=keep.pk).delete()
    for record in (keep, drop):
        log_event("unmerge", record, by=by, facts={"batch": batch.pk})
    open_pair(kind, keep.pk, drop.pk)
    if merging.settle:
        merging.settle([keep.pk, drop.pk])
    for follower in followers:
        follower(kind, keep=keep.pk, drop=drop.pk, by=by)
    return result


def _refuse(kind: str, keep: Any, drop: Any) -> None:
    if keep is None or drop is None:
        raise Refused(_("One of the two is gone for good."), reason="gone")
    later = Alias.objects.filter(kind=kind, target_kind=kind, old_id=keep.pk).first()
    if later is not None:
        target = kinds[kind].model._base_manager.filter(pk=later.target_id).first()
        text = _("“%(name)s” was merged into “%(into)s” since. Take that back first.")
        raise Refused(text % {"name": keep, "into": target}, reason="merged_since", into=later.target_id)
    if keep.is_deleted:
        raise Refused(_("“%(name)s” is in the trash. Restore it first.") % {"name": keep}, reason="deleted")


def _would_restore(batch: Batch, kind: str) -> UndoResult:
    result = UndoResult(restored=1)
    with connection.cursor() as cursor:
        for name, link in links_of(kind):
            cursor.execute(_STILL.format(table=link.table, column=link.column), _params(batch, name))
            going, staying = cursor.fetchone()
            result.restored += going
            _list_left(result, batch, link, staying)
    return result


# --- what hung on them ---

_STILL = """
SELECT count(*) FILTER (WHERE t.{column} = s.target), array_agg(s.row_id) FILTER (WHERE t.{column} IS DISTINCT FROM s.target)
FROM (SELECT row_id, CASE WHEN is_given THEN %(drop)s ELSE %(keep)s END AS target
      FROM records_mergestep WHERE batch_id = %(batch)s AND link = %(link)s) s LEFT JOIN {table} t ON t.id = s.row_id
"""  # noqa: E501
_BACK = """
WITH s AS (
    SELECT row_id, CASE WHEN is_given THEN %(drop)s ELSE %(keep)s END AS holder,
           CASE WHEN is_given THEN %(keep)s ELSE %(drop)s END AS home
    FROM records_mergestep WHERE batch_id = %(batch)s AND link = %(link)s
), u AS (
    UPDATE {table} t SET {column} = s.home FROM s WHERE t.id = s.row_id AND t.{column} = s.holder {free}
    RETURNING t.id
)
SELECT (SELECT count(*) FROM u), (SELECT array_agg(row_id) FROM s WHERE row_id NOT IN (SELECT id FROM u))
"""


def _move_back(batch: Batch, kind: str, result: UndoResult) -> None:
    with connection.cursor() as cursor:
        for name, link in reversed(list(links_of(kind))):
            # Somebody may have noted the same at home since: then this one stays.
            twin = f"SELECT 1 FROM {link.table} k WHERE k.{link.column} = s.home AND {link.same}"
            free = f"AND NOT EXISTS ({twin})" if link.same else ""
            sql = _BACK.format(table=link.table, column=link.column, free=free)
            cursor.execute(sql, _params(batch, name))
            restored, staying = cursor.fetchone()
            result.restored += restored
            _list_left(result, batch, link, staying)


def _list_left(result: UndoResult, batch: Batch, link: Link, ids: list[int] | None) -> None:
    """Rows without events of their own are told as the record on which they hung."""
    if ids and link.of:
        result.left += who_changed_last(link.of, sorted(ids), since=batch)
    elif ids:
        result.left += who_changed_last(link.kind, [batch.params["keep"]], since=batch)


_ADJUST_BACK = """
UPDATE {table} t SET {sets} FROM (
    SELECT s.row_id, s.after, (jsonb_populate_record(NULL::{table}, s.before)).* FROM records_mergestep s
    WHERE s.batch_id = %(batch)s AND s.link = %(link)s
) b WHERE t.id = b.row_id AND to_jsonb(t) @> b.after
"""


def _adjust_back(batch: Batch, kind: str) -> None:
    with connection.cursor() as cursor:
        for name, adjustment in adjustments_of(kind):
            cursor.execute(_adjusting_back(adjustment), _params(batch, name))


def _adjusting_back(adjustment: Adjustment) -> str:
    sets = ", ".join(f"{column} = b.{column}" for column in adjustment.values)
    return _ADJUST_BACK.format(table=adjustment.table, sets=sets)


def _params(batch: Batch, link: str) -> dict[str, Any]:
    return {"batch": batch.pk, "link": link, "keep": batch.params["keep"], "drop": batch.params["drop"]}


# --- the two records ---


def _write_back(batch: Batch, merging: Merging, keep: Any, drop: Any, result: UndoResult) -> None:
    """Fields that were taken over together go back together, or stay when one of them was changed since."""
    keep.refresh_from_db()
    written = _written(batch, keep) | {name: tuple(pair) for name, pair in batch.params["held"].items()}
    back: dict[str, Any] = {}
    for group in _groups(merging, keep):
        mine = {column: written[column] for column in group if column in written}
        if all(plain(getattr(keep, column)) == after for column, (_before, after) in mine.items()):
            back |= {
                column: keep._meta.get_field(column).to_python(before) for column, (before, _after) in mine.items()
            }
        elif mine:
            result.left += who_changed_last(keep.kind, [keep.pk], since=batch)
    for column, value in back.items():
        setattr(keep, column, value)
    derived = merging.derived(keep) if merging.derived else {}
    if back:
        type(keep)._base_manager.filter(pk=keep.pk).update(**back, **derived)
    given_up = {column: before for column, (before, _after) in _written(batch, drop).items() if column in back}
    if given_up:
        type(drop)._base_manager.filter(pk=drop.pk).update(**given_up)


def _groups(merging: Merging, keep: Any) -> list[list[str]]:
    units = [[keep._meta.get_field(name).attname for name in unit.fields] for unit in merging.units]
    together = {column for group in units for column in group}
    blended = merging.blend(keep, keep)
    return [*units, *([column] for column in blended if column not in together)]


def _written(batch: Batch, record: Any) -> dict[str, tuple[Any, Any]]:
    """Column → (before, after), from the history of fields."""
    events = batch.events.filter(subject_kind=record.kind, subject_id=record.pk)
    rows = Change.objects.filter(event__in=events).values_list("field", "before", "after")
    return {record._meta.get_field(name).attname: (before, after) for name, before, after in rows}


undoers.add(VERB, undo_merge)
