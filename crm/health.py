"""Is the process alive, and is it ready to serve?"""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    findings = {
        "database": _answers(connection.ensure_connection),
        "broker": _answers(lambda: cache.get("ready")),
    }
    return JsonResponse(findings, status=200 if all(findings.values()) else 503)


def _answers(question) -> bool:
    try:
        question()
    except Exception:  # whatever went wrong, the answer is "not ready"
        return False
    return True
