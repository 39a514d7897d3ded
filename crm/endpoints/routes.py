"""Makes the routes of a collection: read its declaration in crm.endpoints.collection, see the answers here."""

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, NinjaAPI, Query, Router, Schema, Status
from pydantic import Field, create_model

from accounts import access
from crm.endpoints.answers import IF_MATCH, KEY, Pk, plain, telling, version_asked
from crm.endpoints.collection import Collection, ManyVerb, Verb
from crm.endpoints.idempotency import once
from crm.endpoints.paging import page_of
from crm.endpoints.parts import mount_part
from crm.endpoints.problems import ApiProblem


def mount(api: NinjaAPI, collection: Collection) -> None:
    router = Router(tags=[collection.name])
    _add_list(router, collection)
    _add_create(router, collection)
    for name, many in collection.many.items():  # before "/{pk}", which would take the name for a number
        _add_many(router, collection, name, many)
    _add_one(router, collection)
    _add_change(router, collection)
    _add_remove(router, collection)
    for name, verb in collection.verbs.items():
        _add_verb(router, collection, name, verb)
    for name, part in collection.parts.items():
        mount_part(router, collection, name, part)
    api.add_router(f"/{collection.name}", router)


def _add_list(router: Router, collection: Collection) -> None:
    asked = _query_schema(collection)
    answer = create_model(
        f"{collection.out.__name__}Page",
        __base__=Schema,
        items=(list[collection.out], ...),  # type: ignore[name-defined]
        next=(str | None, None),
    )

    @router.get("", response={200: answer}, operation_id=f"list_{collection.name}")
    def list_items(request: HttpRequest, asked: Query[asked]) -> Any:  # type: ignore[valid-type]
        if collection.kind:
            access.require(request.user, "view", collection.kind)
        _refuse_unknown(request, asked)
        records, following = page_of(collection, request.user, asked.model_dump(exclude_none=True))  # type: ignore[attr-defined]
        return Status(
            200, {"items": [collection.shown(record, to=request.user) for record in records], "next": following}
        )

    list_items.__doc__ = f"The {collection.name} within reach, a page at a time."


def _query_schema(collection: Collection) -> type[Schema]:
    sorts = "|".join(collection.sorts)
    fields: dict[str, Any] = {name: (item.type | None, None) for name, item in collection.filters.items()}
    if collection.search:
        fields["q"] = (Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] | None, None)
    fields["sort"] = (Annotated[str, Field(pattern=f"^-?({sorts})$")] | None, None)
    fields["limit"] = (Annotated[int, Field(ge=1, le=200)], 50)
    fields["cursor"] = (Annotated[str, Field(max_length=400)] | None, None)
    return create_model(f"{collection.out.__name__}Query", __base__=Schema, **fields)


def _refuse_unknown(request: HttpRequest, asked: Schema) -> None:
    unknown = sorted(set(request.GET) - set(type(asked).model_fields))
    if unknown:
        raise ApiProblem(422, _("Unknown filters."), errors={name: [_("There is no such filter.")] for name in unknown})


def _add_create(router: Router, collection: Collection) -> None:
    if collection.create is None or collection.body is None:
        return
    body = collection.body

    @router.post("", response={201: collection.out}, operation_id=f"create_{collection.name}", openapi_extra=KEY)
    def create_item(request: HttpRequest, data: Body[body]) -> Any:  # type: ignore[valid-type]
        access.require(request.user, collection.create_right, collection.create_kind or collection.kind)
        values = data.model_dump(exclude_unset=True)  # type: ignore[attr-defined, misc]

        @transaction.atomic
        def act() -> tuple[int, Any]:
            record = collection.create(values, by=request.user)  # type: ignore[misc]
            return 201, plain(collection.out, collection.shown(_after(collection, record), to=request.user))

        return Status(*once(request, act))


def _add_one(router: Router, collection: Collection) -> None:
    @router.get("/{pk}", response={200: collection.out}, operation_id=f"get_{collection.name}")
    def get_item(request: HttpRequest, response: HttpResponse, pk: Pk) -> Any:
        return _shown(collection, collection.find(request, pk), request, response)


def _add_change(router: Router, collection: Collection) -> None:
    if collection.change is None or collection.patch is None:
        return
    patch = collection.patch

    @router.patch(
        "/{pk}",
        response={200: collection.out},
        operation_id=f"change_{collection.name}",
        openapi_extra=IF_MATCH,
    )
    def change_item(request: HttpRequest, response: HttpResponse, pk: Pk, data: Body[patch]) -> Any:  # type: ignore[valid-type]
        record = collection.find(request, pk)
        collection.require(request.user, collection.change_right, record)
        version = version_asked(request)
        values = data.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        with telling(collection, record), transaction.atomic():
            collection.change(record, values, by=request.user, version=version)  # type: ignore[misc]
        return _shown(collection, _after(collection, record), request, response)


def _shown(collection: Collection, record: Any, request: HttpRequest, response: HttpResponse) -> Status:
    """With its version as ETag, which a change sends back as If-Match."""
    shown = collection.shown(record, to=request.user)
    if "version" in shown:
        response["ETag"] = f'"{shown["version"]}"'
    return Status(200, shown)


def _add_remove(router: Router, collection: Collection) -> None:
    if collection.remove is None:
        return

    @router.delete("/{pk}", response={204: None}, operation_id=f"delete_{collection.name}")
    def delete_item(request: HttpRequest, pk: Pk) -> Any:
        record = collection.find(request, pk)
        collection.require(request.user, collection.remove_right, record)
        with telling(collection, record):
            collection.remove(record, by=request.user)  # type: ignore[misc]
        return Status(204, None)


def _add_verb(router: Router, collection: Collection, name: str, verb: Verb) -> None:
    body = verb.body
    needs_body = any(item.is_required() for item in body.model_fields.values())
    asked, default = (body, Body(...)) if needs_body else (body | None, Body(None))

    @router.post(
        "/{pk}/" + name,
        response={200: collection.out},
        operation_id=f"{name}_{collection.name}",
        openapi_extra=KEY,
    )
    def run_verb(request: HttpRequest, pk: Pk, data: asked = default) -> Any:  # type: ignore[valid-type]
        given: Any = data or body()
        values = given.model_dump(exclude_unset=True)

        def act() -> tuple[int, Any]:
            record = _found_for(collection, verb, request, pk)
            with telling(collection, record):
                made = verb.call(record, values, by=request.user)
            shown = made if isinstance(made, collection.model) else record
            return 200, plain(collection.out, collection.shown(_after(collection, shown), to=request.user))

        return Status(*once(request, act))


def _add_many(router: Router, collection: Collection, name: str, many: ManyVerb) -> None:
    """Each row is a transaction of its own, so that the report is true whatever happens after it."""
    asked = many.body
    answer = create_model(f"{many.row.__name__}s", __base__=Schema, items=(list[many.row], ...))  # type: ignore[name-defined]

    @router.post("/" + name, response={200: answer}, operation_id=f"{name}_many_{collection.name}", openapi_extra=KEY)
    def run_many(request: HttpRequest, data: Body[asked]) -> Any:  # type: ignore[valid-type]
        access.require(request.user, many.action, collection.kind)
        values = data.model_dump()  # type: ignore[attr-defined]

        def act() -> tuple[int, Any]:
            return 200, {"items": many.call(values, by=request.user)}

        return Status(*once(request, act))


def _found_for(collection: Collection, verb: Verb, request: HttpRequest, pk: int) -> Any:
    """Within ``once``: a repeated request gets its first answer, also when the verb took the record out of reach."""
    if verb.find:
        access.require(request.user, verb.action, collection.kind)
        return verb.find(request.user, pk)
    record = collection.find(request, pk)
    if verb.may is None:
        access.require(request.user, verb.action, collection.judged_by(record))
    elif not verb.may(request.user, record):
        raise PermissionDenied
    return record


def _after(collection: Collection, record: Any) -> Any:
    """Read once more, so that triggers and defaults are in it. After a verb the record may have left the person's reach
    (released, given away): she still sees its outcome."""
    return collection.dressed(collection.model._base_manager).get(pk=record.pk)
