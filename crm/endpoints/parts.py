"""Rows that hang on one record of a collection and live by its rights: ``/quotes/7/lines``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from ninja import Body, Router, Schema, Status
from pydantic import create_model

from accounts import access
from crm.endpoints.answers import IF_MATCH, KEY, Pk, plain, telling, version_asked
from crm.endpoints.idempotency import once
from records.refusals import StaleVersion


@dataclass(frozen=True)
class Part:
    """``rows(record)``: its rows in order. ``create(record, values, *, by)``, ``change(row, values, *, by)`` and
    ``remove(row, *, by)`` are the verbs; they need the right *change* on the record.
    """

    out: type[Schema]
    show: Callable[[Any], dict[str, Any]]
    rows: Callable[[Any], Any]
    body: type[Schema]
    create: Callable[..., Any]
    patch: type[Schema]
    change: Callable[..., Any]
    remove: Callable[..., Any]


def mount_part(router: Router, collection: Any, name: str, part: Part) -> None:
    _add_list(router, collection, name, part)
    _add_create(router, collection, name, part)
    _add_change(router, collection, name, part)
    _add_remove(router, collection, name, part)


def _add_list(router: Router, collection: Any, name: str, part: Part) -> None:
    page = create_model(
        f"{part.out.__name__}Page", __base__=Schema, items=(list[part.out], ...), next=(str | None, None)  # type: ignore[name-defined]
    )  # fmt: skip

    @router.get(
        "/{pk}/" + name, response={200: page}, operation_id=f"list_{name}_of_{collection.name}",
        summary=f"All {name} of one",
    )  # fmt: skip
    def list_parts(request: HttpRequest, pk: Pk) -> Any:
        record = collection.find(request, pk)
        return Status(200, {"items": [part.show(row) for row in part.rows(record)], "next": None})


def _add_create(router: Router, collection: Any, name: str, part: Part) -> None:
    body = part.body

    @router.post(
        "/{pk}/" + name, response={201: part.out}, operation_id=f"create_{name}_of_{collection.name}",
        openapi_extra=KEY, summary=f"Add to the {name}",
    )  # fmt: skip
    def create_part(request: HttpRequest, pk: Pk, data: Body[body]) -> Any:  # type: ignore[valid-type]
        record = collection.find(request, pk)
        access.require(request.user, "change", record)
        values = data.model_dump(exclude_unset=True)  # type: ignore[attr-defined]

        @transaction.atomic
        def act() -> tuple[int, Any]:
            with telling(collection, record):
                row = part.create(record, values, by=request.user)
            return 201, plain(part.out, part.show(_found(part, record, row.pk)))

        return Status(*once(request, act))


def _add_change(router: Router, collection: Any, name: str, part: Part) -> None:
    patch = part.patch

    @router.patch(
        "/{pk}/" + name + "/{row}", response={200: part.out}, openapi_extra=IF_MATCH,
        operation_id=f"change_{name}_of_{collection.name}", summary=f"Change one of the {name}",
        description="``If-Match`` is the version of the record on which it hangs.",
    )  # fmt: skip
    def change_part(request: HttpRequest, pk: Pk, row: Pk, data: Body[patch]) -> Any:  # type: ignore[valid-type]
        record = collection.find(request, pk)
        access.require(request.user, "change", record)
        version = version_asked(request)
        values = data.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        with telling(collection, record), transaction.atomic():
            record.lock()
            if record.version != version:
                raise StaleVersion(record.version)
            part.change(_found(part, record, row), values, by=request.user)
        return Status(200, part.show(_found(part, record, row)))


def _add_remove(router: Router, collection: Any, name: str, part: Part) -> None:
    @router.delete(
        "/{pk}/" + name + "/{row}", response={204: None}, summary=f"Remove one of the {name}",
        operation_id=f"delete_{name}_of_{collection.name}",
    )  # fmt: skip
    def delete_part(request: HttpRequest, pk: Pk, row: Pk) -> Any:
        record = collection.find(request, pk)
        access.require(request.user, "change", record)
        with telling(collection, record):
            part.remove(_found(part, record, row), by=request.user)
        return Status(204, None)


def _found(part: Part, record: Any, pk: int) -> Any:
    row = part.rows(record).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
