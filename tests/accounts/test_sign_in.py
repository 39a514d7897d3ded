import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_right_password_signs_in_and_goes_where_she_wanted(client, alice):
    answer = client.post("/login/", {"username": "alice", "password": "quiet harbour", "next": "/profile/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/profile/"
    assert client.get("/profile/").status_code == 200


def test_the_user_name_may_be_typed_in_any_case(client, alice):
    assert client.post("/login/", {"username": "Alice", "password": "quiet harbour"}).status_code == 302


def test_a_wrong_password_is_told_without_saying_which_half_is_wrong(client, alice):
    wrong = client.post("/login/", {"username": "alice", "password": "no"}).content.decode()
    unknown = client.post("/login/", {"username": "zoe", "password": "no"}).content.decode()
    assert "do not fit" in wrong
    assert "do not fit" in unknown


def test_a_deactivated_person_stays_outside(client, alice):
    alice.is_active = False
    alice.save()
    assert client.post("/login/", {"username": "alice", "password": "quiet harbour"}).status_code == 200
    assert client.get("/profile/").status_code == 302


def test_sign_in_does_not_lead_to_another_site(client, alice):
    answer = client.post("/login/", {"username": "alice", "password": "quiet harbour", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
def test_too_many_failures_lock_with_a_clear_message(client, alice):
    for _attempt in range(3):
        answer = client.post("/login/", {"username": "alice", "password": "no"})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()
    right = client.post("/login/", {"username": "alice", "password": "quiet harbour"})
    assert right.status_code == 429


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
def test_the_lock_counts_a_name_in_any_case_as_one(client, alice):
    for typed in ("alice", "Alice", "ALICE"):
        answer = client.post("/login/", {"username": typed, "password": "no"})
    assert answer.status_code == 429


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
def test_a_new_password_by_mail_lifts_the_lock(client, alice):
    for _attempt in range(3):
        client.post("/login/", {"username": "Alice", "password": "no"})
    alice.email = "alice@example.com"
    alice.save()
    cache.delete("password-reset:alice@example.com")
    client.post("/password/", {"email": "alice@example.com"})
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body).group(1)
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"new_password1": "a calm green river", "new_password2": "a calm green river"})
    answer = client.post("/login/", {"username": "alice", "password": "a calm green river"})
    assert answer.status_code == 302


def test_signing_out_takes_a_post(signed_in, alice):
    client = signed_in(alice)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.get("/profile/").status_code == 302


def test_pages_ask_for_sign_in_and_come_back(client, db):
    answer = client.get("/profile/")
    assert answer["Location"] == f"{reverse('accounts:login')}?next=/profile/"
