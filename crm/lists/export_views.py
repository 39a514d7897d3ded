"""Export of a list: to the browser at once, or in the background when there is much."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from crm.lists.asked import Asked
from crm.lists.count import count_exactly
from crm.lists.export_file import VERB, file_name, files_of, fits, start_export
from crm.lists.export_formats import content_type, csv_lines, write_xlsx
from crm.lists.export_rows import ExportRows
from crm.lists.spec import Column
from crm.lists.tasks import write_export
from crm.lists.views import answer, asked_for
from records.models import Batch

AT_ONCE = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The form that asks which file; its post gives the file. The rows are those of the address' filter."""
    asked = asked_for(request, name)
    access.require(request.user, "export", asked.spec.exported_as)
    if request.method != "POST":
        return answer(request, "export", asked)
    kind = request.POST.get("format", "csv")
    if kind not in ("csv", "xlsx"):
        raise Http404
    count = count_exactly(asked.branches)
    if not fits(kind, count):
        messages.error(request, _("A spreadsheet does not hold so many rows. Take CSV, or filter first."))
        return redirect(asked.url(asked.query()))
    columns = asked.allowed_columns if request.POST.get("columns") == "all" else asked.columns
    batch = start_export(asked, kind, columns, with_bom="bom" in request.POST)
    if count > AT_ONCE:
        batch.params["total"] = count
        batch.save(update_fields=["params"])
        write_export.delay_on_commit(batch.pk)
        return redirect("lists:batch", name, batch.pk)
    return _at_once(asked, kind, columns, batch, count)


def _at_once(asked: Asked, kind: str, columns: list[Column], batch: Batch, count: int) -> HttpResponseBase:
    rows = ExportRows(asked, columns)
    name = file_name(asked.spec, kind)
    batch.finish(rows=count)
    if kind == "csv":
        lines = csv_lines(rows, with_bom=batch.params["bom"])
        response = StreamingHttpResponse(lines, content_type=content_type(kind))
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    write_xlsx(rows, Path(file.name))
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type(kind))


@require_safe
def download(request: HttpRequest, name: str, pk: int) -> HttpResponseBase:
    """The file of an export in the background: for the person who asked for it, nobody else."""
    asked_for(request, name)
    batch = get_object_or_404(Batch.objects.filter(by=request.user, verb=VERB, params__list=name), pk=pk)
    attachment = files_of(batch).first()
    if attachment is None:
        raise Http404
    return FileResponse(
        attachment.file.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )


def file_of(batch: Batch, name: str) -> dict[str, str] | None:
    """What the page of the batch offers."""
    attachment = files_of(batch).first() if batch.verb == VERB else None
    return {"name": attachment.name, "url": reverse("lists:download", args=[name, batch.pk])} if attachment else None
