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


@pytest.mark.parametrize("who", ["alice", "tess", "erin"])
@pytest.mark.parametrize("query", ["?q=zzzz", "?q=zzzz&sort=name", "?q=13"])
def test_a_search_that_hits_nothing_is_an_empty_list(signed_in, request, alices, who, query):
    answer = signed_in(request.getfixturevalue(who)).get(f"/customers/{query}")
    assert answer.status_code == 200
    assert 'id="list"' in answer.content.decode()
