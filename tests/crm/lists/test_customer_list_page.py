"""The customers list, as the first user of the list machine."""

import pytest

from tests.customers.makers import customer


@pytest.fixture
def alices(alice):
    return [customer(f"Firma {number:02}", owner=alice) for number in range(3)]


def test_a_list_shows_the_rows_in_reach_only(signed_in, alice, charlie, alices):
    customer("Foreign", owner=charlie)
    page = signed_in(alice).get("/customers/").content.decode()
    assert "Firma 00" in page and "Firma 02" in page
    assert "Foreign" not in page
