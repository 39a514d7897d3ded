import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from crm import menu as menus
from crm.icon_sprite import declared_icons
from crm.menu import MenuItem, menu_for, quick_create_for
from crm.register import Register

REAL_ITEMS = [*menus.menu, *menus.quick_create]
pytestmark = pytest.mark.django_db
ITEMS = [
    MenuItem("setup", "Users", "users", "admin:index", 90, "system", right=("system", "administer")),
    MenuItem("profile", "Profile", "user", "accounts:profile", 20),
    MenuItem("password", "Password", "key", "accounts:password_change", 10),
    MenuItem("customers", "Customers", "building", "accounts:login", 30, "sales", right=("customer", "view")),
]


@pytest.fixture(autouse=True)
def own_menu(monkeypatch):
    register = Register("menu item")
    for item in ITEMS:
        register.add(item.name, item)
    monkeypatch.setattr(menus, "menu", register)
    monkeypatch.setattr(menus, "quick_create", register)


def names(user, path="/"):
    return [entry.name for section in menu_for(user, path) for entry in section.entries]


def test_items_stand_in_their_section_and_order(ada):
    assert names(ada) == ["password", "profile", "setup"]


def test_an_item_is_shown_only_to_those_who_may(alice, nobody):
    assert "customers" in names(alice)
    assert "setup" not in names(alice)
    assert "customers" not in names(nobody)
    assert "customers" not in [entry.name for entry in quick_create_for(nobody)]


def test_a_section_without_items_is_not_there(nobody):
    assert [section.name for section in menu_for(nobody, "/")] == [""]


def test_the_longest_address_is_the_current_item(alice):
    current = [e.name for s in menu_for(alice, "/profile/password/") for e in s.entries if e.is_current]
    assert current == ["password"]


def test_nobody_signed_in_sees_no_menu():
    assert menu_for(AnonymousUser(), "/") == []


def test_the_registered_items_of_the_product_have_an_address_and_an_icon():
    for item in REAL_ITEMS:
        assert reverse(item.url_name)
        assert item.icon in declared_icons()
        assert item.section in menus.SECTIONS
