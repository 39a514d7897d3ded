"""The API's machine, tried on its smallest collections."""

import pytest
from django.core.management import call_command

from accounts.models import ApiToken
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    def ask(person, path, *, scope="write", method="get", **kwargs):
        token = ApiToken.issue(person, scope=scope)
        headers = {"Authorization": f"Bearer {token}", **kwargs.pop("headers", {})}
        return getattr(client, method)(f"/api/v1/{path}", headers=headers, **kwargs)

    return ask


def test_without_a_token_nobody_is_let_in(client, alice):
    answer = client.get("/api/v1/users")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_token(signed_in, alice):
    assert signed_in(alice).get("/api/v1/users").status_code == 401


def test_a_token_of_somebody_who_left_opens_nothing(api, client, alice):
    token = ApiToken.issue(alice)
    alice.is_active = False
    alice.save()
    assert client.get("/api/v1/users", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_token_is_kept_as_its_hash_only(alice):
    token = ApiToken.issue(alice)
    assert token not in str(ApiToken.objects.values_list())


def test_the_command_prints_a_token_as_its_last_word(client, alice, capsys):
    call_command("api_token", "alice", scope="read")
    token = capsys.readouterr().out.split()[-1]
    assert client.get("/api/v1/users", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_pages_follow_their_cursor_and_show_everybody_once(api, north, alice):
    names = {alice.username} | {
        factories.person(f"p{n}", team=north, name=f"Person {n % 3}").username for n in range(9)
    }
    seen, cursor = [], ""
    while cursor is not None:
        page = api(alice, f"users?limit=3&sort=-name&cursor={cursor}").json()
        seen += [item["username"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == 10
    assert set(seen) == names


@pytest.mark.parametrize(
    ("query", "field"),
    [("colour=red", "colour"), ("limit=0", "limit"), ("limit=201", "limit"), ("sort=secret", "sort")],
)
def test_what_a_list_does_not_know_is_refused_by_name(api, alice, query, field):
    answer = api(alice, f"users?{query}")
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


@pytest.mark.parametrize("cursor", ["x", "bnVsbA==", "WzEsMl0=", "%00", "W251bGwsICJ4Il0="])
def test_a_broken_cursor_is_refused_and_breaks_nothing(api, alice, cursor):
    assert api(alice, f"users?cursor={cursor}").status_code == 422


def test_a_number_that_is_nobody_is_not_found(api, alice):
    assert api(alice, "users/999999").status_code == 404


def test_the_description_is_openapi_3_1(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/users" in described["paths"]


def test_the_documentation_needs_nothing_from_elsewhere(client):
    page = client.get("/api/v1/docs").content.decode()
    assert "https://" not in page
