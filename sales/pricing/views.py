"""The pages of price lists: seen by all who see products, changed by those who may change them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.models import Company
from crm.forms import create_view, edit_view
from crm.hub import crumb
from records.field_history import field_history
from sales.models import Price, PriceList
from sales.pricing.change import add_price, change_price_list, create_price_list, delete_price
from sales.pricing.forms import NewPriceForm, PriceForm, PriceListForm
from sales.pricing.page import list_rows, price_rows

EDITOR = "records/settings/entry.html"
PAGE = 50


@require_safe
def price_lists(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "view", "product")
    context = {"rows": list_rows(), "may_change": _may_change(request), "crumbs": _crumbs(request)}
    return render(request, "sales/pricing/price_lists.html", context)


@require_safe
def price_list(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, "view", "product")
    held = get_object_or_404(PriceList, pk=pk)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = Paginator(price_rows(held, words), PAGE).get_page(request.GET.get("page"))
    context = {
        "held": held,
        "page": page,
        "words": words,
        "may_change": _may_change(request),
        "crumbs": _crumbs(request, _lists()),
        "changes": [row.as_row() for row in field_history(held, 10)],
    }
    return render(request, "sales/pricing/price_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    _require_change(request)

    def make(form: PriceListForm) -> PriceList:
        return create_price_list(by=form.user, **form.values())

    return create_view(
        request, PriceListForm, make, title=_("New price list"), template=EDITOR,
        cancel_url=reverse("sales:price_lists"), success_url=_url_of,
        form_arguments={"initial": {"currency": Company.get().currency}},
        extra={"crumbs": _crumbs(request, _lists()), "changes": []},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    _require_change(request)
    held = get_object_or_404(PriceList, pk=pk)

    def save(form: PriceListForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        mine = PriceList.objects.get(pk=pk)  # unscoped: prices belong to the whole company
        return change_price_list(mine, values, by=form.user, opened=opened)

    return edit_view(
        request, held, PriceListForm, title=held.name, template=EDITOR, success_url=_url_of(held), save=save,
        extra={"crumbs": _crumbs(request, _lists(), (held.name, _url_of(held))), "changes": []},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    _require_change(request)
    held = get_object_or_404(PriceList, pk=pk)

    def make(form: NewPriceForm) -> Price:
        return add_price(held, by=form.user, product=form.cleaned_data["product"], **form.values())

    return create_view(
        request, NewPriceForm, make, title=_("New price"), template="sales/pricing/price.html",
        cancel_url=_url_of(held), success_url=lambda _price: _url_of(held), form_arguments={"price_list": held},
        extra={"crumbs": _crumbs(request, _lists(), (held.name, _url_of(held))), "changes": [], "price": None},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit_line(request: HttpRequest, pk: int) -> HttpResponse:
    _require_change(request)
    prices = Price.objects.select_related("price_list", "product")  # unscoped: prices belong to the whole company
    price = get_object_or_404(prices, pk=pk)
    held = price.price_list
    beside = {
        "crumbs": _crumbs(request, _lists(), (held.name, _url_of(held))),
        "changes": [row.as_row() for row in field_history(price, 10)],
        "price": price,
    }
    return edit_view(
        request, price, PriceForm, title=price.product.label, template="sales/pricing/price.html",
        success_url=_url_of(held), form_arguments={"price_list": held}, extra=beside,
    )  # fmt: skip


@require_POST
def delete_line(request: HttpRequest, pk: int) -> HttpResponse:
    _require_change(request)
    prices = Price.objects.select_related("price_list")  # unscoped: prices belong to the whole company
    price = get_object_or_404(prices, pk=pk)
    delete_price(price, by=request.user)
    messages.success(request, _("The price is deleted. Quotes and orders keep what stands on their lines."))
    return redirect(_url_of(price.price_list))


def _url_of(held: PriceList) -> str:
    return reverse("sales:price_list", args=[held.pk])


def _lists() -> tuple[Any, str]:
    return _("Price lists"), reverse("sales:price_lists")


def _may_change(request: HttpRequest) -> bool:
    return access.allows_all(request.user, "change", "product")


def _require_change(request: HttpRequest) -> None:
    access.require_all(request.user, "change", "product")


def _crumbs(request: HttpRequest, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    first = crumb() if _may_change(request) else (_("Products"), reverse("sales:product_list"))
    return [first, *more]
