"""One declaration per collection; the routes, their schemas and their refusals are the same for all (DOORS: API)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from ninja import Schema

from crm.endpoints.schemas import Reason
from crm.register import Register


@dataclass(frozen=True)
class Verb:
    """``POST /<collection>/<id>/<name>``. ``call(record, data, *, by)`` is the verb; ``action`` the right it needs."""

    call: Callable[..., Any]
    action: str = "change"
    body: type[Schema] = Reason


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
    ``related``: for ``select_related``. ``search(rows, text, user)``: narrows rows by ``q``. ``sorts``: name → field,
    each served by an index; the first is the default, newest first.
    ``kind``: whose rights count; empty where every signed-in person may read.
    ``rows(user)``: the door to rows, ``Model.objects.visible_to`` unless said otherwise.
    """

    name: str
    kind: str
    model: type[models.Model]
    out: type[Schema]
    show: Callable[[Any], dict[str, Any]]
    sorts: Mapping[str, str]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    prefetch: tuple[Any, ...] = ()
    body: type[Schema] | None = None
    create: Callable[..., Any] | None = None
    patch: type[Schema] | None = None
    change: Callable[..., Any] | None = None
    remove: Callable[..., Any] | None = None
    search: Callable[[models.QuerySet, str, Any], models.QuerySet] | None = None
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    rows: Callable[[Any], models.QuerySet] | None = None

    def visible_to(self, user: Any) -> models.QuerySet:
        rows = self.rows(user) if self.rows else self.model.objects.visible_to(user)  # type: ignore[attr-defined]
        return rows.select_related(*self.related).prefetch_related(*self.prefetch)

    def find(self, request: HttpRequest, pk: int) -> Any:
        """The record, or Http404 out of reach."""
        record = self.visible_to(request.user).filter(pk=pk).first()
        if record is None:
            raise Http404
        return record


collections: Register[Collection] = Register("API collection")
