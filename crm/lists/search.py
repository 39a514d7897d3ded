"""The search box of a list: the words of the search page, within this list."""

from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.db.models import BooleanField, F
from django.db.models.expressions import RawSQL

from records.search.ask import Question, question
from records.search.kinds import Searchable, searchables
from records.search.listed import AnyOf
from records.search.probe import is_common

# Up to so many hits are taken as a list; of more, one stands every few rows of the walk. At 2 m rows both cost alike.
LISTED = 8_000


def by_words(
    kind: str, *, of: str = "id", only_names: bool = False
) -> Callable[[str, Any], Callable[[models.QuerySet], models.QuerySet]]:
    """``ListSpec.search`` of a kind that has a search table. ``only_names`` where contact data is masked.

    ``of``: the column that names the record of that kind, where the list is of what hangs on it.
    """

    def prepare(words: str, _user: Any) -> Callable[[models.QuerySet], models.QuerySet]:
        asked, searchable = question(words), searchables[kind]
        if asked is not None and only_names:
            asked = asked.only_names()
        if asked is None:
            return lambda rows: rows.none()
        ids = None if is_common([searchable.rows], asked)[0] else _candidates(searchable, asked)
        if ids is not None and len(ids) <= LISTED:
            return lambda rows: rows.filter(AnyOf(F(of), ids))
        return lambda rows: rows.filter(_holds(rows.model, of, searchable, asked))

    return prepare


def _candidates(searchable: Searchable, asked: Question) -> list[int]:
    """The rows with these words, or one more than LISTED of them: then the list is walked, and each row compared."""
    sql, params = asked.rows(connection.ops.quote_name(searchable.rows._meta.db_table), "s.record_id AS id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(c.id) FROM (SELECT a.id FROM ({sql}) a LIMIT {LISTED + 1}) c", params)
        [(ids,)] = cursor.fetchall()
    return ids or []


def _holds(model: Any, column: str, searchable: Searchable, asked: Question) -> RawSQL:
    """True for rows whose search row holds the words: a look-up by primary key for each row of the walk."""
    sql, params = asked.condition("s")
    rows = connection.ops.quote_name(searchable.rows._meta.db_table)
    table = connection.ops.quote_name(model._meta.db_table)
    # OFFSET keeps the planner from turning it round: it would fetch and sort all the hits for a page of them.
    exists = f"EXISTS (SELECT 1 FROM {rows} s WHERE s.record_id = {table}.{column} AND {sql} OFFSET 0)"
    return RawSQL(exists, params, output_field=BooleanField())
