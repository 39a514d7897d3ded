"""What all routes share: the errors they may answer, the version that is asked for, what a refusal tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Schema

from crm.endpoints.problems import ApiProblem
from records.moves import allowed_moves
from records.refusals import Refused, StaleVersion

Pk = Annotated[int, Path(ge=1, le=2**63 - 1)]
KEY = {
    "parameters": [
        {"in": "header", "name": "Idempotency-Key", "required": False, "schema": {"type": "string", "maxLength": 200}}
    ]
}
IF_MATCH = {"parameters": [{"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"}}]}


def version_asked(request: HttpRequest) -> int:
    asked = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not asked:
        raise ApiProblem(428, _("Say which version you have seen: If-Match: <version>."))
    if not (asked.isascii() and asked.isdigit()) or len(asked) > 9:
        raise ApiProblem(412, _("If-Match is the number of a version."))
    return int(asked)


def require_version(record: Any, version: int) -> None:
    """For verbs that do not ask themselves; the record is locked."""
    if record.version != version:
        raise StaleVersion(record.version)


@contextmanager
def rules_refuse() -> Iterator[None]:
    """For a room that knows no ``Refused``: a ValidationError with a code and without a field is a rule's no (409)."""
    try:
        yield
    except ValidationError as error:
        if hasattr(error, "error_dict") or not getattr(error, "code", None):
            raise
        raise Refused(error.messages[0], reason=error.code) from error


@contextmanager
def telling(collection: Any, record: Any) -> Iterator[None]:
    """A refusal says in which state the record is and which verbs that allows, so that a program need not guess."""
    try:
        yield
    except Refused as refusal:
        refusal.state = refusal.state or getattr(record, "state", None)
        if not refusal.allowed:
            moves = collection.allowed or (allowed_moves if hasattr(record, "MOVES") else None)
            refusal.allowed = tuple(moves(record)) if moves else ()
        refusal.allowed = tuple(name for name in refusal.allowed if name in collection.verbs)
        raise


def plain(out: type[Schema], values: dict[str, Any]) -> Any:
    return out(**values).model_dump(mode="json")
