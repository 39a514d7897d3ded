"""The page of the API's addresses works under the content security policy, from our own files alone."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_addresses_of_the_api_are_shown(browse):
    page = browse()
    page.goto("/api/v1/docs")
    page.locator(".opblock-tag-section").first.wait_for(timeout=60_000)
    assert page.locator(".opblock").count() > 50
    page.locator("#operations-leads-create_leads button.opblock-summary-control").click()
    page.get_by_text("Maria Sommer").first.wait_for()
