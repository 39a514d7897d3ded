"""Asks the search tables, within the reach of one person, in two shapes (SCALE: search).

A word on few rows: the index gives the candidates of every kind in one statement, then reach, the newest first. A word
on very many: the reach is walked in the order of an index, and each row is compared; the first ones suffice.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F
from django.db.models.expressions import RawSQL

from accounts import access
from records.kinds import kinds
from records.search.ask import Question, question
from records.search.kinds import Searchable, searchables
from records.search.listed import AnyOf
from records.search.probe import is_common

SHOWN = 8
# More candidates than these, and walking the reach is cheaper than checking each.
RARE = 5_000


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


@dataclass(frozen=True)
class _Candidates:
    """Ids of the rows with the words: those that start with them, and the others."""

    starting: list[int]
    others: list[int]


def _matching(user: Any, asked_of: list[Searchable], asked: Question, limit: int) -> list[list[Any]]:
    common = is_common([searchable.rows for searchable in asked_of], asked)
    rare = [searchable for searchable, is_one in zip(asked_of, common, strict=True) if not is_one]
    candidates = _candidates(rare, asked)
    return [
        _reached(user, searchable, candidates[searchable.kind], limit)
        if searchable.kind in candidates
        else _walked(user, searchable, asked, limit)
        for searchable in asked_of
    ]


def _candidates(asked_of: list[Searchable], asked: Question) -> dict[str, _Candidates]:
    """Of each kind, in one statement; a kind with more than RARE is left out."""
    if not asked_of:
        return {}
    parts, params = [], []
    for searchable in asked_of:
        table = connection.ops.quote_name(searchable.rows._meta.db_table)
        sql, values = asked.rows(table, "s.record_id AS id, s.name_key LIKE %s AS starts", (asked.start,))
        parts.append(
            f"""(SELECT %s, array_agg(c.id) FILTER (WHERE c.starts), array_agg(c.id) FILTER (WHERE NOT c.starts)
                 FROM (SELECT a.id, a.starts FROM ({sql}) a LIMIT {RARE + 1}) c)"""
        )
        params += [searchable.kind, *values]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        rows = cursor.fetchall()
    found = {kind: _Candidates(starting or [], others or []) for kind, starting, others in rows}
    return {kind: of for kind, of in found.items() if len(of.starting) + len(of.others) <= RARE}


def _reached(user: Any, searchable: Searchable, candidates: _Candidates, limit: int) -> list[Any]:
    """Ordered by id, the key's index gives the newest candidates one by one until the page is full."""
    rows = searchable.model.objects.visible_to(user).select_related(*searchable.related).order_by("-pk")
    found: list[Any] = []
    for ids in (candidates.starting, candidates.others):
        if ids and len(found) < limit:
            found += rows.filter(AnyOf(F("pk"), ids))[: limit - len(found)]
    return found


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
