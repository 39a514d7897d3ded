from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from records import batches
from records.models import Batch
from records.refusals import Refused
from records.undo import may_undo, undo_batch
from records.undo_later import undo_later

PAGE = 50
# Above this many rows the undo runs in the background.
AT_ONCE = 5_000


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Newest first; ``?before=<number>`` leads on."""
    rows = batches.batches_of(request.user).order_by("-id")
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: PAGE + 1])
    older = f"?before={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    return render(request, "records/batches/list.html", {"batches": page[:PAGE], "older": older, "before": before})


@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(batches.batches_of(request.user), pk=pk)
    is_open = found.state in {Batch.State.DONE, Batch.State.FAILED, Batch.State.STOPPED}
    own = batches.reports.get(found.verb)
    context = {
        "batch": found,
        "report_template": own and own.template,
        "report": own and own.tell(found, request.user, request.GET),
        "rows": batches.rows_by_verb(found),
        "left": batches.left_rows(found.params.get("left", []), user=request.user),
        "may_undo": is_open and may_undo(request.user, found),
        "file_import": getattr(found, "file_import", None),
        "is_own_file": getattr(getattr(found, "file_import", None), "by_id", None) == request.user.pk,
    }
    return render(request, "records/batches/detail.html", context)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(batches.batches_of(request.user), pk=pk)
    if not may_undo(request.user, found):
        messages.error(request, _("This batch cannot be undone by you."))
        return redirect("records:batch", pk)
    if found.events.count() > AT_ONCE:
        undo_later.delay_on_commit(found.pk, request.user.pk)
        messages.info(request, _("The batch is being undone. This page shows when it is over."))
        return redirect("records:batch", pk)
    try:
        result = undo_batch(found, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("records:batch", pk)
    told = ngettext("%(count)s row restored.", "%(count)s rows restored.", result.restored)
    messages.success(request, told % {"count": result.restored})
    return redirect("records:batch", pk)
