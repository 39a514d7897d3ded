"""Asks the search tables, within the reach of one person, in two shapes (SCALE: search).

A word on few rows: the index gives the candidates, then reach. A word on very many: the reach is walked in the order of
an index, and each row is compared; the first ones suffice.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, IntegerField, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from accounts import access
from records.kinds import kinds
from records.search.ask import Question, question
from records.search.kinds import Searchable, searchables

SHOWN = 8
# More candidates than these, and walking the reach is cheaper than checking each.
RARE = 2_000


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
    found = []
    for searchable in searchables:
        if only in (None, searchable.kind) and _may_see(user, searchable):
            rows = matching(user, searchable, asked, limit=shown + 1)
            if rows:
                found.append(_group(searchable, rows, shown))
    return found


def matching(user: Any, searchable: Searchable, asked: Question, *, limit: int) -> list[Any]:
    """The first records of one kind, with what ``describe`` needs."""
    ids, starting = _candidates(searchable, asked)
    if len(ids) > RARE:
        return _walked(user, searchable, asked, limit)
    rows = searchable.model.objects.visible_to(user).filter(pk__in=ids).select_related(*searchable.related)
    rank = Case(When(pk__in=starting, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(rows.order_by(rank, *searchable.walk)[:limit])


def _candidates(searchable: Searchable, asked: Question) -> tuple[list[int], list[int]]:
    """Ids of the rows that match, and which of them start with the words; one more than RARE means very many."""
    sql, params = asked.condition("s")
    statement = f"""SELECT s.record_id, s.name_key LIKE %s FROM {searchable.rows._meta.db_table} s
                    WHERE {sql} LIMIT {RARE + 1}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [asked.start, *params])
        rows = cursor.fetchall()
    return [pk for pk, _starts in rows], [pk for pk, starts in rows if starts]


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


def within(rows: QuerySet, rows_table: str, term: str) -> QuerySet:
    """Narrows the rows of a list to a search word; see the list machine. An unusable word gives no rows."""
    asked = question(term)
    if asked is None:
        return rows.none()
    sql, params = asked.condition("s")
    return rows.filter(pk__in=RawSQL(f"SELECT s.record_id FROM {rows_table} s WHERE {sql}", params))


def _may_see(user: Any, searchable: Searchable) -> bool:
    return access.allows(user, "view", searchable.model.access.kind)


def _group(searchable: Searchable, rows: list[Any], shown: int) -> Group:
    kind = kinds[searchable.kind]
    hits = []
    for row in rows[:shown]:
        title, line = searchable.describe(row)
        hits.append(Hit(searchable.kind, row.pk, title, line, kind.icon, kind.url_of(row)))
    return Group(searchable.kind, kind.plural, hits, len(rows) > shown)
