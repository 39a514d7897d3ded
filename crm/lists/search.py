"""The search box of a list: the words of the search page, within this list."""

from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.db.models import BigIntegerField, BooleanField, F
from django.db.models.expressions import Func, RawSQL

from records.search.ask import Question, question
from records.search.kinds import Searchable, searchables

# Up to so many hits are taken as a list; of more, one stands every few rows of the walk. At 2 m rows both cost alike.
LISTED = 8_000


class AnyOf(Func):
    """``id = ANY(array)``: an IN would be a parameter for each of thousands."""

    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " = ANY"

    def __init__(self, number: Any, ids: list[int], **extra: Any) -> None:
        super().__init__(number, RawSQL("%s::bigint[]", [ids], output_field=BigIntegerField()), **extra)


def by_words(
    kind: str, *, only_names: bool = False
) -> Callable[[str, Any], Callable[[models.QuerySet], models.QuerySet]]:
    """``ListSpec.search`` of a kind that has a search table. ``only_names`` where contact data is masked."""

    def prepare(words: str, _user: Any) -> Callable[[models.QuerySet], models.QuerySet]:
        asked, searchable = question(words), searchables[kind]
        if asked is not None and only_names:
            asked = asked.only_names()
        if asked is None:
            return lambda rows: rows.none()
        ids = _candidates(searchable, asked)
        if len(ids) <= LISTED:
            return lambda rows: rows.filter(AnyOf(F("pk"), ids))
        return lambda rows: rows.filter(_holds(rows.model, searchable, asked))

    return prepare


def _candidates(searchable: Searchable, asked: Question) -> list[int]:
    """The rows with these words, or one more than LISTED of them: then the list is walked, and each row compared."""
    sql, params = asked.condition("s")
    table = connection.ops.quote_name(searchable.rows._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.record_id FROM {table} s WHERE {sql} LIMIT {LISTED + 1}",
            params,
        )
        return [pk for (pk,) in cursor.fetchall()]


def _holds(model: Any, searchable: Searchable, asked: Question) -> RawSQL:
    """True for rows whose search row holds the words: a look-up by primary key for each row of the walk."""
    sql, params = asked.condition("s")
    rows = connection.ops.quote_name(searchable.rows._meta.db_table)
    table = connection.ops.quote_name(model._meta.db_table)
    # OFFSET keeps the planner from turning it round: it would fetch and sort all the hits for a page of them.
    exists = f"EXISTS (SELECT 1 FROM {rows} s WHERE s.record_id = {table}.id AND {sql} OFFSET 0)"
    return RawSQL(exists, params, output_field=BooleanField())
