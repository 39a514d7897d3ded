import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import override_settings
from django.utils import translation

pytestmark = pytest.mark.django_db
PASSWORD = "a calm green river"


@pytest.fixture
def reachable(alice):
    cache.clear()
    alice.email = "alice@example.com"
    alice.save()
    yield alice
    translation.activate("en")


def link_of(message):
    return re.search(r"https?://[^/]+(/\S+)", message.body).group(1)


def test_the_mail_leads_to_a_new_password(client, reachable):
    client.post("/password/", {"email": "alice@example.com"})
    [message] = mail.outbox
    page = client.get(link_of(message), follow=True)
    address = page.redirect_chain[-1][0]
    assert client.post(address, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    assert client.post("/login/", {"username": "alice", "password": PASSWORD}).status_code == 302


def test_known_and_unknown_addresses_get_the_same_answer(client, reachable):
    known = client.post("/password/", {"email": "alice@example.com"})
    unknown = client.post("/password/", {"email": "zoe@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


def test_the_link_is_of_our_own_address_whatever_host_was_asked(client, reachable, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/password/", {"email": "alice@example.com"}, HTTP_HOST="evil.example")
    assert settings.PUBLIC_URL in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_a_mailbox_is_not_flooded(client, reachable):
    for _attempt in range(8):
        client.post("/password/", {"email": "alice@example.com"})
    assert len(mail.outbox) == 5


@override_settings(LANGUAGE_CODE="en")
def test_the_mail_is_written_in_her_language_not_in_the_browser_s(client, reachable):
    reachable.language = "ru"
    reachable.save()
    with translation.override("ru"):
        expected = translation.gettext("Choose it here; the link works once, for an hour:")
    client.post("/password/", {"email": "alice@example.com"}, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert expected in mail.outbox[0].body


def test_changing_the_password_keeps_this_session_and_ends_the_others(signed_in, client, reachable):
    from django.test import Client

    other = Client()
    other.force_login(reachable, backend="django.contrib.auth.backends.ModelBackend")
    here = signed_in(reachable)
    change = {"old_password": "quiet harbour", "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert here.post("/profile/password/", change).status_code == 302
    assert here.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
