"""The customers list in a real browser: select, act, undo; panels; keyboard; without JavaScript; on a phone."""

import datetime
import os

import pytest
from django.utils import timezone

from customers.lists import customer_list
from customers.models import Customer
from customers.search import index_customers
from records.models import SavedView
from tests.customers.makers import customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = [
    "上海星辰科技有限公司",
    "ООО «Ромашка»",
    "Müller & Söhne GmbH",
    "Acme Ltd",
    "Northwind Traders with a rather long name AG",
]


@pytest.fixture
def alices(alice):
    now = timezone.now()
    rows = [
        customer(
            NAMES[n] if n < 5 else f"Firma {n:02}", owner=alice, grade="ABCD"[n % 4], phone="+4930123456",
            state=["prospect", "intent", "buying", "repeat"][n % 4], last_contact_at=now - datetime.timedelta(days=n),
            next_contact_at=now + datetime.timedelta(days=n - 5) if n % 3 else None,
        )
        for n in range(60)
    ]  # fmt: skip
    index_customers([row.pk for row in rows])
    return rows


def shoot(page, name):
    """Pictures for a person to look at, when asked for."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def rows_of(page):
    return page.locator("[data-list-row]")


def test_filters_are_opened_used_and_removed(browse, alice, alices):
    page = browse(alice)
    page.goto("/customers/")
    shoot(page, "list")
    page.get_by_role("link", name="Filter").click()
    page.locator("select[name=grade]").select_option("A")
    shoot(page, "filters")
    page.get_by_role("button", name="Show").click()
    page.locator(".list-chip").wait_for()
    assert rows_of(page).count() == 15
    assert page.url.endswith("?grade=A")
    page.get_by_label("Remove the filter “Grade”").click()
    page.locator(".list-chip").wait_for(state="detached")
    assert rows_of(page).count() == 50


def test_selected_rows_are_tagged_and_it_is_taken_back(browse, alice, alices):
    page = browse(alice)
    page.goto("/customers/?sort=name")
    assert not page.locator(".list-bulk").is_visible()
    page.locator("input[name=ids]").nth(0).check()
    page.locator("input[name=ids]").nth(3).click(modifiers=["Shift"])
    assert page.locator("[data-list-picked]").inner_text() == "4"
    shoot(page, "selected")
    page.get_by_role("button", name="Add tag").click()
    page.get_by_label("Tag").fill("VIP")
    shoot(page, "bulk")
    page.get_by_role("button", name="Add tag").click()
    page.get_by_text("4 rows changed.").wait_for()
    shoot(page, "toast")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("4 rows are as before.").wait_for()


def test_rows_are_walked_and_selected_by_key(browse, alice, alices):
    page = browse(alice)
    page.goto("/customers/?sort=name")
    for key in "jjx":
        page.keyboard.press(key)
    assert page.locator("input[name=ids]").nth(1).is_checked()
    assert page.locator("input[name=ids]:checked").count() == 1


def test_pages_follow_each_other_and_the_back_button_works(browse, alice, alices):
    page = browse(alice)
    page.goto("/customers/?sort=name")
    page.get_by_role("link", name="Next", exact=True).click()
    page.locator("a[rel=prev]").wait_for()
    assert rows_of(page).count() == 10
    page.go_back()
    page.locator("a[rel=next]").wait_for()
    assert rows_of(page).count() == 50


def test_columns_are_chosen_and_a_view_is_kept(browse, alice, alices):
    page = browse(alice)
    page.goto("/customers/?grade=A")
    page.get_by_label("More").click()
    page.get_by_role("link", name="Columns").click()
    page.locator("#list-panel").get_by_label("City", exact=True).check()
    shoot(page, "columns")
    page.locator("#list-panel").get_by_role("button", name="Save").click()
    page.get_by_role("columnheader", name="City").wait_for()
    page.get_by_label("More").click()
    page.get_by_role("link", name="Views").click()
    page.locator("#list-panel").get_by_label("Name").fill("Best ones")
    shoot(page, "views")
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("link", name="Best ones").wait_for()
    assert "view=" in page.url


def test_everything_works_without_javascript(browse, alice, alices):
    page = browse(alice, scripts=False)
    page.goto("/customers/")
    page.get_by_role("link", name="Filter").click()
    shoot(page, "filters-plain")
    page.locator("select[name=grade]").select_option("A")
    with page.expect_navigation():
        page.get_by_role("button", name="Show").click()
    assert rows_of(page).count() == 15
    page.locator("input[name=ids]").nth(0).check()
    for _ in ("asked", "confirmed"):
        with page.expect_navigation():
            page.get_by_role("button", name="Delete").click()
    assert Customer.objects.live().count() == 59


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_rows_are_cards_and_nothing_scrolls_sideways(browse, alice, alices, dark):
    page = browse(alice, phone=True, dark=dark)
    page.goto("/customers/")
    shoot(page, f"phone-{dark}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert not page.locator("thead").is_visible()
    page.locator("input[name=ids]").nth(0).check()
    shoot(page, f"phone-selected-{dark}")
    assert page.get_by_role("button", name="Add tag").is_visible()


def test_in_the_dark_and_in_chinese_the_list_is_readable(browse, alice, alices):
    alice.theme, alice.language = "dark", "zh-hans"
    alice.save()
    page = browse(alice, dark=True)
    page.goto("/customers/?q=星辰")
    shoot(page, "dark-zh")
    assert rows_of(page).count() == 1


def test_a_wide_table_can_be_scrolled_to_its_last_column(browse, alice, alices):
    SavedView.objects.create(
        list_name="customers", owner=alice, columns=[column.name for column in customer_list.columns]
    )
    page = browse(alice)
    page.goto("/customers/?grade=A")
    scroll = page.locator(".list-scroll")
    assert scroll.evaluate("e => getComputedStyle(e).overflowX") == "auto"
    page.get_by_role("columnheader", name="Valid").scroll_into_view_if_needed()
    assert page.get_by_role("columnheader", name="Valid").bounding_box()["x"] < 1440


def test_the_head_of_a_fitting_table_stays_in_sight(browse, alice, alices):
    SavedView.objects.create(list_name="customers", owner=alice, columns=["name", "grade"])
    page = browse(alice)
    page.goto("/customers/")
    page.mouse.wheel(0, 1200)
    page.locator("[data-list-row]").nth(40).scroll_into_view_if_needed()
    box = page.get_by_role("columnheader", name="Grade").bounding_box()
    assert 0 <= box["y"] < 120
