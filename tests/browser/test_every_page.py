"""Every page of the menus, as those see it who may, in both themes, on desk and phone."""

import pytest

from crm.menu import menu_for, quick_create_for
from tests.browser.axe import serious
from tests.customers import makers

pytestmark = pytest.mark.browser


@pytest.fixture
def some_rows(alice, tess):
    for number, name in enumerate(["Nordwind Logistik GmbH", "北京海淀科技有限公司", "ООО «Ромашка»"]):
        customer = makers.customer(f"{name} {number}", owner=alice)
        makers.contact(customer)
        makers.task(alice, customer=customer)


def addresses(person):
    entries = [entry for section in menu_for(person, "/") for entry in section.entries]
    return sorted({entry.url for entry in [*entries, *quick_create_for(person)]} | {"/profile/"})


@pytest.mark.parametrize("who", ["alice", "tess", "ada", "olga", "finn"])
@pytest.mark.parametrize("look", ["light desk", "dark phone"])
def test_every_page_of_the_menu_is_accessible_and_fits(browse, some_rows, request, who, look):
    person = request.getfixturevalue(who)
    page = browse(person, phone="phone" in look, dark="dark" in look)
    width = page.viewport_size["width"]
    for address in addresses(person):
        answer = page.goto(address)
        assert answer.status == 200, address
        assert (address, serious(page)) == (address, [])
        assert (address, page.evaluate("document.documentElement.scrollWidth") <= width) == (address, True)
