from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from crm.forms import create_view, edit_view
from records.dictionary import entries
from records.refusals import Refused
from sales.consistency import earlier_of
from sales.create_document import create_quote
from sales.document_forms import AddLineForm, NewQuoteForm, QuoteForm
from sales.document_lists import QUOTE_TONES
from sales.edit_document import edit_document
from sales.models import Opportunity, Quote, QuoteFile
from sales.quote_page import order_of, quote_page
from sales.quote_pdf import quote_pdf
from sales.views.reached_documents import reached_quote


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show_quote(request, reached_quote(request, pk))


def show_quote(request: HttpRequest, quote: Quote, *, form: Any = None) -> HttpResponse:
    """``form``: the line that was typed with errors."""
    page = quote_page(request.user, quote)
    context = {
        "document": quote,
        "page": page,
        "tone": QUOTE_TONES[quote.state],
        "line_form": form or (AddLineForm(user=request.user, document=quote) if page.is_editable else None),
        "order": order_of(quote),
        "earlier": earlier_of(request.user, quote) if page.may_change and not quote.sent_at else [],
        "older": quote.supersedes,
        "newer": getattr(quote, "superseded_by", None),
        "reasons": _reasons() if "decline" in page.act_names else [],
    }
    return render(request, "sales/quote.html", context, status=422 if form else 200)


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent, byte for byte; before that a preview."""
    quote = reached_quote(request, pk)
    kept = QuoteFile.objects.filter(quote=quote).first()  # unscoped: of the quote within reach
    content = bytes(kept.content) if kept else quote_pdf(quote, now=timezone.now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{quote.number}.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "quote")
    return create_view(
        request, NewQuoteForm, _create, title=_("New quote"), form_arguments={"initial": asked_for(request)},
        cancel_url=reverse("sales:quote_list"),
    )  # fmt: skip


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    quote = reached_quote(request, pk, "change")
    refuse_unless_draft(quote)
    return edit_view(request, quote, QuoteForm, title=_("Edit quote"), save=save_draft)


def refuse_unless_draft(document: Any) -> None:
    if not document.is_draft:
        raise Refused(_("Only a draft can be changed."), reason="state", state=document.state)


def save_draft(form: Any, values: dict[str, Any], opened: dict[str, Any]) -> Any:
    return edit_document(form.instance, values, by=form.user, opened=opened)


def asked_for(request: HttpRequest) -> dict[str, Any]:
    """What the address names: the customer or the opportunity from whose page the person comes."""
    asked = {name: request.GET[name] for name in ("customer", "opportunity") if _is_number(request.GET.get(name, ""))}
    if "opportunity" in asked:
        found = Opportunity.objects.visible_to(request.user).filter(pk=asked["opportunity"]).first()
        if found is None:
            return {}
        asked = {"customer": found.customer_id, "opportunity": found.pk, "contact": found.contact_id,
                 "currency": found.currency}  # fmt: skip
    return asked


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


def _create(form: Any) -> Quote:
    values = form.typed()
    return create_quote(
        form.cleaned_data["customer"], by=form.user, opportunity=values.pop("opportunity", None), **values
    )


def _reasons() -> list[tuple[str, Any]]:
    return [(entry.code, entry.label) for entry in entries("quote_decline_reason")]
