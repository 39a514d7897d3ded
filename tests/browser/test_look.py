import pytest

from crm.menu import MenuItem, menu, quick_create
from tests.browser.axe import serious

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.crm.gallery_urls")]


@pytest.fixture(autouse=True)
def menus(monkeypatch):
    entries = {
        "profile": MenuItem("profile", "Profile", "user", "accounts:profile", 10),
        "password": MenuItem("password", "Password", "key", "accounts:password_change", 20, "system"),
    }
    monkeypatch.setattr(menu, "_items", entries)
    monkeypatch.setattr(quick_create, "_items", {"profile": entries["profile"]})


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_part_is_accessible_in_both_themes_and_sizes(browse, alice, phone, dark):
    page = browse(alice, phone=phone, dark=dark)
    page.goto("/gallery/?toast=1")
    assert serious(page) == []
    page.get_by_role("button", name="Save").click()
    page.locator(".form-errors").wait_for()
    assert serious(page) == []


@pytest.mark.parametrize("path", ["/login/", "/password/", "/nowhere/"])
def test_the_pages_before_sign_in_are_accessible(browse, db, path):
    page = browse(dark=True)
    page.goto(path)
    assert serious(page) == []


@pytest.mark.parametrize("path", ["/gallery/", "/profile/", "/profile/password/", "/nowhere/"])
def test_nothing_is_wider_than_a_phone(browse, alice, path):
    page = browse(alice, phone=True)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_what_a_thumb_meets_is_44_pixels_high(browse, alice):
    page = browse(alice, phone=True)
    page.goto("/gallery/")
    small = page.evaluate(
        "[...document.querySelectorAll('.btn:not(.btn-sm), .phone-link, .top summary, .form-control, .nav-link')]"
        ".filter(e => e.offsetHeight && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_the_device_s_theme_is_there_before_the_first_paint_and_hers_wins(browse, alice):
    page = browse(alice, dark=True)
    page.goto("/profile/")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    alice.theme = "light"
    alice.save()
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "light"


def test_the_folded_navigation_stays_folded_on_the_next_page(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    wide = page.locator(".side").bounding_box()["width"]
    page.get_by_role("button", name="Icons only").click()
    page.goto("/profile/")
    assert page.locator(".side").bounding_box()["width"] < wide / 2
    assert page.locator("html").get_attribute("data-nav") == "narrow"


def test_the_drawer_of_the_phone_opens_and_escape_closes_it(browse, alice):
    page = browse(alice, phone=True)
    page.goto("/gallery/")
    opener = page.locator("[data-nav-open]")
    opener.click()
    page.locator(".side .side-link").first.wait_for(state="visible")
    page.keyboard.press("Escape")
    page.locator(".side .side-link").first.wait_for(state="hidden")
    assert opener.evaluate("e => e === document.activeElement")


def test_a_verb_is_confirmed_with_its_reason_for_the_row_that_asked(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    page.locator(".page-head-actions [data-opens=release]").click()
    dialog = page.locator("#release")
    assert dialog.get_by_text("Acme Ltd").is_visible()
    assert dialog.locator("form").get_attribute("action").endswith("/profile/")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_without_javascript_the_same_dialog_opens_by_its_address(browse, alice):
    page = browse(alice, scripts=False)
    page.goto("/gallery/")
    page.locator(".page-head-actions [data-opens=release]").click()
    dialog = page.locator("#release")
    assert dialog.is_visible()
    dialog.get_by_role("link", name="Cancel").click()
    assert dialog.is_hidden()


def test_without_javascript_menus_and_the_drawer_open_too(browse, alice):
    page = browse(alice, phone=True, scripts=False)
    page.goto("/gallery/")
    page.locator(".top-person").click()
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.locator(".phone-nav a").last.click()
    assert page.locator(".side .side-link").first.is_visible()


def test_keys_open_the_create_menu_and_the_help_but_not_while_typing(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    page.keyboard.press("c")
    assert page.locator("details[data-key=c]").get_attribute("open") is not None
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.locator("#id_name").press_sequentially("c?")
    assert page.locator("#id_name").input_value() == "c?"
    assert page.locator("#keys").is_hidden()


def test_the_first_tab_offers_to_skip_to_the_content(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#content"


def test_the_summary_of_errors_takes_the_focus(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    page.get_by_role("button", name="Save").click()
    page.locator(".form-errors").wait_for()
    assert page.locator(".form-errors:focus").count() == 1


def test_a_double_click_posts_once(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    page.locator("#id_name").fill("Acme")
    posts = []
    page.on("request", lambda request: posts.append(1) if request.method == "POST" else None)
    with page.expect_navigation():
        page.get_by_role("button", name="Save").dblclick(no_wait_after=True)
    page.wait_for_load_state("networkidle")
    assert len(posts) == 1


def test_an_htmx_answer_brings_its_message_as_a_toast_with_undo(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    page.locator("#fetch").click()
    page.locator(".toast-card").wait_for()
    assert page.locator("#fetched").inner_text() == "swapped"
    assert page.get_by_role("button", name="Undo").is_visible()


def test_a_failed_request_is_told_once_and_stays(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    page.locator("#fail").click()
    page.locator(".toast-error").wait_for()
    page.locator("#fail").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".toast-error").count() == 1
    page.locator(".toast-error [data-toast-close]").click()
    assert page.locator(".toast-error").count() == 0


def test_search_opens_by_key_asks_while_typing_and_is_walked_with_arrows(browse, alice, monkeypatch):
    monkeypatch.setattr("crm.shell.url_or_nothing", lambda name: "/hits/")
    page = browse(alice)
    page.goto("/gallery/")
    page.keyboard.press("/")
    page.keyboard.type("me")
    page.locator(".search-hit").first.wait_for()
    assert serious(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator(".search-hit:focus").inner_text() == "Bolt me"
    page.keyboard.press("Enter")
    page.wait_for_url("**/profile/")
    page.keyboard.press("Control+k")
    assert page.locator("#search").is_visible()


def test_the_question_before_leaving_comes_only_with_unsaved_input(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/profile/")
    assert asked == []
    page.goto("/gallery/")
    page.locator("#id_name").press_sequentially("Ac")
    page.goto("/profile/")
    assert asked == ["beforeunload"]
    page.goto("/gallery/")
    page.locator("#id_name").press_sequentially("Ac")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert asked == ["beforeunload"]


def test_the_tab_key_stays_in_the_open_drawer(browse, alice):
    page = browse(alice, phone=True)
    page.goto("/gallery/")
    page.locator("[data-nav-open]").click()
    for _stop in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate("!document.activeElement.closest('.shell-main, .phone-nav')")
        assert inside


def test_a_fragment_asked_for_after_the_session_ended_leads_to_sign_in(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    page.context.clear_cookies(name="sessionid")
    page.locator("#fail").click()
    page.wait_for_url("**/login/?next=%2Fgallery%2F")


def test_several_choices_are_check_boxes_behind_one_line(browse, alice):
    page = browse(alice)
    page.goto("/gallery/")
    line = page.locator(".pick > summary")
    assert line.inner_text() == "Any"
    line.click()
    assert serious(page) == []
    page.get_by_placeholder("Find in this list").fill("11")
    page.get_by_label("Region 11").check()
    page.keyboard.press("Escape")
    assert page.locator(".pick[open]").count() == 0
    assert line.inner_text() == "Region 11"
    assert page.locator("#id_regions").evaluate("e => [...e.selectedOptions].map(o => o.value)") == ["11"]


def test_without_javascript_several_choices_stay_a_select(browse, alice):
    page = browse(alice, scripts=False)
    page.goto("/gallery/")
    assert page.locator("#id_regions").is_visible()
