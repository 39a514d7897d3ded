"""The lines of a quote, in a real browser."""

import pytest

from sales.models import Quote
from tests.sales import documents

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_lines_are_added_and_removed_without_leaving_the_page(browse, alice):
    quote = documents.quote(owner=alice)
    page = browse(alice)
    page.goto(f"/sales/quotes/{quote.pk}/")
    page.fill("#lines [name=name]", "Hose")
    page.fill("#lines [name=unit_price]", "12.50")
    page.click("#lines button:has-text('Add')")
    page.wait_for_selector("#lines td:has-text('Hose')")
    assert "€112.50" in page.inner_text(".document-total")
    page.click("#lines [aria-label='Remove Hose']")
    page.wait_for_selector("#lines td:has-text('Hose')", state="detached")
    page.click("#lines button:has-text('Add')")
    page.wait_for_selector("#lines .form-errors")
    assert Quote.objects.get().lines.count() == 1
