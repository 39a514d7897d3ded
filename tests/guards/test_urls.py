"""Every address has a line in the table of who gets what, and each line holds."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.guards.source import report
from tests.guards.url_matrix import PERSONAS, Row, all_rows, row

# These have a rule of their own below.
RULED = ("admin:", "api:")


def test_every_address_has_a_row():
    missing = sorted(addresses() - {each.name for each in all_rows()})
    assert not missing, report(missing, "Add row(…) to tests/<room>/url_rows.py; see tests/guards/url_matrix.py.")


def test_every_row_names_an_address():
    assert not {each.name for each in all_rows()} - addresses()


@pytest.mark.parametrize("each", all_rows(), ids=str)
def test_each_person_gets_what_the_row_says(each, everybody):
    assert not surprises(each, everybody)


@pytest.mark.django_db
def test_an_address_without_token_is_closed_in_the_api(client):
    for pattern in api_patterns():
        answer = client.get("/api/v1/" + str(pattern.pattern).replace("<pk>", "1"))
        assert answer.status_code in {401, 405}, pattern


def test_only_administrators_enter_the_admin_pages(everybody):
    for persona, person in everybody.items():
        client = signed_in(person)
        for model in admin.site._registry:
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            expected = {200, 403} if persona == "ada" else {302}
            assert client.get(address).status_code in expected, (persona, address)


@pytest.mark.django_db
def test_the_guard_sees_a_wrong_row(everybody):
    assert not surprises(row("accounts:profile"), everybody)
    assert surprises(row("accounts:profile", anonymous=200, bob=404), everybody) == [
        "anonymous gets 302, the row says 200",
        "bob gets 200, the row says 404",
    ]


def surprises(each: Row, people: dict) -> list[str]:
    got = {persona: answer(each, persona, people) for persona in ("anonymous", *PERSONAS)}
    return [
        f"{persona} gets {status}, the row says {each.status_for(persona)}"
        for persona, status in got.items()
        if status != each.status_for(persona)
    ]


def addresses() -> set[str]:
    return {name for name in walk(get_resolver()) if not name.startswith(RULED)}


def walk(resolver: URLResolver, space: str = ""):
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from walk(each, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name or each.pattern}"


def answer(each: Row, persona: str, people: dict) -> int:
    """The status; a refusal must leave no event behind, and whatever happened is rolled back."""
    client = Client() if persona == "anonymous" else signed_in(people[persona])
    with transaction.atomic():
        arguments = each.make(people) if each.make else {}
        data = each.data(people) if callable(each.data) else each.data
        before = events()
        got = getattr(client, each.method)(reverse(each.name, kwargs=arguments), data)
        status = got.status_code
        if got.streaming:  # a file is open until it was sent
            b"".join(got.streaming_content)
        assert status < 400 or events() == before, f"{each}: {persona} was refused, yet something was logged"
        transaction.set_rollback(True)
    return status


def events() -> int:
    return apps.get_model("records", "Event").objects.count()


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def api_patterns():
    resolver = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "api")
    return [each for each in resolver.url_patterns if each.name in {"list_items", "get_item"}]
