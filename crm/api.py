"""The API's assembly: the only place besides the URLs that sees the collections of every room."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from crm.endpoints.auth import TokenAuth
from crm.endpoints.collection import collections
from crm.endpoints.description import DescribedAPI
from crm.endpoints.frame import framed, nowhere
from crm.endpoints.guide import GUIDE
from crm.endpoints.problems import install_handlers
from crm.endpoints.rate import PerToken
from crm.endpoints.routes import mount


def build() -> DescribedAPI:
    api = DescribedAPI(
        title=settings.PRODUCT_NAME,
        version="1",
        description=GUIDE,
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
    """As ``api.urls``, each framed, and an answer for every other address below."""
    patterns, app, namespace = build().urls
    for pattern in patterns:
        pattern.callback = framed(pattern.callback)
    return [*patterns, path("<path:address>", nowhere)], app, namespace
