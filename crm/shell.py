"""What base.html needs on every page: brand, theme, menus. Nothing is computed before a template asks.

Parts that follow from a few words alone (these entries in this language) are kept by `{% cache %}` in the process: the
key names everything that they show, so nobody is ever shown another one's menu.
"""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.menu import Entry, Section, menu_for, quick_create_for
from crm.register import Register

THEMES = ("auto", "light", "dark")
PHONE_ENTRIES = 4  # with "Menu" as the fifth they still have 64 px each on a 320 px screen

# Shown by toasts.js when an htmx request fails: by status, "offline" without an answer, else "error".
CLIENT_TEXTS = (
    ("offline", _("No connection. Nothing was saved; try again.")),
    ("stale", _("This page is older than your sign-in. Load it anew, then try again.")),
    ("403", _("You may not do this.")),
    ("404", _("This is no longer here, or not within your reach.")),
    ("429", _("Too many requests. Wait a moment, then try again.")),
    ("error", _("That did not work. Try again; if it happens twice, tell your administrator.")),
)

# Templates that higher apps put into the top bar (the bell with notices): name → path of a fragment,
# included with the page's context.
top_bar: Register[str] = Register("top bar item")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request)}


class Shell:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def brand(self) -> str:
        return settings.PRODUCT_NAME

    @cached_property
    def theme(self) -> str:
        """As the user set it; before sign-in, as this browser last had it."""
        chosen = getattr(self._user, "theme", "") or self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else "auto"

    @property
    def theme_at_start(self) -> str:
        """What the server prints; theme.js settles "auto" before the first paint."""
        return "light" if self.theme == "auto" else self.theme

    @property
    def is_narrow(self) -> bool:
        return self.request.COOKIES.get("nav") == "narrow"

    @cached_property
    def menu(self) -> list[Section]:
        return menu_for(self._user, self.request.path)

    @property
    def menu_key(self) -> str:
        """What the markup of both menus follows from, besides language and brand."""
        names = [f"{entry.name}*" if entry.is_current else entry.name for part in self.menu for entry in part.entries]
        return ",".join(names)

    @property
    def create_key(self) -> str:
        return ",".join(entry.name for entry in self.quick_create)

    @property
    def phone_entries(self) -> list[Entry]:
        """The first items stand in the bar at the bottom of a phone."""
        return [entry for section in self.menu for entry in section.entries][:PHONE_ENTRIES]

    @cached_property
    def quick_create(self) -> list[Entry]:
        return quick_create_for(self._user)

    @property
    def top_bar(self) -> tuple[str, ...]:
        return tuple(top_bar)

    @property
    def client_texts(self) -> tuple[tuple[str, Any], ...]:
        return CLIENT_TEXTS

    @property
    def search_url(self) -> str:
        return url_or_nothing("records:search")

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Each by its own name, so that it is found by those who cannot read the present one."""
        return list(settings.LANGUAGES)

    @property
    def _user(self) -> Any:
        # A request refused before AuthenticationMiddleware has none.
        return getattr(self.request, "user", None) or AnonymousUser()


def url_or_nothing(name: str) -> str:
    """The address of a page that another app may or may not bring."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
