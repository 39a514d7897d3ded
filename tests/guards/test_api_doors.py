"""What the doors promise of every collection, asked of each one that is registered."""

from datetime import datetime

import pytest

import crm.urls  # noqa: F401 – registers the collections
from accounts.models import ApiToken
from crm.endpoints import collections
from tests import factories
from tests.guards.test_api import NEW, NOWHERE, of_alice

pytestmark = pytest.mark.django_db

ALL = [collection.name for collection in collections]
PROMISED = {
    "leads", "customers", "contacts", "activities", "tasks", "products", "opportunities", "quotes", "orders",
    "invoices", "instalments", "receipts", "pools", "teams", "users",
}  # fmt: skip
# The least fields; "the rest likewise".
LEAST = {
    "leads": "name company phone email source owner state",
    "customers": "name owner pool state grade phone email next_contact_at",
    "contacts": "name customer phones emails",
    "opportunities": "name customer pipeline stage amount owner opened_on close_on state",
    "tasks": "title owner state customer",
    "quotes": "number customer owner state net tax gross currency lines",
    "orders": "number customer owner state net tax gross currency lines",
    "invoices": "number order amount due_on",
    "instalments": "order amount due_on state",
    "receipts": "order amount received_on",
    "users": "name username email team is_active",
    "teams": "name parent supervisor",
    "pools": "name is_open holding_cap members administrators",
}
PROBLEM = "application/problem+json"


@pytest.fixture
def worker(north):
    """Who may do everything, as far as one person can."""
    return factories.person("worker", "supervisor", "operations", "finance", "administrator", team=north)


@pytest.fixture
def record_of(everybody, worker):
    """Alice's record of a collection, in reach of the worker."""
    return lambda name: of_alice(name, everybody)


def refused(answer, status, field=None):
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    body = answer.json()
    assert body["status"] == status and body["title"]
    if field:
        assert field in body["errors"], body
    return True


def test_every_promised_collection_has_every_method():
    assert set(ALL) >= PROMISED
    for name in PROMISED:
        collection = collections[name]
        # What is planned or issued with an order is created there, and says so.
        assert collection.create or name == "instalments", name
        assert collection.change and collection.remove and collection.search, name


@pytest.mark.parametrize("name", ALL)
def test_a_list_is_asked_by_the_same_rules_everywhere(name, api, worker, record_of):
    pk = record_of(name)
    for query, field in (("limit=201", "limit"), ("limit=0", "limit"), ("sort=colour", "sort"), ("hue=1", "hue"),
                         ("cursor=abc", "cursor")):  # fmt: skip
        assert refused(api(worker, f"{name}?{query}"), 422, field)
    for sort in collections[name].sorts:
        for sign in ("", "-"):
            page = api(worker, f"{name}?limit=200&sort={sign}{sort}")
            assert pk in [item["id"] for item in page.json()["items"]], sort
            assert set(page.json()) == {"items", "next"}
    for words in ("quokka", "王", "50%", "'"):
        assert api(worker, name + "?q=" + words.replace("%", "%25")).json()["items"] == []


@pytest.mark.parametrize("name", ALL)
def test_one_record_is_found_by_the_fields_it_shows(name, api, worker, record_of):
    pk = record_of(name)
    shown = api(worker, f"{name}/{pk}").json()
    for field in collections[name].filters:
        value = shown.get(field)
        if isinstance(value, str | int) and value != "":
            asked = str(value).lower() if isinstance(value, bool) else value
            page = api(worker, f"{name}?limit=200&{field}={asked}")
            assert pk in [item["id"] for item in page.json()["items"]], field


@pytest.mark.parametrize("name", ALL)
def test_a_record_shows_its_least_fields_in_the_promised_forms(name, api, worker, record_of):
    answer = api(worker, f"{name}/{record_of(name)}")
    shown = answer.json()
    assert set(LEAST.get(name, "").split()) <= set(shown)
    assert type(shown["id"]) is int and type(shown["version"]) is int
    assert answer["ETag"] == f'"{shown["version"]}"'
    for field, value in shown.items():
        if field.endswith("_at") and value:
            assert value.endswith("Z") and datetime.fromisoformat(value).utcoffset().total_seconds() == 0
        if isinstance(value, dict):
            assert set(value) == {"amount", "currency"} and isinstance(value["amount"], str), field


@pytest.mark.parametrize("name", ALL)
def test_a_change_is_asked_for_its_version_and_its_fields(name, api, worker, record_of):
    path = f"{name}/{record_of(name)}"
    if collections[name].change is None:
        assert refused(api(worker, path, {}, method="patch"), 405)
        return
    assert refused(api(worker, path, {}, method="patch"), 428)
    assert refused(api(worker, path, {"hue": 1}, method="patch", version=1), 422, "hue")
    assert refused(api(worker, path, {}, method="patch", headers={"If-Match": "x"}), 412)
    assert refused(api(worker, f"{name}/{NOWHERE}", {}, method="patch", version=1), 404)
    assert refused(api(worker, f"{name}/{NOWHERE}", method="delete"), 404)
    assert refused(api(worker, f"{name}/{NOWHERE}"), 404)
    version = api(worker, path).json()["version"]
    stale = api(worker, path, {}, method="patch", version=version + 1)
    assert stale.status_code == (409 if name in ("invoices", "receipts", "refunds") else 412)


@pytest.mark.parametrize("name", NEW)
def test_what_is_new_is_made_of_known_fields_only(name, api, worker):
    assert refused(api(worker, name, {**NEW[name], "hue": 1}), 422, "hue")
    assert refused(api(worker, name, method="post"), 422)


@pytest.mark.parametrize("name", ALL)
def test_without_a_token_or_with_one_to_read_nothing_is_written(name, client, worker):
    assert refused(client.get(f"/api/v1/{name}"), 401)
    headers = {"Authorization": f"Bearer {ApiToken.issue(worker, scope='read')}"}
    assert client.get(f"/api/v1/{name}", headers=headers).status_code == 200
    for method in ("patch", "delete"):
        asked = getattr(client, method)(f"/api/v1/{name}/1", {}, headers=headers, content_type="application/json")
        assert asked.status_code in (403, 405)


CREATED = {
    "leads": {"name": "A"}, "customers": {"name": "A"}, "tasks": {"title": "A"}, "products": {"name": "A"},
    "opportunities": {"name": "A"}, "pools": {"name": "A"}, "teams": {"name": "A"}, "users": {"name": "A"},
}  # fmt: skip


@pytest.mark.parametrize("name", CREATED)
def test_a_key_makes_one_record_however_often_it_is_sent(name, api, worker):
    headers = {"Idempotency-Key": "k"}
    first = api(worker, name, CREATED[name], headers=headers)
    again = api(worker, name, CREATED[name], headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert refused(api(worker, name, {**CREATED[name], "name": "B"}, headers=headers), 422)


RESTORED = ("leads", "customers", "contacts", "activities", "tasks", "products", "opportunities", "quotes", "orders")


@pytest.mark.parametrize("name", RESTORED)
def test_what_is_deleted_lies_in_the_trash_and_comes_back(name, api, worker, record_of):
    pk = record_of(name)
    assert api(worker, f"{name}/{pk}", method="delete").status_code == 204
    assert refused(api(worker, f"{name}/{pk}"), 404)
    assert pk not in [item["id"] for item in api(worker, f"{name}?limit=200").json()["items"]]
    collections[name].model._base_manager.get(pk=pk).restore(by=worker)
    assert api(worker, f"{name}/{pk}").status_code == 200
