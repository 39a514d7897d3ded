"""How many rows the filter finds: to 1,000 on the page, exactly when asked."""

from typing import Any

from django.db import models

from crm.lists.branches import Branch, fetch, union_all

CAP = 1_000


def count_to(branches: list[Branch], cap: int = CAP) -> int:
    """The number of rows, or ``cap + 1`` for more: unordered branches, each with its own LIMIT."""
    return _count(branches, cap + 1)


def count_exactly(branches: list[Branch]) -> int:
    return _count(branches, None)


def _count(branches: list[Branch], limit: int | None) -> int:
    def narrow(rows: models.QuerySet) -> models.QuerySet:
        return rows.order_by().values_list("pk")[:limit]

    if not branches:
        return 0
    sql, params = union_all([branch.narrowed(narrow) for branch in branches])
    end: tuple[str, list[Any]] = (" LIMIT %s", [limit]) if limit else ("", [])
    [(number,)] = fetch(f"SELECT count(*) FROM (SELECT 1 FROM ({sql}) found{end[0]}) counted", params + end[1])
    return number
