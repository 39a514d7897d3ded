"""The review queue of likely pairs: merge, or "not the same"."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from records.kinds import kinds
from records.merge.kinds import mergings
from records.merge.pairs import judge_again, judge_different, pairs_for
from records.merge.queue import page_of
from records.merge.search import searched_at
from records.merge.views import kind_url
from records.models import LikelyPair
from records.tasks import run_job

State = LikelyPair.State
MOST = 200


@require_safe
def queue(request: HttpRequest, kind: str) -> HttpResponse:
    _require(request, kind)
    state = State.DIFFERENT if request.GET.get("state") == State.DIFFERENT else State.OPEN
    page = page_of(kind, request.user, state=state, after=request.GET.get("after", ""))
    url = kind_url(kind, "duplicates")
    query = f"state={state}&" if state != State.OPEN else ""
    context = {
        "kind": kinds[kind],
        "page": page,
        "rows": [(row, kind_url(kind, "merge", row.left.pk) + f"?with={row.right.pk}") for row in page.rows],
        "is_open": state == State.OPEN,
        "older_url": f"{url}?{query}after={page.older}" if page.older else "",
        "newer_url": f"{url}?{query}".rstrip("?&") if request.GET.get("after") else "",
        "tabs": _tabs(request.user, kind, state),
        "searched_at": searched_at(job_of(kind)),
        "judge_url": kind_url(kind, "duplicates_judge"),
        "search_url": kind_url(kind, "duplicates_search"),
    }
    return render(request, "records/merge/queue.html", context)


def _tabs(user: Any, kind: str, state: str) -> list[dict[str, Any]]:
    """Each kind that she may merge, and what was judged."""
    tabs = [
        {
            "label": kinds[other].plural, "url": kind_url(other, "duplicates"), "count": "",
            "current": other == kind and state == State.OPEN,
        }
        for other in mergings.names()
        if access.allows(user, "merge", other)
    ]  # fmt: skip
    judged = f"{kind_url(kind, 'duplicates')}?state={State.DIFFERENT}"
    return [*tabs, {"label": State.DIFFERENT.label, "url": judged, "current": state != State.OPEN, "count": ""}]


@require_POST
def judge(request: HttpRequest, kind: str) -> HttpResponse:
    """Those of the chosen pairs of which she may merge both are not the same, or, with ``again``, open again."""
    _require(request, kind)
    is_again = "again" in request.POST
    ids = {int(text) for text in request.POST.getlist("ids")[:MOST] if text.isdecimal() and len(text) < 19}
    state = State.DIFFERENT if is_again else State.OPEN
    mine = list(
        pairs_for(kind, mergings[kind].reach(request.user), state=state).filter(pk__in=ids).values_list("pk", flat=True)
    )
    count = judge_again(mine) if is_again else judge_different(mine, by=request.user)
    if not count:
        messages.warning(request, _("Select some pairs first."))
    elif is_again:
        messages.success(
            request,
            ngettext("%(count)d pair is open again.", "%(count)d pairs are open again.", count) % {"count": count},
        )
    else:
        text = ngettext("%(count)d pair is not the same.", "%(count)d pairs are not the same.", count)
        messages.success(request, text % {"count": count})
    return redirect(kind_url(kind, "duplicates") + (f"?state={State.DIFFERENT}" if is_again else ""))


@require_POST
def search_now(request: HttpRequest, kind: str) -> HttpResponse:
    _require(request, kind)
    run_job.delay_on_commit(job_of(kind), force=True)
    messages.info(request, _("The search runs. Look again in a minute."))
    return redirect(kind_url(kind, "duplicates"))


def job_of(kind: str) -> str:
    return f"{kind}s.find_duplicates"


def _require(request: HttpRequest, kind: str) -> None:
    if kind not in mergings:
        raise Http404
    access.require(request.user, "merge", kind)
