"""The OpenAPI description, brought to what the API does: problems have a media type of their own."""

from typing import Any

from ninja import NinjaAPI

JSON, PROBLEM = "application/json", "application/problem+json"


class DescribedAPI(NinjaAPI):
    def get_openapi_schema(self, **how: Any) -> Any:
        schema = super().get_openapi_schema(**how)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _name_problems(operation["responses"])
                for parameter in operation.get("parameters", ()):
                    _drop_null(parameter["schema"])
        return schema


def _name_problems(responses: dict[Any, Any]) -> None:
    for status, answer in responses.items():
        if int(status) >= 400 and JSON in answer.get("content", {}):
            answer["content"] = {PROBLEM: answer["content"][JSON]}


def _drop_null(schema: dict[str, Any]) -> None:
    """A parameter that is left out is not there; an address has no null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0]
    if schema.get("default", 0) is None:
        del schema["default"]
