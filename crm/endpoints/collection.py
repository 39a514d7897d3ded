"""One declaration per collection; the routes, their schemas and their refusals are the same for all (DOORS: API)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from accounts import access
from crm.endpoints.parts import Part
from crm.endpoints.problems import ApiProblem
from crm.endpoints.schemas import Reason
from crm.register import Register
from records.merge.kinds import mergings
from records.models.alias import merged_into


@dataclass(frozen=True)
class Verb:
    """``POST /<collection>/<id>/<name>``. ``call(record, data, *, by)`` is the verb; ``action`` the right it needs.

    ``may(user, record)`` replaces ``action`` where the right depends on the record. ``find(user, pk)``: a road of its
    own to the record (a customer in a pool is in nobody's reach); the right is then asked for the kind as a whole.
    ``call`` may return another record of the collection: that one is shown (a quote's revision).
    """

    call: Callable[..., Any]
    action: str = "change"
    body: type[Schema] = Reason
    may: Callable[[Any, Any], bool] | None = None
    find: Callable[[Any, int], Any] | None = None


@dataclass(frozen=True)
class ManyVerb:
    """``POST /<collection>/<name>``: a verb on many records, with a report per row. ``call(data, *, by) -> list`` of
    dicts of the shape ``row``; ``action`` is asked for the kind as a whole, what is out of sight is for ``call``."""

    call: Callable[..., list[dict[str, Any]]]
    action: str
    body: type[Schema]
    row: type[Schema]


@dataclass(frozen=True)
class Filter:
    """A query parameter: its type, and the lookup it stands for (or a function of rows and value)."""

    type: Any
    lookup: str | Callable[[models.QuerySet, Any], models.QuerySet]


@dataclass(frozen=True)
class Collection:
    """What ``/api/v1/<name>`` offers.

    ``out``: schema of an item, ``show(record) -> dict``: its values. ``create(values, *, by) -> record`` and
    ``change(record, values, *, by, version)`` get only the fields that were sent, as plain values; they check the
    choices (owner, customer …) against the reach of ``by`` themselves and raise ValidationError by field.
    ``parts``: name → rows that hang on an item. ``many``: verbs on many records at once.
    ``related``: for ``select_related``. ``search(text, user)`` gives what narrows rows by ``q``, as in a list.
    ``sorts``: name → field of the model, each served by an index; ``default_sort`` with ``-`` for descending.
    ``kind``: whose rights count; empty where every signed-in person may read. ``create_right`` …: where it is
    another action; ``judged_by(record)``: the record whose reach it shares (an invoice: its order), or the code of
    another kind. ``create_kind``: that kind for what is new. ``may_change(user, record)`` replaces ``change_right`` and
    ``remove_right`` where they depend on the record. ``mask(values, record, user)``: without what ``user`` may not see.
    ``allowed(record)``: the verbs that the record's state allows, where no MOVES table says so.
    ``rows(user)``: the door to rows of small collections, for everybody the same; else reach decides, by walks.
    ``other_rows(user, asked)``: rows outside the usual reach that a filter asks for (``?pool=``), or None;
    ``other_search`` finds words in those.
    """

    name: str
    kind: str
    model: type[models.Model]
    out: type[Schema]
    show: Callable[[Any], dict[str, Any]]
    sorts: Mapping[str, str]
    default_sort: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    prefetch: tuple[Any, ...] = ()
    body: type[Schema] | None = None
    create: Callable[..., Any] | None = None
    patch: type[Schema] | None = None
    change: Callable[..., Any] | None = None
    remove: Callable[..., Any] | None = None
    search: Callable[[str, Any], Callable[[models.QuerySet], models.QuerySet]] | None = None
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    many: Mapping[str, ManyVerb] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    create_kind: str = ""
    create_right: str = "create"
    change_right: str = "change"
    remove_right: str = "delete"
    judged_by: Callable[[Any], Any] = lambda record: record
    may_change: Callable[[Any, Any], bool] | None = None
    mask: Callable[[dict[str, Any], Any, Any], dict[str, Any]] | None = None
    allowed: Callable[[Any], Iterable[str]] | None = None
    rows: Callable[[Any], models.QuerySet] | None = None
    other_rows: Callable[[Any, dict[str, Any]], models.QuerySet | None] | None = None
    other_search: Callable[[str, Any], Callable[[models.QuerySet], models.QuerySet]] | None = None

    def dressed(self, rows: models.QuerySet) -> models.QuerySet:
        """With what ``show`` reads, so that a page costs the same number of queries as one item."""
        return rows.select_related(*self.related).prefetch_related(*self.prefetch)

    def shown(self, record: Any, *, to: Any) -> dict[str, Any]:
        """The record as this person sees it."""
        values = self.show(record)
        return self.mask(values, record, to) if self.mask else values

    def require(self, user: Any, action: str, record: Any) -> None:
        """Passes who may change or delete the record, or raises PermissionDenied."""
        if self.may_change is None:
            access.require(user, action, self.judged_by(record))
        elif not self.may_change(user, record):
            raise PermissionDenied

    def find(self, request: HttpRequest, pk: int) -> Any:
        """The record, or Http404 out of reach; of a merged one the problem names the record that stands."""
        user = request.user
        rows = self.rows(user) if self.rows else self.model.objects.visible_to(user)  # type: ignore[attr-defined]
        record = self.dressed(rows).filter(pk=pk).first()
        if record is None:
            tell_of_merge(self.kind, pk, rows)
            raise Http404
        return record


def tell_of_merge(kind: str, pk: int, rows: models.QuerySet) -> None:
    """Its number leads to the one into which it was merged, for who reaches that."""
    into = merged_into(kind, pk) if kind in mergings else None
    if into is not None and rows.filter(pk=into).exists():
        raise ApiProblem(404, _("This record was merged into another one."), merged_into=into)


collections: Register[Collection] = Register("API collection")
