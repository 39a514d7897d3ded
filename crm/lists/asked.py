"""What one request asks of a list: view, filters, sort, columns, place. Read once for page, count, export, bulk."""

from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from crm.formats import Formats, current_formats
from crm.lists.branches import Branch, branches_of
from crm.lists.filters import RESERVED, Filtering
from crm.lists.keyset import Cursor, Order
from crm.lists.shown_views import ShownView, shown_views
from crm.lists.spec import Column, ListSpec, Sort
from records.models import SavedView

EVERYTHING = "all"  # the view without filters, also for a person whose list opens with another one


class Asked:
    def __init__(self, spec: ListSpec, data: QueryDict, user: Any) -> None:
        self.spec, self.given, self.user = spec, data, user

    # --- views

    @cached_property
    def saved(self) -> list[SavedView]:
        """All views that the person sees in this list, and her own nameless row: one query."""
        rows = SavedView.objects.visible_to(self.user).filter(list_name=self.spec.name)  # type: ignore[attr-defined]
        return list(rows.order_by("name", "id"))

    @cached_property
    def own(self) -> SavedView | None:
        """What the person chose for this list: columns, the view it opens with."""
        return next((view for view in self.saved if not view.name and view.owner_id == self.user.pk), None)

    @cached_property
    def views(self) -> list[ShownView]:
        return shown_views(self.spec, [view for view in self.saved if view.name], self.user)

    @property
    def opens_with(self) -> str:
        """The view at the list's bare address: the one that the person chose, else the list's own; "" for none."""
        return (self.own.opens_with if self.own else "") or self.spec.opens_with

    @cached_property
    def view(self) -> ShownView | None:
        """The view that was asked for, or, at the list's bare address, the one that the person opens it with."""
        key = self.given.get("view", "")
        if not key and not self._has_filters(self.given):
            key = self.opens_with
        return next((view for view in self.views if view.key == key), None)

    @cached_property
    def data(self) -> QueryDict:
        """The filters that count: those of the address, or else those of the view."""
        if self.view and not self._has_filters(self.given):
            return QueryDict(self.view.query)
        return filters_of(self.given)

    @property
    def is_changed(self) -> bool:
        """Whether the filters differ from those of the chosen view."""
        return bool(self.view) and canonical(self.data) != canonical(QueryDict(self.view.query))

    def _has_filters(self, data: QueryDict) -> bool:
        return any(data.getlist(key) != [""] for key in data if key not in RESERVED or key == "q")

    # --- rows

    @cached_property
    def filtering(self) -> Filtering:
        return Filtering(self.spec, self.data, self.user)

    @cached_property
    def branches(self) -> list[Branch]:
        """The rows of the list, filtered, as disjoint branches."""
        if self.filtering.errors:
            return []
        if self.spec.rows:
            reach = [Branch(rows) for rows in self.spec.rows(self.user)]
        else:
            reach = branches_of(self.user, self.spec.model)
        return [branch.narrowed(self.filtering.narrow) for branch in reach]

    # --- order and place

    @cached_property
    def sort_name(self) -> str:
        """As in the address: the sort's name, with ``-`` when turned round."""
        wanted = self.given.get("sort") or (self.view.sort if self.view else "") or self.spec.sorts[0].name
        sort = self.spec.sort(wanted)
        return f"-{sort.name}" if wanted == f"-{sort.name}" else sort.name

    @property
    def sort(self) -> Sort:
        return self.spec.sort(self.sort_name)

    @property
    def is_turned(self) -> bool:
        return self.sort_name.startswith("-")

    @cached_property
    def order(self) -> Order:
        return Order(self.spec.model, self.sort.field, self.sort.descending != self.is_turned)

    @cached_property
    def cursor(self) -> Cursor | None:
        text = self.given.get("at", "")
        return Cursor.decode(text, self.sort_name, self.order) if text else None

    # --- columns

    @cached_property
    def allowed_columns(self) -> list[Column]:
        return self.spec.columns_for(self.user)

    @cached_property
    def columns(self) -> list[Column]:
        """The view's columns, else those that the person chose, else the list's own; at least the first one."""
        chosen = (self.view.columns if self.view else None) or (self.own.columns if self.own else None)
        by_name = {column.name: column for column in self.allowed_columns}
        if chosen:
            found = [by_name[name] for name in chosen if name in by_name]
        else:
            found = [column for column in self.allowed_columns if column.default]
        return found or self.allowed_columns[:1]

    @cached_property
    def formats(self) -> Formats:
        return current_formats()

    # --- addresses

    def query(self, *, place: str = "", sort: str | None = None, data: QueryDict | None = None) -> str:
        """The query string of this list with another sort, other filters or another place."""
        parts = filters_of(self.data if data is None else data)
        if key := self._view_key(parts):
            parts["view"] = key
        sort = self.sort_name if sort is None else sort
        if sort != (self.view.sort if self.view and self.view.sort else self.spec.sorts[0].name):
            parts["sort"] = sort
        if place:
            parts["at"] = place
        return parts.urlencode()

    def _view_key(self, parts: QueryDict) -> str:
        """The view stays chosen while its filters are changed; without any filter it would bring its own again."""
        if self.view and (parts or not self.view.query):
            return self.view.key
        opens = self.opens_with
        return EVERYTHING if (self.view or opens) and not parts else ""

    def url(self, query: str) -> str:
        return f"{self._address}?{query}" if query else self._address

    @cached_property
    def _address(self) -> str:
        return self.spec.url  # looked up once for the forty links of a page


def filters_of(data: QueryDict) -> QueryDict:
    """Only what filters: without sort, place and empty fields."""
    kept = QueryDict(mutable=True)
    for key in data:
        values = [value for value in data.getlist(key) if value]
        if values and (key == "q" or key not in RESERVED):
            kept.setlist(key, values)
    return kept


def canonical(data: QueryDict) -> list[tuple[str, list[str]]]:
    return sorted((key, sorted(data.getlist(key))) for key in filters_of(data))
