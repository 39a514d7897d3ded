"""The side navigation and the quick-create menu: each app adds its items in its `apps.py`.

    menu.add("leads", MenuItem("leads", _("Leads"), icon="target-arrow", url_name="leads:list",
                               order=20, section="sales", right=("lead", "view")))
    quick_create.add("lead", MenuItem("lead", _("Lead"), icon="target-arrow", url_name="leads:create",
                                      order=20, right=("lead", "create")))

An item is shown only to those who may: `right` is (kind, action), None means everybody signed in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from crm.register import Register

SECTIONS = {
    "": "",
    "sales": pgettext_lazy("menu section", "Sales"),
    "service": pgettext_lazy("menu section", "Service"),
    "insight": pgettext_lazy("menu section", "Analysis"),
    "data": pgettext_lazy("menu section", "Data"),
    "system": pgettext_lazy("menu section", "System"),
}


@dataclass(frozen=True)
class MenuItem:
    name: str
    label: Any  # a lazy translation
    icon: str  # a name in crm/icons.txt
    url_name: str
    order: int
    section: str = ""  # a key of SECTIONS
    right: tuple[str, str] | None = None  # (kind, action)
    staff_only: bool = False  # for those who may enter the administration
    shown: Callable[[Any], bool] | None = None  # where one right does not decide


@dataclass(frozen=True)
class Entry:
    """One item as the template prints it."""

    name: str
    label: Any
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Section:
    name: str
    label: Any
    entries: tuple[Entry, ...]


SETTINGS = "settings"  # the item of the hub

menu: Register[MenuItem] = Register("menu item")
quick_create: Register[MenuItem] = Register("quick create item")


def menu_for(user: Any, path: str) -> list[Section]:
    """The sections with what this user may open; the item whose address leads furthest is the current one."""
    allowed = _allowed(menu, user)
    urls = {item.name: reverse(item.url_name) for item in allowed}
    current = _current(urls, path)
    if SETTINGS in urls and _is_settings_page(path, beyond=urls.get(current, "")):
        current = SETTINGS
    sections = []
    for name, label in SECTIONS.items():
        entries = tuple(
            Entry(item.name, item.label, item.icon, urls[item.name], item.name == current)
            for item in allowed
            if item.section == name
        )
        if entries:
            sections.append(Section(name, label, entries))
    return sections


def quick_create_for(user: Any) -> list[Entry]:
    return [
        Entry(item.name, item.label, item.icon, reverse(item.url_name), False) for item in _allowed(quick_create, user)
    ]


def _allowed(items: Iterable[MenuItem], user: Any) -> list[MenuItem]:
    from accounts import access  # accounts needs crm.register when it is loaded

    if not user.is_authenticated:
        return []
    seen = [
        item
        for item in items
        if (item.right is None or access.allows(user, item.right[1], item.right[0]))
        and (user.is_staff or not item.staff_only)
        and (item.shown is None or item.shown(user))
    ]
    return sorted(seen, key=lambda item: item.order)


def _is_settings_page(path: str, *, beyond: str) -> bool:
    """A page of the hub that leads further than any item: the rules of the pools are settings, not the pool."""
    from crm.hub import hub  # the register is full once the apps are ready

    urls = [reverse(page.url_name) for page in hub]
    return any(path.startswith(url) and len(url) > len(beyond) for url in urls)


def _current(urls: dict[str, str], path: str) -> str:
    matching = [name for name, url in urls.items() if path == url or (url != "/" and path.startswith(url))]
    return max(matching, key=lambda name: len(urls[name]), default="")
