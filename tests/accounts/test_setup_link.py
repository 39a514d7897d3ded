from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.mail import send_invitation
from accounts.models import User
from accounts.setup_link import SetupRefused, invitation_link, set_up, setup_link

PASSWORD = "a calm green river"


def first(**values):
    return {
        "username": "ada",
        "name": "Ada",
        "email": "ada@example.com",
        "language": "en",
        "password": PASSWORD,
    } | values


def path_of(link):
    return urlsplit(link).path


@pytest.mark.django_db
class TestSetUp:
    def test_the_link_makes_the_first_administrator_and_signs_in(self, client):
        link = path_of(setup_link())
        assert client.get(link).status_code == 200
        assert client.post(link, first()).status_code == 302
        ada = User.objects.get(username="ada")
        assert ada.is_staff
        assert client.get("/profile/").status_code == 200

    def test_the_link_works_once(self, client):
        link = path_of(setup_link())
        client.post(link, first())
        again = Client().post(link, first(username="eve"))
        assert again.status_code == 410
        assert not User.objects.filter(username="eve").exists()

    def test_the_link_ends_after_an_hour(self, client):
        with time_machine.travel("2026-01-01 10:00", tick=False) as clock:
            link = path_of(setup_link())
            clock.move_to("2026-01-01 10:59")
            assert client.get(link).status_code == 200
            clock.move_to("2026-01-01 11:01")
            assert client.get(link).status_code == 410

    def test_a_forged_link_is_refused(self, client):
        assert client.post("/setup/made-up/", first()).status_code == 410
        assert not User.objects.exists()

    def test_a_weak_password_is_refused_at_its_field(self, client):
        answer = client.post(path_of(setup_link()), first(password="12345"))
        assert answer.status_code == 422
        assert 'href="#id_password"' in answer.content.decode()
        assert not User.objects.exists()


@pytest.mark.django_db
class TestInvitation:
    def test_the_mail_lets_the_new_person_choose_a_password(self, client, ada):
        zoe = User.objects.create_user("zoe", name="Zoe", email="zoe@example.com", language="en")
        send_invitation(zoe, by=ada)
        [message] = mail.outbox
        assert message.to == ["zoe@example.com"]
        assert "Ada" in message.body
        page = client.get(path_of(invitation_link(zoe)), follow=True)
        assert page.context["validlink"]
        address = page.redirect_chain[-1][0]
        assert client.post(address, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
        assert client.post("/login/", {"username": "zoe", "password": PASSWORD}).status_code == 302

    def test_the_link_is_void_after_use_and_after_a_week(self, client):
        with time_machine.travel("2026-01-01 10:00", tick=False) as clock:
            zoe = User.objects.create_user("zoe", name="Zoe", email="zoe@example.com")
            link = path_of(invitation_link(zoe))
            clock.move_to("2026-01-08 09:00")
            assert client.get(link, follow=True).context["validlink"]
            clock.move_to("2026-01-08 11:00")
            assert not Client().get(link, follow=True).context["validlink"]
            clock.move_to("2026-01-02 11:00")
            zoe.set_password(PASSWORD)
            zoe.save()
            assert not Client().get(link, follow=True).context["validlink"]

    def test_a_person_who_left_cannot_use_hers(self, client):
        zoe = User.objects.create_user("zoe", name="Zoe", email="zoe@example.com", is_active=False)
        assert not client.get(path_of(invitation_link(zoe)), follow=True).context["validlink"]


@pytest.mark.django_db(transaction=True)
def test_setting_up_twice_at_once_gives_one_administrator():
    token = path_of(setup_link()).split("/")[2]

    def try_it(name):
        try:
            set_up(token, username=name, name=name, email="", password=PASSWORD)
        except SetupRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        won = list(threads.map(try_it, ["ada", "eve"]))
    assert sorted(won) == [False, True]
    assert User.objects.count() == 1


@pytest.mark.django_db
class TestCommands:
    def run(self, name, *words):
        out = StringIO()
        call_command(name, *words, stdout=out)
        return out.getvalue()

    def test_a_new_administrator_gets_a_link_to_choose_a_password_with(self, client):
        said = self.run("create_admin", "grace", "--name", "Grace")
        grace = User.objects.get(username="grace")
        assert grace.is_staff
        assert client.get(path_of(said.split()[-1]), follow=True).context["validlink"]

    def test_somebody_with_a_password_only_gets_the_role_and_only_once(self, alice):
        assert "http" not in self.run("create_admin", "Alice")
        self.run("create_admin", "alice")
        assert alice.roles.filter(code="administrator").count() == 1

    def test_a_deactivated_person_is_not_made_administrator(self, alice):
        alice.is_active = False
        alice.save()
        with pytest.raises(CommandError):
            self.run("create_admin", "alice")
        assert not alice.roles.filter(code="administrator").exists()

    def test_the_set_up_link_is_printed_until_there_is_an_administrator(self, client, alice):
        assert client.get(path_of(self.run("setup_link").strip())).status_code == 200
        self.run("create_admin", "alice")
        assert self.run("setup_link") == ""
