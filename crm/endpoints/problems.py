"""Errors as application/problem+json (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.errors import ValidationError as BodyError

from crm.endpoints.violations import errors_of
from records.refusals import EditConflict, Refused, StaleVersion


class ApiProblem(Exception):
    """Ends a request with this status and words. ``more``: further members of the problem."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def problem(status: int, detail: str | None = None, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail} if detail else {}
    body |= {name: value for name, value in more.items() if value is not None}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def install_handlers(api: NinjaAPI) -> None:
    """Every way in which a request can fail has its one answer."""
    answers: dict[type[Exception], Any] = {
        ApiProblem: lambda e: problem(e.status, e.detail, **e.more),
        AuthenticationError: lambda e: _unauthorized(),
        PermissionDenied: lambda e: problem(403, str(e) or "You may not do this."),
        Http404: lambda e: problem(404, "There is no such record within your reach."),
        Refused: lambda e: problem(409, str(e), reason=e.reason, state=e.state, allowed=list(e.allowed), **_plain(e)),
        EditConflict: lambda e: problem(409, "Somebody else changed the same fields.", reason="conflict"),
        StaleVersion: lambda e: problem(412, "Somebody else was faster.", version=e.version),
        ValidationError: lambda e: problem(422, "Some fields are not right.", errors=_fields(e)),
        IntegrityError: lambda e: problem(422, "Some fields are not right.", errors=errors_of(e)),
        DataError: lambda e: problem(422, "Some fields are not right.", errors=errors_of(e)),
        BodyError: lambda e: problem(422, "Some fields are not right.", errors=_body_fields(e)),
        Throttled: lambda e: _too_many(e),
        HttpError: lambda e: problem(e.status_code, str(e)),
    }
    for kind, answer in answers.items():
        api.exception_handler(kind)(_handler(answer))


def _handler(answer: Any) -> Any:
    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(error)

    return handle


def _unauthorized() -> HttpResponse:
    response = problem(401, "A valid token is needed: Authorization: Bearer <token>.")
    response["WWW-Authenticate"] = "Bearer"
    return response


def _too_many(error: Throttled) -> HttpResponse:
    response = problem(429, "Too many requests. Try again later.")
    if error.wait:
        response["Retry-After"] = str(int(error.wait) + 1)
    return response


def _plain(error: Refused) -> dict[str, Any]:
    return {name: value for name, value in error.facts.items() if isinstance(value, str | int | bool)}


def _fields(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {("" if name == "__all__" else name): list(texts) for name, texts in error.message_dict.items()}
    return {"": list(error.messages)}


def _body_fields(error: BodyError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in error.errors:
        path = [str(step) for step in item.get("loc", ()) if step not in ("body", "query", "path", "data", "header")]
        found.setdefault(".".join(path), []).append(str(item.get("msg", "")))
    return found
