"""The same people everywhere: alice owns, bob same team, charlie another team, tess their supervisor, erin executive,
ada administrator, olga sales operations, finn finance, and nobody (signed in, without any role)."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ApiToken
from tests import factories


@pytest.fixture(autouse=True)
def company_zone_is_known():
    """Kept for a minute, across tests: it would run out between two counts of statements that are compared."""
    cache.set("company-zone", "UTC", timeout=60)


@pytest.fixture
def north(db):
    return factories.team("North")


@pytest.fixture
def south(db):
    return factories.team("South")


@pytest.fixture
def alice(north):
    return factories.person("alice", "account_manager", team=north)


@pytest.fixture
def bob(north):
    return factories.person("bob", "account_manager", team=north)


@pytest.fixture
def charlie(south):
    return factories.person("charlie", "account_manager", team=south)


@pytest.fixture
def tess(north):
    person = factories.person("tess", "supervisor", team=north)
    north.supervisor = person
    north.save()
    return person


@pytest.fixture
def erin(db):
    return factories.person("erin", "executive")


@pytest.fixture
def ada(db):
    return factories.person("ada", "administrator")


@pytest.fixture
def olga(db):
    return factories.person("olga", "operations")


@pytest.fixture
def finn(db):
    return factories.person("finn", "finance")


@pytest.fixture
def nobody(db):
    return factories.person("nobody")


@pytest.fixture
def everybody(alice, bob, charlie, tess, erin, ada, olga, finn, nobody):
    """All personas by name."""
    return {p.username: p for p in (alice, bob, charlie, tess, erin, ada, olga, finn, nobody)}


@pytest.fixture
def signed_in(client):
    """``signed_in(alice)`` is a client that works as alice."""

    def sign_in(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def api(client):
    """``api(alice, "leads", {"name": "A"})`` asks as alice; with a body it posts unless ``method`` says otherwise."""

    def ask(person, path, sent=None, *, method="", version=None, headers=None):
        headers = {"Authorization": f"Bearer {ApiToken.issue(person)}", **(headers or {})}
        if version is not None:
            headers["If-Match"] = str(version)
        method = method or ("post" if sent is not None or _is_verb(path) else "get")
        body = {} if method == "get" else {"data": sent, "content_type": "application/json"}
        if sent is None:
            body = {"content_type": "application/json"} if method != "get" else {}
        return getattr(client, method)(f"/api/v1/{path}", headers=headers, **body)

    return ask


def _is_verb(path: str) -> bool:
    parts = path.partition("?")[0].split("/")
    return len(parts) == 3 and parts[1].isdecimal()


@pytest.fixture
def count_queries():
    """``count_queries(do)``: how often ``do`` asks the database."""

    def count(do):
        with CaptureQueriesContext(connection) as seen:
            do()
        return len(seen)

    return count


@pytest.fixture
def shared_data() -> Path:
    """Real files from elsewhere, which are no part of the project; the test skips without them."""
    folder = Path(os.environ.get("CRM_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real files of CRM_SHARED_DATA are not here")
    return folder
