"""The administration: Django's admin under our name, behind our sign-in, for those whom accounts.access lets in."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class SiteConfig(AdminConfig):
    default_site = "crm.admin_site.Administration"


class Administration(admin.AdminSite):
    index_title = _("Administration")
    enable_nav_sidebar = True
    empty_value_display = "–"

    @property
    def site_header(self) -> str:
        return settings.PRODUCT_NAME

    @property
    def site_title(self) -> str:
        return settings.PRODUCT_NAME

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """Without Django's groups: our rights hang on roles, and a page for groups would promise something."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.label_lower != "auth.group"]
        super().register(ours, *args, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One sign-in for all: with its lock-out, its demo gate and its languages."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return HttpResponseRedirect(f"{reverse('accounts:login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
