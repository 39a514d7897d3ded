"""What a list is: columns, sorts, filters, actions. Declared once per list, in the app's ``lists.py``.

    customer_list = lists.add("customers", ListSpec(name="customers", kind="customer", …))

The machine's own addresses (`/lists/<name>/…`: filter form, exact count, columns, views, bulk actions, export) find the
list in the register by its name; the app has one address, whose view is ``respond(request, customer_list)``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse

from accounts import access
from crm.lists.cells import Cell, Text
from crm.register import Register
from records.kinds import kinds

if TYPE_CHECKING:
    from crm.lists.filters import ListFilters


@dataclass(frozen=True)
class Column:
    """``source``: path of ``values()`` (default: the name). ``sort``: the list's sort that its header offers.

    ``default``: shown until a person chooses columns. ``right``: (kind, action) without which it does not exist,
    neither on the page nor in an export.
    """

    name: str
    label: Any
    cell: Cell = field(default_factory=Text)
    source: str = ""
    sort: str = ""
    default: bool = True
    right: tuple[str, str] | None = None

    @property
    def path(self) -> str:
        return self.source or self.name

    @property
    def sources(self) -> tuple[str, ...]:
        return self.cell.sources(self.path)

    def is_for(self, user: Any) -> bool:
        return self.right is None or access.allows(user, self.right[1], self.right[0])


@dataclass(frozen=True)
class Sort:
    """An order by one indexed column of the model itself, ties by id; rows without a value stand last either way.

    Offer only columns that have an index per reach unit (``owned_indexes``).
    """

    name: str
    label: Any
    field: str
    descending: bool = False


@dataclass(frozen=True)
class View:
    """A view that comes with the product: ``query`` as in the address (``"state=lost&owner=me"``)."""

    name: str
    label: Any
    query: str
    sort: str = ""


@dataclass
class BulkResult:
    """What one portion did. ``refused``: (id, reason in words)."""

    done: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class BulkAction:
    """An action on many rows at once, run in portions as one batch.

    ``run(ids, *, by, values, batch) -> BulkResult``: one portion, in one transaction, of rows on which the person may
    do ``right``. ``form(spec, user)``: class of the form that asks for more; ``values`` is its ``cleaned_data`` with
    records as their ids (it is stored with the batch). ``verb``: of the batch; it can be undone if it has an undoer.
    """

    name: str
    label: Any
    icon: str
    right: str
    verb: str
    run: Callable[..., BulkResult]
    form: Callable[..., Any] | None = None
    tone: str = "primary"
    explain: Any = ""
    # ids → address of a page of its own that does it, instead of a batch of rows; it may refuse.
    page: Callable[[list[int]], str] | None = None


@dataclass(frozen=True)
class ListSpec:
    """A list. The first of ``sorts`` is the one it opens with.

    ``search``: ``search(words, user)`` makes the function that narrows rows to those with the words; leave it out for a
    list without search box, take ``crm.lists.search.by_words(kind)`` for a kind that the search knows.
    ``rows(user)``: querysets instead of the walks of reach, for a list with a reach of its own (the pool).
    """

    name: str
    kind: str
    title: Any
    columns: tuple[Column, ...]
    sorts: tuple[Sort, ...]
    filterset: type["ListFilters"] | None = None
    search: Callable[[str, Any], Callable[[models.QuerySet], models.QuerySet]] | None = None
    views: tuple[View, ...] = ()
    opens_with: str = ""  # the view at the bare address, until a person chooses another one
    actions: tuple[BulkAction, ...] = ()
    picks: Callable[[Any], bool] | None = None  # who may select rows, where the verbs are the page's own
    rows: Callable[[Any], list[models.QuerySet]] | None = None
    url_name: str = ""
    create_url_name: str = ""
    empty_title: Any = ""
    empty_text: Any = ""
    page_size: int = 50
    icon: str = ""

    @property
    def model(self) -> Any:
        return kinds[self.kind].model

    @property
    def rights(self) -> str:
        """The kind whose rights count: contacts follow those of customers."""
        return self.model.access.kind

    @property
    def exported_as(self) -> str:
        """The kind whose right *export* counts: what hangs on an order goes with the order."""
        return self.rights if self.model.access.via else self.kind

    @property
    def url(self) -> str:
        return reverse(self.url_name or f"{self.name}:list")

    @property
    def has_search(self) -> bool:
        """For templates, which would call ``search`` itself."""
        return self.search is not None

    @property
    def has_filters(self) -> bool:
        return self.filterset is not None

    def sort(self, name: str) -> Sort:
        """The sort of this name (a leading ``-`` aside); the first one for a name that is none."""
        wanted = name.lstrip("-")
        return next((sort for sort in self.sorts if sort.name == wanted), self.sorts[0])

    def columns_for(self, user: Any) -> list[Column]:
        return [column for column in self.columns if column.is_for(user)]

    def is_picked_by(self, user: Any) -> bool:
        """Whether the rows have a box for this user."""
        return self.picks(user) if self.picks else bool(self.actions_for(user))

    def actions_for(self, user: Any) -> list[BulkAction]:
        return [action for action in self.actions if access.allows(user, action.right, self.rights)]

    def action(self, name: str) -> BulkAction | None:
        return next((action for action in self.actions if action.name == name), None)


lists: Register[ListSpec] = Register("list")
