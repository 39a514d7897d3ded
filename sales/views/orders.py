import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from crm.forms import create_view, edit_view
from records.dictionary import entries
from sales.business_day import today
from sales.collect_forms import ReceiptForm, RefundForm, first_plan
from sales.create_document import create_order
from sales.document_forms import AddLineForm, NewOrderForm, OrderForm
from sales.document_lists import ORDER_TONES
from sales.goods import goods_of
from sales.models import Order
from sales.order_page import money_of, order_page
from sales.views.quotes import asked_for, refuse_unless_draft, save_draft
from sales.views.reached_documents import reached_order


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show_order(request, reached_order(request, pk))


def show_order(
    request: HttpRequest, order: Order, *, form: Any = None, plan_form: Any = None, receipt_form: Any = None,
    refund_form: Any = None,
) -> HttpResponse:  # fmt: skip
    """The forms: what was typed with errors."""
    day = today()
    money = money_of(request.user, order, today=day)
    page = order_page(request.user, order, money)
    context = {
        "document": order,
        "page": page,
        "money": money,
        "today": day,
        "tone": ORDER_TONES[order.state],
        "line_form": form or (AddLineForm(user=request.user, document=order) if page.is_editable else None),
        "plan_form": plan_form or (first_plan(order, day) if money.may_plan else None),
        "receipt_form": receipt_form or (ReceiptForm(order, today=day) if money.may_receive else None),
        "refund_form": refund_form or (RefundForm(money.credit, today=day) if money.may_refund else None),
        "receipt_key": request.POST.get("key") or secrets.token_urlsafe(16),
        "goods": goods_of(order, page.lines) if order.confirmed_on else [],
        "reasons": _reasons("order_cancel_reason") if "cancel" in page.act_names else [],
        "return_reasons": _reasons("order_return_reason") if {"return", "cancel_rest"} & page.act_names else [],
    }
    has_errors = form or plan_form or receipt_form or refund_form
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


def _reasons(of: str) -> list[tuple[str, Any]]:
    return [(entry.code, entry.label) for entry in entries(of)]
