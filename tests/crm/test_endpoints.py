"""The API's machine, tried on its smallest collections."""

from typing import get_args

import pytest
from django.core.management import call_command
from ninja import Schema

from accounts.models import ApiToken
from crm.endpoints.collection import collections
from crm.endpoints.rate import PerToken
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


def test_no_two_shapes_share_a_name():
    """The description keeps one shape per name: the second would be described as the first."""
    shapes: dict[str, list] = {}
    for collection in (collections[name] for name in collections.names()):
        asked = [collection.body, collection.patch, *(verb.body for verb in collection.verbs.values())]
        for part in collection.parts.values():
            asked += [part.body, part.patch]
        pending = [shape for shape in asked if shape]
        while pending:
            shape = pending.pop()
            told = [(name, str(field.annotation)) for name, field in shape.model_fields.items()]
            assert shapes.setdefault(shape.__name__, told) == told, shape.__name__
            inner = [inner for field in shape.model_fields.values() for inner in get_args(field.annotation)]
            pending += [each for each in inner if isinstance(each, type) and issubclass(each, Schema)]


def test_the_documentation_needs_nothing_from_elsewhere(client):
    page = client.get("/api/v1/docs").content.decode()
    assert "https://" not in page


def test_a_token_that_was_taken_back_opens_nothing(client, alice):
    headers = {"Authorization": f"Bearer {ApiToken.issue(alice)}"}
    assert client.get("/api/v1/users", headers=headers).status_code == 200
    ApiToken.objects.all().delete()
    assert client.get("/api/v1/users", headers=headers).status_code == 401


def test_a_token_to_read_writes_nothing(api, alice):
    asked = {"data": {"name": "A"}, "content_type": "application/json"}
    assert api(alice, "leads", scope="read", method="post", **asked).status_code == 403
    assert api(alice, "leads", scope="read").json()["items"] == []


@pytest.mark.parametrize("address", ["", "nothing", "leads/", "leads/x/y/z", "leads/1/dance"])
def test_an_unknown_address_is_a_problem_in_json(api, alice, address):
    answer = api(alice, address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_method_that_is_not_there_is_a_problem_in_json(api, alice):
    answer = api(alice, "leads", method="put")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert set(answer["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"\xff", 400), (b"[]", 422), (b"null", 422), (b"", 422)])
def test_a_body_that_is_no_object_is_refused(api, alice, body, status):
    answer = api(alice, "leads", method="post", data=body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_body_that_is_too_large_is_refused(api, alice, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = b'{"name": "' + b"x" * 200 + b'"}'
    assert api(alice, "leads", method="post", data=body, content_type="application/json").status_code == 413


def test_who_asks_too_often_waits(api, alice, monkeypatch):
    monkeypatch.setattr("crm.endpoints.rate.PerToken.allow_request", lambda self, request: False)
    answer = api(alice, "users")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 61


def test_the_rate_counts_each_token_by_itself(alice, rf, settings):
    rate, request = PerToken("2/h"), rf.get("/")
    ApiToken.issue(alice)
    ApiToken.issue(alice)
    for token in ApiToken.objects.all():
        request.auth = token
        assert [rate.allow_request(request) for _time in range(3)] == [True, True, False]


def test_a_mistake_of_ours_is_told_without_its_words(client, alice, monkeypatch):
    def break_down(*_args):
        raise RuntimeError("the password is quokka")

    monkeypatch.setattr("crm.endpoints.routes.page_of", break_down)
    client.raise_request_exception = False
    answer = client.get("/api/v1/users", headers={"Authorization": f"Bearer {ApiToken.issue(alice)}"})
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert b"quokka" not in answer.content


@pytest.mark.parametrize(("asked", "told"), [("ru", "ru"), ("zh-hans", "zh-hans"), ("de", "en")])
def test_refusals_are_told_in_the_language_that_was_asked_for(client, db, asked, told):
    answer = client.get("/api/v1/users", headers={"Accept-Language": asked})
    assert (answer.status_code, answer["Content-Language"]) == (401, told)


def test_without_a_language_it_is_the_persons_own(api, alice):
    alice.language = "ru"
    alice.save()
    assert api(alice, "users?limit=0")["Content-Language"] == "ru"
    assert api(alice, "users?limit=0", headers={"Accept-Language": "en"})["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [({"name": 5}, "name", "Text is expected."), ({"nme": "A"}, "nme", "There is no such field."),
     ({"owner": "5"}, "owner", "A whole number is expected."),
     ({"rating_by_hand": "tepid"}, "rating_by_hand", "One of"),
     ({"name": "A", "estimated_value": {"amount": "1e5", "currency": "EUR"}}, "estimated_value.amount", "decimal")],
)  # fmt: skip
def test_what_is_wrong_is_told_by_field_in_words(api, alice, sent, field, words):
    answer = api(alice, "leads", method="post", data=sent, content_type="application/json")
    assert answer.status_code == 422
    assert words in answer.json()["errors"][field][0]


def test_a_record_tells_its_version_as_etag(api, alice):
    made = api(alice, "leads", method="post", data={"name": "A"}, content_type="application/json").json()
    one = api(alice, f"leads/{made['id']}")
    assert one["ETag"] == f'"{made["version"]}"'
    changed = api(
        alice, f"leads/{made['id']}", method="patch", data={"need": "x"}, content_type="application/json",
        headers={"If-Match": one["ETag"]},
    )  # fmt: skip
    assert changed.status_code == 200
