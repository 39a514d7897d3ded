import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from crm.forms import create_view, edit_view
from records.dictionary import entries
from sales.business_day import today_of_company
from sales.create_document import create_order
from sales.document_forms import AddLineForm, NewOrderForm, OrderForm
from sales.document_lists import ORDER_TONES
from sales.models import Order
from sales.order_page import money_of, order_page
from sales.views.quotes import asked_for, refuse_unless_draft, save_draft
from sales.views.reached_documents import reached_order


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show_order(request, reached_order(request, pk))


def show_order(
    request: HttpRequest, order: Order, *, form: Any = None, plan_form: Any = None, receipt_form: Any = None
) -> HttpResponse:
    """The forms: what was typed with errors."""
    from sales.collect_forms import ReceiptForm, first_plan

    page, today = order_page(request.user, order), today_of_company(timezone.now())
    money = money_of(request.user, order, today=today)
    context = {
        "document": order,
        "page": page,
        "money": money,
        "today": today,
        "tone": ORDER_TONES[order.state],
        "line_form": form or (AddLineForm(user=request.user, document=order) if page.is_editable else None),
        "plan_form": plan_form or (first_plan(order, today) if money.may_plan else None),
        "receipt_form": receipt_form or (ReceiptForm(order, today=today) if money.may_receive else None),
        "receipt_key": request.POST.get("key") or secrets.token_urlsafe(16),
        "reasons": _reasons() if "cancel" in page.act_names else [],
    }
    has_errors = form or plan_form or receipt_form
    return render(request, "sales/order.html", context, status=422 if has_errors else 200)


def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "order")
    return create_view(
        request, NewOrderForm, _create, title=_("New order"), form_arguments={"initial": asked_for(request)},
        cancel_url=reverse("sales:order_list"),
    )  # fmt: skip


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    order = reached_order(request, pk, "change")
    refuse_unless_draft(order)
    return edit_view(request, order, OrderForm, title=_("Edit order"), save=save_draft)


def _create(form: Any) -> Order:
    return create_order(form.cleaned_data["customer"], by=form.user, **form.typed())


def _reasons() -> list[tuple[str, Any]]:
    return [(entry.code, entry.label) for entry in entries("order_cancel_reason")]
