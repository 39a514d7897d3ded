"""The OpenAPI description, brought to what the API does: every operation may answer with a problem."""

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI

from crm.endpoints.schemas import Problem

PROBLEMS = (400, 401, 403, 404, 409, 412, 413, 422, 428, 429, 500)


class DescribedAPI(NinjaAPI):
    """Described once per process: to read the schemas off the types takes a second."""

    _described: Any = None

    def get_openapi_schema(self, **how: Any) -> Any:
        if self._described is None:
            self._described = _mended(super().get_openapi_schema(**how))
        return self._described


def _mended(schema: Any) -> Any:
    components = schema["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema(mode="serialization")
    components["responses"] = {f"Problem{status}": _problem(status) for status in PROBLEMS}
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {
                str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in PROBLEMS
            }
            for parameter in operation.get("parameters", ()):
                _drop_null(parameter["schema"])
    return schema


def _problem(status: int) -> dict[str, Any]:
    body = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": HTTPStatus(status).phrase, "content": {"application/problem+json": body}}


def _drop_null(schema: dict[str, Any]) -> None:
    """A parameter that is left out is not there; an address has no null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0]
    if schema.get("default", 0) is None:
        del schema["default"]
