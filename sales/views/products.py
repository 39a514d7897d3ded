from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.models import Company
from crm.forms import create_view, edit_view
from crm.toasts import toast_with_undo
from sales.create_product import create_product
from sales.forms import ProductForm
from sales.models import Product
from sales.product_page import facts_of, prices_of


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    product = _reached(request, pk)
    context = {
        "product": product,
        "facts": facts_of(request.user, product),
        "prices": prices_of(product),
        "may_change": access.covers(request.user, product, "change"),
        "may_delete": access.covers(request.user, product, "delete"),
    }
    return render(request, "sales/product.html", context)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit_view(request, _reached(request, pk, "change"), ProductForm, title=_("Edit product"))


def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "product")
    initial = {"currency": Company.get().currency}
    return create_view(
        request, ProductForm, _create, title=_("New product"), form_arguments={"initial": initial},
        cancel_url=reverse("sales:product_list"),
    )  # fmt: skip


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    product = _reached(request, pk, "delete")
    product.trash(by=request.user)
    undo = reverse("sales:product_restore", args=[pk])
    toast_with_undo(request, _("“%(name)s” is in the trash.") % {"name": product.label}, undo)
    return redirect("sales:product_list")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Product.objects.filter(access.as_q(request.user, Product, "delete"))  # unscoped: as_q, in the trash
    product = get_object_or_404(rows, pk=pk)
    product.restore(by=request.user)
    messages.success(request, _("“%(name)s” is back.") % {"name": product.label})
    return redirect("sales:product_detail", pk)


def _create(form: ProductForm) -> Product:
    values = form.values()
    return create_product(values.pop("name"), by=form.user, **values)


def _reached(request: HttpRequest, pk: int, action: str = "view") -> Product:
    rows = Product.objects.visible_to(request.user).select_related("category", "unit")
    product = get_object_or_404(rows, pk=pk)
    access.require(request.user, action, product)
    return product
