"""A real Chromium over the live server. Without one the browser tests are skipped."""

import os
import shutil

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 375, "height": 812}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        pytest.skip("no Chromium here: the package `chromium` brings it")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread beside the ORM
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium, live_server, transactional_db):
    """``browse(alice)`` is a page signed in as alice; errors of scripts and refusals of the CSP fail the test."""
    contexts, complaints = [], []

    def open_as(person=None, *, phone=False, dark=False, scripts=True, language="en"):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale=language,
        )
        contexts.append(context)
        if person:
            client = Client()  # one each: the next sign-in with the same one would end this one's session
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    yield open_as
    for number, context in enumerate(contexts):
        if folder := os.environ.get("CRM_PICTURES"):  # what each page showed last: the quickest way to see a failure
            context.pages[0].screenshot(path=f"{folder}/{number}.png", full_page=True)
        context.close()
    translation.activate("en")
    assert not complaints
