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
from accounts.models import Reach
from crm.lists.branches import Branch, branches_of_each
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
    found: dict[str, list[int]] = {searchable.kind: [] for searchable in asked_of}
    if not asked_of:
        return found
    ways = _ways(user, asked_of)
    parts = [_part(searchable, ways[searchable.model], asked, limit) for searchable in asked_of]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql for sql, _params in parts), [v for _sql, given in parts for v in given])
        rows = cursor.fetchall()
    for kind, number, _starts in sorted(set(rows), key=lambda row: (row[2], row[1]), reverse=True):
        found[kind].append(number)
    return {kind: ids[:limit] for kind, ids in found.items()}


def _ways(user: Any, asked_of: list[Searchable]) -> dict[Any, list[Branch]]:
    """The reach of each model: of what is one's own by its walks, whose indexes tell all of it without the table.

    Wider reach soon has enough among the hits, so there each is looked up once, with all that the reach asks of it.
    """
    models = {searchable.model for searchable in asked_of}
    own = {model for model in models if access.reach_of(user, model.access.kind) == Reach.OWN}
    whole = {model: [Branch(model.objects.visible_to(user))] for model in models - own}
    return whole | (branches_of_each(user, own) if own else {})


def _part(searchable: Searchable, ways: list[Branch], asked: Question, limit: int) -> tuple[str, list[Any]]:
    """The rows with the words, the best first, as far as reach has them.

    Joined and not as lists of ids: of thousands of numbers the planner weighs each, which costs more than the search.
    Sorted before the join, so that for wide reach the first few alone are looked up. A row found in two ways comes
    twice; to make them one here would hide from the planner how many there are.
    """
    hits, params = asked.rows(
        connection.ops.quote_name(searchable.rows._meta.db_table),
        "s.record_id AS id, s.name_key LIKE %s AS starts",
        (asked.start,),
    )
    order = f"ORDER BY starts DESC, id DESC LIMIT {int(limit) * len(asked.branches)}"
    reached, own_params = [], []
    for way in ways:
        sql, values = way.narrowed(lambda rows: rows.order_by().values_list("pk")).sql()
        reached.append(f"(SELECT %s::text, hit.id, hit.starts FROM hit JOIN {sql} own(id) ON own.id = hit.id {order})")
        own_params += [searchable.kind, *values]
    hit = f"SELECT a.id, a.starts FROM ({hits}) a ORDER BY 2 DESC, 1 DESC"
    sql = f"(WITH hit AS MATERIALIZED ({hit}) {' UNION ALL '.join(reached)})"
    return sql, [*params, *own_params]


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
