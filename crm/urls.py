"""Every app's addresses. An app that has `urls.py` with `PREFIX` is included below that path."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from crm import api, health, metrics


def of_rooms() -> list[URLPattern | URLResolver]:
    rooms = [room for room in settings.ROOMS if room != "crm" and room in settings.INSTALLED_APPS]
    modules = [import_module(f"{room}.urls") for room in rooms if find_spec(f"{room}.urls")]
    return [path(getattr(module, "PREFIX", ""), include(module)) for module in modules]


urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls()),
    path("lists/", include("crm.lists.urls")),
    path("lookup/", include("crm.forms.urls")),
    *of_rooms(),
]
