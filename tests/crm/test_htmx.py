import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FROM_A_LIST = {"hx-request": "true", "hx-current-url": "http://testserver/customers/?q=acme"}


def test_a_fragment_asked_for_after_the_session_ended_moves_the_page_to_sign_in_and_back(client):
    answer = client.get("/profile/", headers=FROM_A_LIST)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/login/?next=%2Fcustomers%2F%3Fq%3Dacme"


def test_the_way_back_never_leaves_this_site(client):
    answer = client.get("/profile/", headers=FROM_A_LIST | {"hx-current-url": "https://evil.example/steal"})
    assert answer["HX-Redirect"] == "/login/?next=%2Fsteal"


def test_a_whole_page_is_redirected_as_ever(client):
    assert client.get("/profile/").status_code == 302


def test_a_fragment_of_a_signed_in_person_is_left_alone(signed_in, alice):
    assert signed_in(alice).get("/profile/", headers=FROM_A_LIST).status_code == 200


def test_a_stale_token_is_told_apart_from_a_missing_right(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/preferences/", {"theme": "dark"}, headers=FROM_A_LIST)
    assert answer.status_code == 403
    assert answer["X-Stale-Page"]
    assert "send it again" in answer.content.decode()
