"""The page on which two records become one: both side by side, and what will stand."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts import access
from crm.forms.lookup import LookupField
from crm.lists.spec import BulkAction, BulkResult
from crm.toasts import toast_with_undo
from records.kinds import kinds
from records.merge.kinds import BOTH, DROP, KEEP, mergings
from records.merge.pairs import partners_of
from records.merge.plan import MergePlan, plan_merge
from records.merge.queue import Row, rows_of
from records.merge.run import VERB, merge
from records.models.alias import merged_into
from records.refusals import Refused, StaleVersion

View = Callable[..., HttpResponse]
SIDES = {KEEP: gettext_lazy("this one"), DROP: gettext_lazy("the other one"), BOTH: gettext_lazy("both")}


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def merge_page(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """``?with=``: the one that is merged into this one. A post shows what the choices give; with ``go`` it does it."""
    keep = _reached(request, kind, pk)
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.get("with", "").isdecimal():
        return _choose(request, keep)
    drop = _reached(request, kind, int(asked["with"][:18]))
    choices = {name: asked[name] for name in asked if name in _names(kind)}
    if "go" in request.POST:
        return _merge(request, keep, drop, choices)
    return _preview(request, plan_merge(keep, drop, choices))


def _reached(request: HttpRequest, kind: str, pk: int) -> Any:
    record = mergings[kind].reach(request.user).filter(pk=pk).first()
    if record is not None:
        return record
    get_object_or_404(kinds[kind].model.objects.visible_to(request.user), pk=pk)  # type: ignore[attr-defined]
    raise PermissionDenied


def _names(kind: str) -> set[str]:
    merging = mergings[kind]
    return {unit.name for unit in merging.units} | {listed.name for listed in merging.lists}


def _merge(request: HttpRequest, keep: Any, drop: Any, choices: dict[str, str]) -> HttpResponse:
    try:
        batch = merge(keep, drop, by=request.user, choices=choices, versions=_versions(request))
    except StaleVersion:
        messages.warning(request, _("A colleague changed one of the two meanwhile. Look again at what will stand."))
        for record in (keep, drop):
            record.refresh_from_db()
        return _preview(request, plan_merge(keep, drop, choices), status=409)
    text = _("“%(drop)s” was merged into “%(keep)s”.") % {"drop": drop, "keep": keep}
    toast_with_undo(request, text, reverse("records:batch_undo", args=[batch.pk]))
    if not access.covers(request.user, keep):  # it waits in a pool
        return redirect(f"{kind_url(keep.kind, 'duplicates')}")
    return redirect(kinds[keep.kind].url_of(keep))


def _versions(request: HttpRequest) -> tuple[int, int]:
    texts = request.POST.get("keep_version", ""), request.POST.get("drop_version", "")
    if not all(text.isdecimal() and len(text) < 10 for text in texts):
        raise Http404
    return int(texts[0]), int(texts[1])


def _preview(request: HttpRequest, plan: MergePlan, status: int = 200) -> HttpResponse:
    context = {
        "plan": plan,
        "kind": kinds[plan.kind],
        "units": [unit for unit in plan.units if unit.left or unit.right],
        "sides": SIDES,
        "moves": [(label, count) for label, count in plan.moves],
        "url": kind_url(plan.kind, "merge", plan.keep.pk),
        "swap_url": f"{kind_url(plan.kind, 'merge', plan.drop.pk)}?with={plan.keep.pk}",
        "back": kinds[plan.kind].url_of(plan.keep),
        "crumbs": _crumbs(plan.keep),
    }
    is_fragment = request.htmx and not request.htmx.boosted
    return render(
        request, "records/merge/_plan.html" if is_fragment else "records/merge/page.html", context, status=status
    )


class Other(forms.Form):
    """Which one is merged into this one."""

    def __init__(self, kind: str, user: Any, *arguments: Any) -> None:
        super().__init__(*arguments)
        field = LookupField(kind, label=capfirst(kinds[kind].label))
        field.scope_to(user)
        self.fields["other"] = field


def _choose(request: HttpRequest, keep: Any) -> HttpResponse:
    form = Other(keep.kind, request.user, request.GET if "other" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect(f"{request.path}?with={form.cleaned_data['other'].pk}")
    pairs = partners_of(keep.kind, keep.pk)[:20]
    context = {
        "keep": keep,
        "form": form,
        "rows": _others(keep, rows_of(keep.kind, pairs, user=request.user)),
        "crumbs": _crumbs(keep),
        "url": request.path,
    }
    return render(request, "records/merge/choose.html", context, status=422 if form.errors else 200)


def _others(keep: Any, rows: list[Row]) -> list[tuple[Any, Row]]:
    return [(row.right if row.left.pk == keep.pk else row.left, row) for row in rows]


def _crumbs(record: Any) -> list[tuple[Any, str]]:
    kind = kinds[record.kind]
    return [(str(kind.plural).capitalize(), reverse(kind.list or "")), (record, kind.url_of(record))]


def kind_url(kind: str, name: str, *arguments: Any) -> str:
    """Each kind has these pages in the namespace of its room."""
    room = (kinds[kind].detail or "").split(":")[0]
    return reverse(f"{room}:{name}", args=arguments)


def merge_action(kind: str) -> BulkAction:
    """Two chosen rows of a list, side by side."""

    def page(ids: list[int]) -> str:
        if len(ids) != 2:
            raise Refused(_("Select exactly two: they are shown side by side."), reason="two")
        return f"{kind_url(kind, 'merge', ids[0])}?with={ids[1]}"

    return BulkAction("merge", gettext_lazy("Merge"), "arrow-merge", "merge", VERB, _one_by_one, page=page)


def _one_by_one(_ids: list[int], **_how: Any) -> BulkResult:
    raise NotImplementedError("a merge has a page of its own")


def follows_merge(kind: str) -> Callable[[View], View]:
    """The old number of a merged record leads to the page of the one that stands, for who reaches that."""

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, pk: int, **arguments: Any) -> HttpResponse:
            try:
                return view(request, pk=pk, **arguments)
            except Http404:
                into = merged_into(kind, pk)
                record = into and kinds[kind].model.objects.visible_to(request.user).filter(pk=into).first()  # type: ignore[attr-defined]
                if not record:
                    raise
                return redirect(kinds[kind].url_of(record))

        return answer

    return around
