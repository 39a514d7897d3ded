"""Whether words are on very many rows, by the statistics of the database.

Asking an index for all of them would cost more than walking to the few that a page shows.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from records.search.ask import Question

# The statistics know about a hundred names of a table: of a million rows these are four of them, hardly by chance.
COMMON = 40_000
_ANY_NUMBER = 2**40


def is_common(tables: Sequence[type[models.Model]], asked: Question) -> list[bool]:
    """Of each search table, in one statement. A wrong guess costs time, never a hit."""
    if not tables:
        return []
    names = [connection.ops.quote_name(table._meta.db_table) for table in tables]
    # The LIMIT keeps each table a part of its own, whose estimate is of the whole: parallel parts would be of a share.
    parts = [asked.rows(name, "1") for name in names]
    asks = " UNION ALL ".join(f"(SELECT 1 FROM ({sql}) a LIMIT {_ANY_NUMBER})" for sql, _params in parts)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {asks}", [value for _sql, params in parts for value in params])
        [(plans,)] = cursor.fetchall()
    return [number > COMMON for number in _estimates(plans, len(names))]


def _estimates(plans: Any, count: int) -> list[float]:
    [whole] = json.loads(plans) if isinstance(plans, str) else plans
    plan = whole["Plan"]
    found = [part["Plan Rows"] for part in (plan["Plans"] if count > 1 else [plan])]
    return found if len(found) == count else [0.0] * count
