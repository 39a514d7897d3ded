"""Errors as application/problem+json (RFC 9457), in the language of the request."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.errors import ValidationError as BodyError

from crm.endpoints.body_errors import fields_of
from crm.endpoints.violations import errors_of
from records.refusals import EditConflict, Refused, StaleVersion

NOT_RIGHT = _("Some fields are not right.")
GONE = _("There is no such record within your reach.")


class ApiProblem(Exception):
    """Ends a request with this status and words. ``more``: further members of the problem."""

    def __init__(self, status: int, detail: Any, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def problem(status: int, detail: Any = None, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": str(detail)} if detail else {}
    body |= {name: value for name, value in more.items() if value is not None}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def install_handlers(api: NinjaAPI) -> None:
    """Every way in which a request can fail has its one answer."""
    answers: dict[type[Exception], Any] = {
        ApiProblem: lambda e: problem(e.status, e.detail, **e.more),
        AuthenticationError: lambda e: _unauthorized(),
        PermissionDenied: lambda e: problem(403, str(e) or _("You may not do this.")),
        Http404: lambda e: problem(404, GONE),
        # Somebody deleted it between finding and locking it.
        ObjectDoesNotExist: lambda e: problem(404, GONE),
        Refused: lambda e: problem(409, e, reason=e.reason, state=e.state, allowed=list(e.allowed), **_plain(e)),
        EditConflict: lambda e: problem(409, _("Somebody else changed the same fields."), reason="conflict"),
        StaleVersion: lambda e: problem(412, _("Somebody else was faster."), version=e.version),
        RequestDataTooBig: lambda e: problem(413, _("The request is too large.")),
        ValidationError: lambda e: problem(422, NOT_RIGHT, errors=_fields(e)),
        IntegrityError: lambda e: problem(422, NOT_RIGHT, errors=errors_of(e)),
        DataError: lambda e: problem(422, NOT_RIGHT, errors=errors_of(e)),
        BodyError: lambda e: problem(422, NOT_RIGHT, errors=fields_of(e)),
        Throttled: lambda e: _too_many(e),
        HttpError: _stopped,
        Exception: _unexpected,
    }
    for kind, answer in answers.items():
        api.exception_handler(kind)(_handler(answer))


def _handler(answer: Any) -> Any:
    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(error)

    return handle


def _stopped(error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RequestDataTooBig):
        return problem(413, _("The request is too large."))
    return problem(error.status_code, _("The body is not JSON.") if error.status_code == 400 else error)


def _unexpected(error: Exception) -> HttpResponse:
    """Reported and answered by the frame around the request (crm.endpoints.frame)."""
    raise error


def _unauthorized() -> HttpResponse:
    response = problem(401, _("A valid token is needed: Authorization: Bearer <token>."))
    response["WWW-Authenticate"] = "Bearer"
    return response


def _too_many(error: Throttled) -> HttpResponse:
    response = problem(429, _("Too many requests. Try again later."))
    if error.wait:
        response["Retry-After"] = str(int(error.wait) + 1)
    return response


def _plain(error: Refused) -> dict[str, Any]:
    taken = {"type", "title", "status", "detail", "reason", "state", "allowed"}
    facts = {name: value for name, value in error.facts.items() if isinstance(value, str | int | bool)}
    return {name: value for name, value in facts.items() if name not in taken}


def _fields(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {("" if name == "__all__" else name): list(texts) for name, texts in error.message_dict.items()}
    return {"": list(error.messages)}
