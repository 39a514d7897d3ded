import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.urls import path
from django.utils import translation
from django.views.defaults import server_error

from crm.urls import urlpatterns as product

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def broken(request):
    raise ZeroDivisionError


def forbidden(request):
    raise PermissionDenied


def odd(request):
    raise SuspiciousOperation


urlpatterns = [*product, path("broken/", broken), path("forbidden/", forbidden), path("odd/", odd)]


def test_a_page_that_is_not_there_keeps_the_frame_for_those_who_are_signed_in(signed_in, alice):
    answer = signed_in(alice).get("/nowhere/")
    assert answer.status_code == 404
    assert "side-nav" in answer.content.decode()


def test_a_stranger_sees_no_menu_on_it(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "side-nav" not in answer.content.decode()


def test_a_refusal_says_that_nothing_was_changed(signed_in, alice):
    answer = signed_in(alice).get("/forbidden/")
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()


def test_a_failure_is_told_without_a_single_query(signed_in, alice, rf, django_assert_num_queries):
    client = signed_in(alice)
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert "Something broke" in answer.content.decode()
    with django_assert_num_queries(0):
        assert server_error(rf.get("/")).status_code == 500


def test_a_request_that_makes_no_sense_is_told(signed_in, alice):
    assert signed_in(alice).get("/odd/").status_code == 400
    assert Client(headers={"host": "evil.example"}).get("/login/").status_code == 400


def test_a_stale_form_says_what_to_do(alice):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "alice", "password": "x"})
    assert answer.status_code == 403
    assert "send it again" in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_errors_speak_the_language_of_the_browser(client, language):
    page = client.get("/nowhere/", headers={"accept-language": language}).content.decode()
    assert f'lang="{language}"' in page
    translation.activate("en")
