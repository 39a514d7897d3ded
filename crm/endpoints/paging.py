"""A page of a collection: the walks and the keyset of the list machine, so that page 2,000 costs what page 1 costs."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.endpoints.collection import Collection
from crm.endpoints.problems import ApiProblem
from crm.lists.branches import Branch, branches_of
from crm.lists.keyset import Cursor, Order, keys_of_page


def page_of(collection: Collection, user: Any, asked: dict[str, Any]) -> tuple[list[Any], str | None]:
    """The records of one page and the cursor of the next, or None at the end."""
    name = asked.get("sort") or collection.default_sort
    order = Order(collection.model, collection.sorts[name.removeprefix("-")], name.startswith("-"))
    keys = keys_of_page(_branches(collection, user, asked), order, _cursor(asked, name, order), asked["limit"])
    ids = [pk for pk, _value in keys.rows]
    found = {record.pk: record for record in collection.dressed(collection.model._base_manager.filter(pk__in=ids))}
    following = Cursor(keys.rows[-1][1], ids[-1]).encode(name) if keys.has_older and ids else None
    return [found[pk] for pk in ids if pk in found], following


def _branches(collection: Collection, user: Any, asked: dict[str, Any]) -> list[Branch]:
    search = collection.search
    if collection.rows:
        branches = [Branch(collection.rows(user))]
    elif collection.other_rows and (other := collection.other_rows(user, asked)) is not None:
        branches, search = [Branch(other)], collection.other_search
    else:
        branches = branches_of(user, collection.model)
    for name, item in collection.filters.items():
        if name in asked:
            branches = [branch.narrowed(_narrow(item.lookup, asked[name])) for branch in branches]
    if search and asked.get("q"):
        narrow = search(asked["q"], user)
        branches = [branch.narrowed(narrow) for branch in branches]
    return branches


def _narrow(lookup: Any, value: Any) -> Any:
    def narrow(rows: models.QuerySet) -> models.QuerySet:
        return lookup(rows, value) if callable(lookup) else rows.filter(**{lookup: value})

    return narrow


def _cursor(asked: dict[str, Any], name: str, order: Order) -> Cursor | None:
    text = asked.get("cursor")
    if not text:
        return None
    cursor = Cursor.decode(text, name, order)
    if cursor is None or cursor.newer:
        raise ApiProblem(422, _("This cursor is not one of this list."), errors={"cursor": [_("Ask without it.")]})
    return cursor
