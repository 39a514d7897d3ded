from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from records.refusals import Refused
from records.trash.shelf import deleted, shelf_of, trashable


@require_safe
def trash(request: HttpRequest, kind: str = "") -> HttpResponse:
    open_to = trashable(request.user)
    codes = [item.code for item in open_to]
    if not open_to or (kind and kind not in codes):
        raise Http404
    shelf = shelf_of(request.user, kind or codes[0])
    tabs = [
        {"label": item.plural, "url": reverse("records:trash_of", args=[item.code]), "current": item == shelf.kind}
        for item in open_to
    ]
    return render(request, "records/trash.html", {"shelf": shelf, "tabs": tabs})


@require_POST
def restore(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    if kind not in [item.code for item in trashable(request.user)]:
        raise Http404
    record = get_object_or_404(deleted(request.user, kind), pk=pk)
    try:
        record.restore(by=request.user)
        messages.success(request, _("“%(record)s” is back.") % {"record": record})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("records:trash_of", kind)
