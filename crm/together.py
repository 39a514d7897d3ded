"""Several small questions in one statement, for pages that are put together from many parts.

    found = together({"tasks": tasks.values("pk", "title", "due_at"), "orders": orders.values("pk", "gross")})

A statement costs about a millisecond around what it does; a page of ten parts would spend most of its time on that.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection, models

from crm.kept_sql import Written

Row = dict[str, Any]
# JSON has no dates and no exact numbers; these columns become again what they are in Python.
_TYPED = (models.DateField, models.DecimalField)


def together(asked: Mapping[str, models.QuerySet]) -> dict[str, list[Row]]:
    """The rows of each queryset of ``values()``, under its name and in its order; one statement for all of them."""
    return answered(written(asked))


def written(asked: Mapping[str, models.QuerySet]) -> Written:
    parts, params, readers = [], [], {}
    for name, rows in asked.items():
        compiler = rows.query.get_compiler(connection.alias, elide_empty=False)
        sql, values = compiler.as_sql()
        parts.append(f"(SELECT json_agg(row_to_json(part)) FROM ({sql}) part)::text")
        params += values
        readers[name] = _readers(compiler)
    return Written(f"SELECT {', '.join(parts)}", params, readers)


def answered(written: Written) -> dict[str, list[Row]]:
    if not written.extra:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(written.sql, written.params)
        [texts] = cursor.fetchall()
    return {name: _rows(text, of) for (name, of), text in zip(written.extra.items(), texts, strict=True)}


def _readers(compiler: Any) -> dict[str, Callable[[Any], Any]]:
    fields = ((name, expression.output_field) for expression, _sql, name in compiler.select)
    fields = ((name, getattr(field, "output_field", field)) for name, field in fields)  # of a generated column
    return {name: field.to_python for name, field in fields if isinstance(field, _TYPED)}


def _rows(text: str | None, readers: dict[str, Callable[[Any], Any]]) -> list[Row]:
    rows = json.loads(text, parse_float=Decimal) if text else []
    for row in rows:
        for name, read in readers.items():
            if row[name] is not None:
                row[name] = read(row[name])
    return rows
