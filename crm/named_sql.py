"""A queryset as a part of a statement written by hand, its parameters by name."""

from typing import Any

from django.db import connection, models


def named_sql(rows: models.QuerySet, prefix: str) -> tuple[str, dict[str, Any]]:
    """Its SQL with ``%(prefix_0)s`` …, and their values."""
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    names = [f"{prefix}_{number}" for number in range(len(params))]
    pieces = sql.split("%s")
    told = pieces[0] + "".join(f"%({name})s{piece}" for name, piece in zip(names, pieces[1:], strict=True))
    return told, dict(zip(names, params, strict=True))
