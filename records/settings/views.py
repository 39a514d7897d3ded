"""The hub of settings and the company's profile."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.models import Company
from crm.forms import edit_view
from crm.hub import crumb, doors_for
from records.company import IMAGES, change_company, set_image
from records.field_history import field_history
from records.settings.forms import CompanyForm, ImageForm

KINDS = {"png": "image/png", "jpg": "image/jpeg"}


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    doors = doors_for(request.user)
    if not doors:
        raise PermissionDenied(_("You may not do this."))
    return render(request, "records/settings/hub.html", {"sections": doors})


@require_http_methods(["GET", "HEAD", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    access.require_all(request.user, "change", "company")
    return edit_view(
        request, Company.get(), CompanyForm, title=_("Company profile"), template="records/settings/company.html",
        success_url=request.path, save=_save, extra=_beside(Company.get()),
    )  # fmt: skip


@require_POST
def set_company_image(request: HttpRequest, which: str) -> HttpResponse:
    """Uploads the image, or takes it away when "remove" was pressed."""
    access.require_all(request.user, "change", "company")
    if which not in IMAGES:
        raise Http404
    if "remove" in request.POST:
        set_image(Company.get(), which, None, by=request.user)
        messages.success(request, _("The image is taken away."))
        return redirect("records:company")
    form = ImageForm(request.POST, request.FILES, which=which)
    if form.is_valid():
        set_image(Company.get(), which, form.cleaned_data["image"], by=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, " ".join(form.errors["image"]))
    return redirect("records:company")


@require_safe
def company_image(request: HttpRequest, which: str) -> FileResponse:
    access.require_all(request.user, "change", "company")
    file = getattr(Company.get(), which) if which in IMAGES else None
    if not file or not file.storage.exists(file.name):
        raise Http404
    answer = FileResponse(file.open("rb"), content_type=KINDS[file.name.rpartition(".")[2]])
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _save(form: CompanyForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
    return change_company(Company.get(), values, by=form.user, opened=opened)


def _beside(held: Company) -> dict[str, Any]:
    images = [(which, title, getattr(held, which), ImageForm(which=which)) for which, title in IMAGES.items()]
    changes = [change.as_row() for change in field_history(held, 10)]
    return {"crumbs": [crumb()], "images": images, "changes": changes}
