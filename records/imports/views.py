from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from records.imports import begin, story
from records.imports.choices import mapping_from_post, page_options, reading_from_post
from records.imports.importables import importables, offered
from records.imports.mapping import Mapping
from records.imports.preview import preview
from records.imports.problems import FileProblem
from records.imports.refused import as_csv, as_xlsx
from records.imports.result import result_of
from records.imports.sniff import ACCEPT
from records.imports.table import largest
from records.imports.upload import TOO_LARGE, LimitedUpload
from records.models import FileImport

State = FileImport.State


def _allowed(request: HttpRequest) -> list[Any]:
    kinds = [each for each in offered() if access.allows(request.user, "import", each.right)]
    if not kinds:
        raise PermissionDenied(_("You may not import anything."))
    return kinds


def _mine(request: HttpRequest, pk: int) -> FileImport:
    file_import = get_object_or_404(FileImport.objects.of_author(request.user), pk=pk)
    access.require(request.user, "import", importables[file_import.kind].right)
    return file_import


@csrf_exempt  # the check follows within, once the limit of the upload is in place
def start(request: HttpRequest) -> HttpResponse:
    """The list of kinds with an upload, and what was imported lately."""
    if request.method == "POST":
        request.upload_handlers.insert(0, LimitedUpload(request))
    return _start(request)


@csrf_protect
def _start(request: HttpRequest) -> HttpResponse:
    kinds = _allowed(request)
    problem, kind = "", request.POST.get("kind") or request.GET.get("kind", "")
    if request.method == "POST":
        try:
            importable = next((each for each in kinds if each.kind == kind), None)
            if importable is None:
                raise PermissionDenied(_("You may not import this kind."))
            too_large = getattr(request, TOO_LARGE, False)
            file_import = begin.take_in(request.FILES.get("file"), importable, by=request.user, too_large=too_large)
            return redirect("records:import_columns", file_import.pk)
        except FileProblem as found:
            problem = str(found)
    recent = FileImport.objects.of_author(request.user).select_related("batch")[:10]
    context = {
        "kinds": kinds, "kind": kind, "problem": problem, "recent": recent, "accept": ACCEPT, "limit": largest(),
        "limit_mb": largest() >> 20, "labels": {each.kind: each.label for each in kinds},
    }  # fmt: skip
    return render(request, "records/imports/start.html", context, status=400 if problem else 200)


def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is which field; POST reads the choices and shows the preview anew, or begins the test."""
    file_import = _mine(request, pk)
    if file_import.is_busy or file_import.state == State.DONE:
        return redirect("records:import", pk)
    importable = importables[file_import.kind]
    try:
        table, mapping = _read_choices(request, file_import)
    except FileProblem as problem:
        return render(request, "records/imports/unreadable.html", {"file": file_import, "problem": problem}, status=400)
    problem = begin.problem_of(mapping, importable) if request.method == "POST" else None
    if request.method == "POST" and problem is None and "test" in request.POST:
        begin.test(file_import, mapping, table)
        return redirect("records:import", pk)
    context = {
        "file": file_import, "table": table, "mapping": mapping, "problem": problem, "importable": importable,
        "preview": preview(table, importable, mapping, by=request.user),
        **page_options(table, importable, mapping, request.user),
    }  # fmt: skip
    return render(request, "records/imports/columns.html", context, status=400 if problem else 200)


def _read_choices(request: HttpRequest, file_import: FileImport) -> tuple[Any, Mapping]:
    importable = importables[file_import.kind]
    if request.method != "POST":
        table = story.open_file(file_import)
        known = bool(file_import.mapping.get("columns"))
        mapping = (
            Mapping.from_json(file_import.mapping, table)
            if known
            else story.mapping_for(file_import, table, language=request.LANGUAGE_CODE)
        )
        if not known and importable.has_owner:
            mapping.owner = request.user.pk
        return table, mapping
    before = story.open_file(file_import)
    table = story.open_file(file_import, read=reading_from_post(request.POST))
    if table.headers != before.headers:  # read in another way: its columns are others
        return table, story.mapping_for(file_import, table, language=request.LANGUAGE_CODE)
    kept = story.mapping_for(file_import, table, language=request.LANGUAGE_CODE)
    return table, mapping_from_post(request.POST, table, importable, kept)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Where this import stands: progress, the test's result, the end's result, or what went wrong."""
    file_import = _mine(request, pk)
    if file_import.state == State.UPLOADED and not file_import.problem:
        return redirect("records:import_columns", pk)
    context = {"file": file_import, "result": result_of(file_import), **_progress(file_import)}
    return render(request, "records/imports/show.html", context)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    file_import = _mine(request, pk)
    return render(request, "records/imports/_progress.html", {"file": file_import, **_progress(file_import)})


def _progress(file_import: FileImport) -> dict[str, Any]:
    return {"done": story.rows_read(file_import), "finished": not file_import.is_busy}


@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    file_import = _mine(request, pk)
    if not begin.run(file_import):
        messages.info(request, _("This import is under way or done already."))
    return redirect("records:import", pk)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """The page goes on to show progress until the worker has heard of it."""
    if not begin.stop(_mine(request, pk)):
        messages.info(request, _("This import was over already."))
    return redirect("records:import", pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    file_import = _mine(request, pk)
    if not begin.discard(file_import):
        messages.info(request, _("This import is under way or done already."))
        return redirect("records:import", pk)
    messages.success(request, _("The file was thrown away."))
    return redirect("records:import_start")


@require_safe
def refused(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The refused rows with the reason in the last column, in the reader's language."""
    file_import = _mine(request, pk)
    if format not in {"csv", "xlsx"}:
        raise Http404
    headers = [column["header"] for column in file_import.mapping.get("columns", [])]
    name = f"{file_import.name.rpartition('.')[0] or file_import.name} ({_('refused')}).{format}"
    if format == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        answer: Any = HttpResponse(as_xlsx(file_import, headers), content_type=kind)
    else:
        answer = StreamingHttpResponse(as_csv(file_import, headers), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
