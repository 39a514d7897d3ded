from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.template import engines
from django.utils import timezone, translation

from accounts.middleware import PreferencesMiddleware
from accounts.models import Company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english_again():
    cache.delete("company-zone")
    yield
    translation.activate("en")


def profile(**values):
    return {
        "name": "Alice",
        "email": "a@example.com",
        "phone": "",
        "language": "en",
        "time_zone": "",
        "theme": "auto",
    } | values


def test_the_profile_is_saved_and_speaks_the_new_language_at_once(signed_in, alice):
    client = signed_in(alice)
    answer = client.post("/profile/", profile(language="ru", time_zone="Europe/Moscow", theme="dark"))
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert (alice.language, alice.time_zone, alice.theme) == ("ru", "Europe/Moscow", "dark")
    page = client.get("/profile/").content.decode()
    assert 'lang="ru"' in page
    assert 'data-bs-theme="dark"' in page


def test_a_time_zone_that_does_not_exist_is_refused_at_its_field(signed_in, alice):
    answer = signed_in(alice).post("/profile/", profile(time_zone="Mars/Base"))
    assert answer.status_code == 422
    assert 'href="#id_time_zone"' in answer.content.decode()
    alice.refresh_from_db()
    assert alice.time_zone == ""


def test_the_user_name_and_the_roles_are_not_changed_by_the_profile(signed_in, alice):
    signed_in(alice).post("/profile/", profile(username="root", team="", is_active=""))
    alice.refresh_from_db()
    assert alice.username == "alice"
    assert alice.team.name == "North"
    assert alice.is_active


def test_the_user_menu_changes_only_what_was_pressed(signed_in, alice):
    alice.language = "ru"
    alice.save()
    answer = signed_in(alice).post("/preferences/", {"theme": "dark", "next": "/profile/"})
    assert answer["Location"] == "/profile/"
    alice.refresh_from_db()
    assert (alice.theme, alice.language) == ("dark", "ru")


def test_nonsense_preferences_change_nothing(signed_in, alice):
    answer = signed_in(alice).post("/preferences/", {"theme": "pink", "language": "xx", "next": "//evil.example"})
    assert answer["Location"] == "/"
    assert "theme" not in answer.cookies
    alice.refresh_from_db()
    assert (alice.theme, alice.language) == ("auto", "en")


def test_before_sign_in_language_and_colours_are_kept_by_the_browser(client, db):
    client.post("/preferences/", {"language": "zh-hans"})
    client.post("/preferences/", {"theme": "dark"})
    page = client.get("/login/").content.decode()
    assert 'lang="zh-hans"' in page
    assert 'data-bs-theme="dark"' in page


def test_times_are_shown_in_her_zone_else_in_the_company_s(rf, alice):
    Company.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Shanghai"})
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    template = engines["django"].from_string("{{ at|date:'H:i' }}")
    show = PreferencesMiddleware(lambda request: template.render({"at": noon}))
    request = rf.get("/")
    request.user = alice
    assert show(request) == "20:00"
    alice.time_zone = "Europe/Moscow"
    assert show(request) == "15:00"
    assert timezone.get_current_timezone_name() == "UTC"
