"""A page of a collection by keyset: the cursor is the sort value and id of the last row; page 2,000 costs as page 1."""

import base64
import binascii
import json
from typing import Any

from django.db import models
from django.db.models import F, Q

from crm.endpoints.collection import Collection
from crm.endpoints.problems import ApiProblem
from records.log import plain


def page_of(collection: Collection, user: Any, asked: dict[str, Any]) -> tuple[list[Any], str | None]:
    """The records of one page and the cursor of the next, or None at the end."""
    name = asked.get("sort") or next(iter(collection.sorts))
    field, down = collection.sorts[name.removeprefix("-")], name.startswith("-")
    limit = asked["limit"]
    rows = narrowed(collection, collection.visible_to(user), user, asked)
    rows = _after(rows, field, down, asked.get("cursor"))
    order = [F(field).desc(nulls_last=True), "-pk"] if down else [F(field).asc(nulls_last=True), "pk"]
    found = list(rows.order_by(*order)[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], _cursor(found[limit - 1], field)


def narrowed(collection: Collection, rows: models.QuerySet, user: Any, asked: dict[str, Any]) -> models.QuerySet:
    for name, item in collection.filters.items():
        if name in asked:
            value = asked[name]
            rows = item.lookup(rows, value) if callable(item.lookup) else rows.filter(**{item.lookup: value})
    if collection.search and asked.get("q"):
        rows = collection.search(rows, asked["q"], user)
    return rows


def _cursor(record: Any, field: str) -> str:
    value = record
    for step in field.split("__"):
        value = getattr(value, step)
    return base64.urlsafe_b64encode(json.dumps([plain(value), record.pk]).encode()).decode()


def _after(rows: models.QuerySet, field: str, down: bool, cursor: str | None) -> models.QuerySet:
    if not cursor:
        return rows
    value, pk = _read(cursor)
    beyond = "lt" if down else "gt"
    tied = Q(**{f"pk__{beyond}": pk})
    try:
        if value is None:
            return rows.filter(Q(**{f"{field}__isnull": True}) & tied)
        further = Q(**{f"{field}__{beyond}": value}) | Q(**{field: value}) & tied | Q(**{f"{field}__isnull": True})
        return rows.filter(further)
    except (TypeError, ValueError) as error:
        raise ApiProblem(422, "This cursor is not one of this list.") from error


def _read(cursor: str) -> tuple[Any, int]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return value, int(pk)
    except (ValueError, TypeError, binascii.Error) as error:
        raise ApiProblem(422, "This cursor is not one of this list.") from error
