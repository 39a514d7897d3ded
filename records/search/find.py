"""Asks the search tables, within the reach of one person, in two shapes (SCALE: search).

A word on few rows: one statement takes them from the indexes of every kind and joins them with the reach. A word on
very many: the reach is walked in the order of an index, and each row is compared; the first ones suffice.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from accounts import access
from crm.lists.branches import Branch, branches_of_each, fetch
from records.kinds import kinds
from records.search.ask import Question, question
from records.search.kinds import Searchable, searchables
from records.search.probe import is_common

SHOWN = 8


@dataclass(frozen=True)
class Hit:
    kind: str
    pk: int
    title: str
    line: str
    icon: str
    url: str


@dataclass(frozen=True)
class Group:
    """The hits of one kind, the best first; ``has_more`` when there are others."""

    kind: str
    label: Any
    hits: list[Hit]
    has_more: bool


def find(user: Any, term: str, *, shown: int = SHOWN, only: str | None = None) -> list[Group]:
    """Groups of hits for what a person typed; empty groups are left out."""
    asked = question(term)
    if asked is None:
        return []
    asked_of = [
        searchable for searchable in searchables if only in (None, searchable.kind) and _may_see(user, searchable)
    ]
    found = _matching(user, asked_of, asked, shown + 1)
    return [_group(searchable, rows, shown) for searchable, rows in zip(asked_of, found, strict=True) if rows]


def matching(user: Any, searchable: Searchable, asked: Question, *, limit: int) -> list[Any]:
    """The first records of one kind, with what ``describe`` needs."""
    return _matching(user, [searchable], asked, limit)[0]


def _matching(user: Any, asked_of: list[Searchable], asked: Question, limit: int) -> list[list[Any]]:
    common = is_common([searchable.rows for searchable in asked_of], asked)
    rare = [searchable for searchable, is_one in zip(asked_of, common, strict=True) if not is_one]
    ids = _reached(user, rare, asked, limit)
    return [
        _records(searchable, ids[searchable.kind])
        if searchable.kind in ids
        else _walked(user, searchable, asked, limit)
        for searchable in asked_of
    ]


def _reached(user: Any, asked_of: list[Searchable], asked: Question, limit: int) -> dict[str, list[int]]:
    """Of each kind the ids within reach, those that start with the words first, then the newest; in one statement."""
    branches = branches_of_each(user, [searchable.model for searchable in asked_of])
    parts, params = [], []
    for searchable in asked_of:
        if branches[searchable.model]:
            sql, values = _part(searchable, branches[searchable.model], asked, limit)
            parts.append(f"({sql})")
            params += values
    found: dict[str, list[int]] = {searchable.kind: [] for searchable in asked_of}
    rows = fetch(" UNION ALL ".join(parts), params) if parts else []
    for kind, number, _starts in sorted(rows, key=lambda row: (row[2], row[1]), reverse=True):
        found[kind].append(number)
    return found


def _part(searchable: Searchable, branches: list[Branch], asked: Question, limit: int) -> tuple[str, list[Any]]:
    """The rows with the words, the best first, beside each branch of the reach.

    Joined and not as lists of ids: of thousands of numbers the planner weighs each, which costs more than the search.
    Sorted before the join, so that for wide reach it looks up the first few alone.
    """
    table = connection.ops.quote_name(searchable.rows._meta.db_table)
    hits, params = asked.rows(table, "s.record_id AS id, s.name_key LIKE %s AS starts", (asked.start,))
    distinct = "DISTINCT" if len(asked.branches) > 1 else ""
    order = f"ORDER BY starts DESC, id DESC LIMIT {int(limit)}"
    reached, own_params = [], []
    for branch in branches:
        sql, values = branch.narrowed(lambda rows: rows.order_by().values_list("pk")).sql()
        reached.append(f"(SELECT hit.id, hit.starts FROM hit JOIN {sql} own(id) ON own.id = hit.id {order})")
        own_params += values
    whole = " UNION ALL ".join(reached)
    hit = f"SELECT {distinct} a.id, a.starts FROM ({hits}) a ORDER BY 2 DESC, 1 DESC"
    sql = f"WITH hit AS MATERIALIZED ({hit}) SELECT %s::text AS kind, id, starts FROM ({whole}) own {order}"
    return sql, [*params, searchable.kind, *own_params]


def _records(searchable: Searchable, ids: list[int]) -> list[Any]:
    if not ids:
        return []
    rows = searchable.model._base_manager.select_related(*searchable.related)  # unscoped: the ids are within reach
    found = rows.in_bulk(ids)
    return [found[number] for number in ids if number in found]


def _walked(user: Any, searchable: Searchable, asked: Question, limit: int) -> list[Any]:
    model = searchable.model
    found: list[Any] = []
    for walk in access.walks(user, model):
        rows = walk.narrow(model.objects.live()).filter(_compared(searchable, asked))
        found += rows.select_related(*searchable.related).order_by(*searchable.walk)[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def _compared(searchable: Searchable, asked: Question) -> RawSQL:
    """OFFSET 0 keeps the planner from turning the comparison into a scan of the whole search table."""
    sql, params = asked.condition("s")
    table, own = searchable.rows._meta.db_table, searchable.model._meta.db_table
    return RawSQL(
        f"""EXISTS (SELECT 1 FROM (SELECT * FROM {table} r WHERE r.record_id = {own}.id OFFSET 0) s WHERE {sql})""",
        params,
        output_field=BooleanField(),
    )


def _may_see(user: Any, searchable: Searchable) -> bool:
    return access.allows(user, "view", searchable.model.access.kind)


def _group(searchable: Searchable, rows: list[Any], shown: int) -> Group:
    kind = kinds[searchable.kind]
    hits = []
    for row in rows[:shown]:
        title, line = searchable.describe(row)
        hits.append(Hit(searchable.kind, row.pk, title, line, kind.icon, kind.url_of(row)))
    return Group(searchable.kind, kind.plural, hits, len(rows) > shown)
