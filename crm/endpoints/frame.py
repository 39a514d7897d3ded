"""What stands around every request to the API, whatever becomes of it: the answer is JSON, mistakes included."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from psycopg import errors

from crm.endpoints.problems import problem

logger = logging.getLogger("crm.api")
NOWHERE = _("There is no such address. The addresses: /api/v1/docs.")
NOT_HERE = _("This method is not possible here.")
BROKEN = _("Something went wrong here. It was noted; try again later.")


def framed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open to requests without a session: the token is the sign-in."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = _twice(view, request, *args, **kwargs)
        except Http404:
            return problem(404, NOWHERE)
        except Exception:
            logger.exception("api request failed")
            got_request_exception.send(sender=None, request=request)
            return problem(500, BROKEN)
        finally:
            timezone.deactivate()
        return _not_allowed(response) if response.status_code == 405 else response

    return login_not_required(answer)


@csrf_exempt
@login_not_required
def nowhere(request: HttpRequest, **_path: Any) -> HttpResponse:
    return problem(404, NOWHERE)


def _twice(view: Callable[..., Any], request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
    """A deadlock took everything back: the loser asks once more."""
    try:
        return view(request, *args, **kwargs)
    except OperationalError as error:
        if not isinstance(error.__cause__, errors.DeadlockDetected):
            raise
        return view(request, *args, **kwargs)


def _not_allowed(response: HttpResponse) -> HttpResponse:
    answer = problem(405, NOT_HERE)
    answer["Allow"] = response["Allow"]
    return answer
