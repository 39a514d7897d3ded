"""Files of a customer: upload, open, remove. Whoever reaches the customer reaches them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from customers.views.reached import back, reached
from records.files import attach, check_upload, detach, files_of, response
from records.refusals import Refused


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """All files or none: a wrong one is named before the first is stored."""
    customer = reached(request, pk, "change")
    uploads = request.FILES.getlist("files")[:20]
    if not uploads:
        raise Refused(_("Choose a file."), reason="required")
    for one in uploads:
        try:
            check_upload(one)
        except ValidationError as error:
            raise Refused(f"{one.name}: {error.messages[0]}", reason="file") from error
    for one in uploads:
        attach(customer, one, by=request.user)
    done = ngettext("%(count)d file added.", "%(count)d files added.", len(uploads)) % {"count": len(uploads)}
    messages.success(request, done)
    return back(request, customer)


@require_safe
def download(request: HttpRequest, pk: int, file: int) -> FileResponse:
    customer = reached(request, pk)
    return response(get_object_or_404(files_of(customer), pk=file))


@require_POST
def remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    customer = reached(request, pk, "change")
    detach(get_object_or_404(files_of(customer), pk=file), customer, by=request.user)
    messages.success(request, _("The file is removed."))
    return back(request, customer)
