"""The public pages of a web form: fill in, thanks, the company's logo. No session, no sign-in, no CSRF cookie."""

import mimetypes
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Company
from crm.rate import Rate
from crm.visitor import address_of, key_of
from leads.models import WebForm
from leads.web_forms import ticket
from leads.web_forms.authors import is_open
from leads.web_forms.origin import carried, is_from_here, origin_of, page_of, site_of, stands_on
from leads.web_forms.public_form import AGREES, TRAP, PublicForm, consent_of, consent_shown, rows_of
from leads.web_forms.receive import Sent, count_spam, receive

LARGEST = 64 * 1024
TICKET, CONSENT = "ticket", "consent"
PER_ADDRESS, PER_FORM = Rate(settings.FORM_RATE), Rate(settings.FORM_RATE_ALL)


def public(view: Any) -> Any:
    """Finds the form, speaks its language, and lets its own sites show it in a frame."""

    @csrf_exempt
    @login_not_required
    @xframe_options_exempt
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, key: str) -> Any:
        form = WebForm.objects.with_names().filter(key=key).first()  # unscoped: whoever has the address may fill it in
        with translation.override(_language(request, form)):
            if form is None:
                return _say(request, None, 404, _("There is no form at this address"), _("It may have moved."))
            response = view(request, form)
        response.headers["Content-Language"] = _language(request, form)
        return csp_replace(_policy(form))(lambda _request: response)(request)

    return answer


@public
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, form: WebForm) -> HttpResponse:
    if not is_open(form):
        text = _("Please come back later, or reach us in another way.")
        return _say(request, form, 410, _("This form is not available"), text)
    if request.method == "POST":
        return _refusal(request, form) or _receive(request, form)
    consent = consent_of(form)
    return _show(request, form, PublicForm(rows=rows_of(form), consent=consent), consent)


@public
@require_safe
def thanks(request: HttpRequest, form: WebForm) -> HttpResponse:
    text = form.thanks or _("Your message has arrived. We will be in touch soon.")
    return _say(request, form, 200, _("Thank you"), text, is_thanks=True)


@public
@require_safe
def logo(request: HttpRequest, form: WebForm) -> FileResponse:
    image = Company.get().logo
    if not (image and form.shows_brand):
        raise Http404
    return FileResponse(image.open("rb"), content_type=mimetypes.guess_type(image.name)[0] or "image/png")


def _refusal(request: HttpRequest, form: WebForm) -> HttpResponse | None:
    """Before anything is read: too much, too often, from a page that is not one of the form's."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST:
        return _say(request, form, 413, _("That is too much"), _("Please write less; files cannot be sent here."))
    address = key_of(address_of(request), salt="leads.web_form")
    if not (PER_ADDRESS.takes(f"web-form:{form.pk}:{address}") and PER_FORM.takes(f"web-form:{form.pk}")):
        text = _("Nothing was sent. Please wait a minute, go back and try again.")
        response = _say(request, form, 429, _("Too many at once"), text)
        response.headers["Retry-After"] = str(int(PER_ADDRESS.wait()) + 1)
        return response
    if not (is_from_here(request) or stands_on(form, origin_of(request))):
        text = _("The form stands on a web site that is not on its list. Please open it here instead.")
        return _say(request, form, 403, _("Nothing was sent"), text, way_back=True)
    try:
        request.POST  # noqa: B018 (reads the body)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return _say(request, form, 400, _("This could not be read"), _("Please try again."), way_back=True)
    return None


def _receive(request: HttpRequest, form: WebForm) -> HttpResponse:
    opened = ticket.read(request.POST.get(TICKET, ""), form.pk)
    consent = consent_shown(form, opened.consent if opened else request.POST.get(CONSENT))
    filled = PublicForm(request.POST, rows=rows_of(form), consent=consent)
    if not filled.is_valid():
        return _show(request, form, filled, consent, opened=opened)
    if doubt := _doubt(request, opened):
        count_spam(form)
        filled.add_error(None, doubt)
        return _show(request, form, filled, consent, opened=opened)
    receive(form, _sent(request, filled, consent, opened))
    return HttpResponseRedirect(form.thanks_url or _thanks_url(request, form), status=303)


def _thanks_url(request: HttpRequest, form: WebForm) -> str:
    """Shown as the form was: in a frame, in the language that the address asks for."""
    kept = urlencode({name: request.GET[name][:10] for name in ("embed", "lang") if name in request.GET})
    return reverse("leads:public_form_thanks", args=[form.key]) + (f"?{kept}" if kept else "")


def _doubt(request: HttpRequest, opened: ticket.Ticket | None) -> str:
    """What speaks for a program; "" for a person. Whoever is no program presses the button once more."""
    if request.POST.get(TRAP):
        return _("A field that nobody can see was filled in. It is empty again: please send once more.")
    if opened is None:
        # A page of the company's own carries no ticket.
        return "" if not is_from_here(request) else _("Please look at what you typed and send once more.")
    if opened.is_too_old:
        return _("This page was open for very long. Please look at what you typed and send once more.")
    return _("That was very quick. Please look at what you typed and send once more.") if opened.is_too_quick else ""


def _sent(request: HttpRequest, filled: PublicForm, consent: Any, opened: ticket.Ticket | None) -> Sent:
    return Sent(
        answers=filled.answers(),
        language=translation.get_language() or "",
        consent=consent if filled.cleaned_data.get(AGREES) else None,
        page=page_of(request),
        origin=carried(request),
        address_key=key_of(address_of(request), salt="leads.web_form"),
        once=opened.once if opened else "",
    )


def _show(
    request: HttpRequest, form: WebForm, filled: PublicForm, consent: Any, *, opened: ticket.Ticket | None = None
) -> HttpResponse:
    """``opened``: of the page that was sent and comes back; it stays the same one."""
    number = consent and consent.pk
    stays = opened and not opened.is_too_old and opened.consent == number
    hidden = {**carried(request), "page": page_of(request)}
    context = {
        **_frame(request, form),
        "filled": filled,
        "hidden": {name: value for name, value in hidden.items() if value},
        "ticket": request.POST[TICKET] if stays else ticket.issue(form.pk, number),
        "trap": TRAP,
        "button": form.button or pgettext("web form", "Send"),
    }
    status = 422 if filled.errors else 200
    return HttpResponse(render_to_string("leads/web_forms/public.html", context), status=status)


def _say(
    request: HttpRequest, form: WebForm | None, status: int, title: str, text: str, *, way_back: bool = False,
    is_thanks: bool = False,
) -> HttpResponse:  # fmt: skip
    says = {"title": title, "text": text, "way_back": way_back, "is_thanks": is_thanks}
    context = {**_frame(request, form), **says}
    return HttpResponse(render_to_string("leads/web_forms/said.html", context), status=status)


def _frame(request: HttpRequest, form: WebForm | None) -> dict[str, Any]:
    company = Company.get() if form and form.shows_brand else None
    return {
        "web_form": form,
        "company": company,
        "logo_url": reverse("leads:public_form_logo", args=[form.key]) if form and company and company.logo else "",
        "theme": form.theme if form else "auto",
        "is_embedded": "embed" in request.GET or "embed" in request.POST,
        "language": translation.get_language(),
    }


def _language(request: HttpRequest, form: WebForm | None) -> str:
    """The form's; else what the address asks for, else the visitor's own."""
    if form and form.language:
        return form.language
    asked = (request.GET.get("lang") or "")[:10]
    return asked if asked in dict(settings.LANGUAGES) else getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)


def _policy(form: WebForm) -> dict[str, list[str]]:
    """Who may show the form in a frame; and where sending may lead: a browser holds the redirect after a post for part
    of it, so the page of thanks has to stand here too.
    """
    beyond = [site_of(form.thanks_url)] if form.thanks_url else []
    return {"frame-ancestors": ["'self'", *form.sites] if form.sites else ["*"], "form-action": ["'self'", *beyond]}
