"""The export of a report: exactly its table, all rows of it, as CSV or XLSX, and the note of who took it."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from crm.lists.export_formats import content_type, csv_lines, write_xlsx
from records.models import Batch
from reports.asked import Asked
from reports.register import Report

VERB = "export"
KINDS = ("csv", "xlsx")


def export_report(report: Report, asked: Asked, kind: str, *, by: Any) -> HttpResponseBase:
    """``kind``: csv or xlsx. A text that a spreadsheet would run as a formula stays a text."""
    table = report.table(report.run(by, asked, whole=True), asked)
    params = {"report": report.name, "format": kind, **asked.as_query()}
    batch = Batch.start(VERB, by=by, title=f"{report.title}: {kind.upper()}"[:200], params=params)
    batch.finish(rows=len(table.rows))
    name = f"{report.name}-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "csv":
        lines = csv_lines(table, with_bom=True)
        response = StreamingHttpResponse(lines, content_type=content_type(kind))
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    write_xlsx(table, Path(file.name))
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type(kind))
