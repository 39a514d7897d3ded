"""The verbs of a lead: POST only."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from leads.assign import assign_leads
from leads.contact_log import log_contact
from leads.forms import LogForm
from leads.views.reached import back, reached
from records import files, tagging
from records.dictionary import entry_by_code
from records.refusals import Refused


@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "work")
    form = LogForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(error for errors in form.errors.values() for error in errors), reason="form")
    log_contact(lead, form.values(), by=request.user)
    messages.success(request, _("Logged."))
    return back(request, lead)


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "work")
    lead.contact(by=request.user)
    messages.success(request, _("Noted as contacted."))
    return back(request, lead)


@require_POST
def qualify(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "work")
    lead.qualify(by=request.user)
    messages.success(request, _("The lead is qualified."))
    return back(request, lead)


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "assign")
    number = request.POST.get("owner", "")
    people = access.people_in_reach(request.user, "lead", "assign")
    owner = people.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    if owner is None:
        raise Refused(_("You may not give leads to this person."), reason="owner")
    lead.assign(owner, by=request.user)
    messages.success(request, _("Assigned to %(name)s.") % {"name": owner})
    return back(request, lead) if access.covers(request.user, lead) else redirect("leads:list")


@require_POST
def assign_by_rules(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "assign")
    outcome = assign_leads(now=timezone.now(), only=[lead.pk], by=request.user)
    tell = messages.success if outcome.moved else messages.warning
    tell(request, " ".join(outcome.lines) or _("This lead does not wait for an owner."))
    return back(request, lead)


@require_POST
def lose(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "work")
    reason = entry_by_code("lead_lost_reason", request.POST.get("reason", ""))
    lead.lose(reason, by=request.user, note=request.POST.get("note", "").replace("\x00", ""))
    messages.success(request, _("The lead is lost. It can be reopened."))
    return back(request, lead)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "work")
    lead.reopen(by=request.user)
    messages.success(request, _("The lead is open again."))
    return back(request, lead)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "delete")
    lead.trash(by=request.user)
    messages.success(request, _("“%(name)s” is in the trash.") % {"name": lead.title})
    return redirect("leads:list")


@require_POST
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "change")
    tagging.add_tags(lead, request.POST.get("tags", "").replace("，", ",").split(","), by=request.user)
    return back(request, lead)


@require_POST
def untag(request: HttpRequest, pk: int) -> HttpResponse:
    lead = reached(request, pk, "change")
    number = request.POST.get("tag", "")
    if number.isdecimal() and len(number) < 19:
        tagging.remove_tag(lead, int(number), by=request.user)
    return back(request, lead)


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """All files or none: a wrong one is named before the first is stored."""
    lead = reached(request, pk, "change")
    uploads = request.FILES.getlist("files")[:20]
    if not uploads:
        raise Refused(_("Choose a file."), reason="required")
    for one in uploads:
        try:
            files.check_upload(one)
        except ValidationError as error:
            raise Refused(f"{one.name}: {error.messages[0]}", reason="file") from error
    for one in uploads:
        files.attach(lead, one, by=request.user)
    return back(request, lead)


@require_safe
def download(request: HttpRequest, pk: int, file: int) -> FileResponse:
    return files.response(get_object_or_404(files.files_of(reached(request, pk)), pk=file))
