"""A web form as visitors meet it: alone, in a frame of another site, as HTML of that site's own; and its builder."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache

from leads.models import Submission, WebForm
from leads.web_forms import ticket
from leads.web_forms.snippets import plain_of
from tests.browser.axe import serious
from tests.leads import makers

pytestmark = pytest.mark.browser


@pytest.fixture
def quick(monkeypatch):
    """Nobody waits in a test as long as a person needs to type."""
    cache.clear()
    monkeypatch.setattr(ticket, "QUICKEST", 0)


class Shop:
    """A web site of somebody else's: ``pages`` by their path."""

    def __init__(self):
        self.pages = pages = {"/thanks": "<p>Our own thanks</p>"}

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                body = (
                    f"<!doctype html><html lang='en'><title>Shop</title><body>{pages[self.path.split('?')[0]]}</body>"
                )
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def shop():
    site = Shop()
    yield site
    site.server.shutdown()
    site.server.server_close()


def fill_in(place, name="Anna Weber"):
    place.locator("[name=name]").fill(name)
    place.locator("[name=email]").fill("anna@example.com")


@pytest.mark.parametrize(
    ("language", "phone", "dark"), [("en", False, False), ("ru", True, True), ("zh-CN", True, False)]
)
def test_a_visitor_sends_it_without_scripts_and_everything_is_accessible(browse, olga, quick, language, phone, dark):
    form = makers.web_form(
        olga, "phone", "country", "need", consent="I agree. https://example.com/privacy", intro="Hello"
    )
    page = browse(phone=phone, dark=dark, language=language, scripts=False)
    seen = browse(phone=phone, dark=dark, language=language)
    seen.goto(form.path)
    assert serious(seen) == []
    assert seen.evaluate("document.documentElement.scrollWidth") <= seen.viewport_size["width"]
    page.goto(form.path)
    fill_in(page)
    page.locator("[name=phone]").fill("12")
    page.locator("[name=agrees]").check()
    with page.expect_navigation():
        page.locator(".wf-send").click()
    assert page.locator("[name=phone][aria-invalid]").input_value() == "12"
    page.locator("[name=phone]").fill("+49 30 1234567")
    with page.expect_navigation():
        page.locator(".wf-send").click()
    assert page.url.endswith("/thanks/") and Submission.objects.get().consent.text.startswith("I agree.")


def test_mistakes_and_thanks_are_accessible_too(browse, olga, quick):
    form = makers.web_form(olga)
    page = browse(dark=True)
    page.goto(form.path)
    page.evaluate("document.querySelector('form').noValidate = true")
    with page.expect_navigation():
        page.locator(".wf-send").click()
    assert page.locator(".wf-wrong").is_visible() and serious(page) == []
    page.goto(f"{form.path}thanks/")
    assert serious(page) == []


def test_it_is_sent_from_a_frame_on_another_site(browse, live_server, shop, olga, quick):
    form = makers.web_form(olga, sites=[shop.url])
    source = f"src='{live_server.url}{form.path}?embed' referrerpolicy='no-referrer-when-downgrade'"
    shop.pages["/"] = f"<iframe {source} height='700'></iframe>"
    page = browse()
    page.goto(f"{shop.url}/?utm_campaign=spring")
    inside = page.frame_locator("iframe")
    fill_in(inside)
    inside.locator(".wf-send").click()
    inside.get_by_text("Thank you").wait_for()
    kept = Submission.objects.get()
    assert (kept.page, kept.origin) == (f"{shop.url}/?utm_campaign=spring", {"utm_campaign": "spring"})


def test_html_of_the_sites_own_sends_it_and_leads_to_its_own_thanks(browse, live_server, shop, olga, quick):
    form = makers.web_form(olga, sites=[shop.url], thanks_url=f"{shop.url}/thanks")
    shop.pages["/"] = plain_of(form).replace(form.url, f"{live_server.url}{form.path}")
    page = browse()
    page.goto(shop.url)
    fill_in(page)
    with page.expect_navigation():
        page.get_by_role("button").click()
    assert page.get_by_text("Our own thanks").is_visible() and Submission.objects.count() == 1


def test_our_page_leads_to_thanks_of_the_companys_own(browse, shop, olga, quick):
    form = makers.web_form(olga, thanks_url=f"{shop.url}/thanks")
    page = browse()
    page.goto(form.path)
    fill_in(page)
    with page.expect_navigation():
        page.locator(".wf-send").click()
    assert page.get_by_text("Our own thanks").is_visible()


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)])
def test_the_builder_shows_what_visitors_will_see(browse, olga, quick, phone, dark):
    page = browse(olga, phone=phone, dark=dark)
    page.goto("/leads/forms/new/")
    page.locator("#id_name").fill("Shop")
    page.locator("#id_title").fill("Talk to us")
    page.locator("[name=ask-city-asked]").select_option("must")
    page.locator("[name=ask-city-label]").fill("Where are you?")
    page.locator("#preview").get_by_text("Where are you?").wait_for()
    assert page.locator("#preview .wf-title").inner_text() == "Talk to us"
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    with page.expect_navigation():
        page.locator(".save-bar [type=submit]").click()
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert WebForm.objects.get().fields.order_by("place").last().label == "Where are you?"
