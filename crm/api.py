"""The API's assembly: the only place besides the URLs that sees the collections of every room."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.throttling import AuthRateThrottle

from crm.endpoints.auth import TokenAuth
from crm.endpoints.collection import collections
from crm.endpoints.problems import install_handlers
from crm.endpoints.routes import mount


class PerToken(AuthRateThrottle):
    """A burst is fine, a loop that never ends is not."""

    def get_cache_key(self, request):
        return f"api-rate:{request.auth.pk}" if getattr(request, "auth", None) else None


def build() -> NinjaAPI:
    api = NinjaAPI(
        title=settings.PRODUCT_NAME,
        version="1",
        urls_namespace="api",
        auth=TokenAuth(),
        docs_url="/docs",
        openapi_url="/openapi.json",
        throttle=[PerToken(settings.API_RATE)],
    )
    install_handlers(api)
    for room in settings.ROOMS:
        if room in settings.INSTALLED_APPS and room != "crm" and find_spec(f"{room}.api"):
            module = import_module(f"{room}.api")
            for router_path, router in getattr(module, "ROUTERS", ()):
                api.add_router(router_path, router)
    for collection in collections:
        mount(api, collection)
    return api


def urls() -> tuple[list[URLPattern | URLResolver], str, str]:
    """As ``api.urls``, open to requests without a session: the token is the sign-in."""
    patterns, app, namespace = build().urls
    for pattern in patterns:
        pattern.callback = login_not_required(pattern.callback)
    return patterns, app, namespace
