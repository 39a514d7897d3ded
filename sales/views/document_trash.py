"""Drafts of quotes and orders into the trash and back; what the customer saw or money hangs on stays."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access
from crm.toasts import toast_with_undo
from sales.models import Order, Quote
from sales.views.document_lines import REACHED

MODELS: dict[str, Any] = {"quote": Quote, "order": Order}


@require_POST
def delete(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    document = REACHED[kind](request, pk, "delete")
    document.trash(by=request.user)
    undo = reverse(f"sales:{kind}_restore", args=[pk])
    toast_with_undo(request, _("“%(name)s” is in the trash.") % {"name": document.number}, undo)
    return redirect(f"sales:{kind}_list")


@require_POST
def restore(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    model = MODELS[kind]
    rows = model.objects.filter(access.as_q(request.user, model, "delete"))  # unscoped: as_q, in the trash
    document = get_object_or_404(rows, pk=pk)
    document.restore(by=request.user)
    messages.success(request, _("“%(name)s” is back.") % {"name": document.number})
    return redirect(f"sales:{kind}_detail", pk)
