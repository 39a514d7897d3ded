"""A search or filter that finds nothing says so."""

import pytest

from tests.customers.makers import customer


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["zzzzz", "!!!", "+49 000 000000"])
def test_a_search_without_hits_finds_nothing(alice, signed_in, words):
    customer(owner=alice)
    page = signed_in(alice).get("/customers/", {"q": words})
    assert page.status_code == 200 and "Acme GmbH" not in page.text
