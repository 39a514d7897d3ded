"""Mailboxes in the settings: what may stand in them, and that no password ever does."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from messaging.imap.hosts import is_public
from messaging.mailboxes.change import change_mailbox, delete_mailbox
from messaging.models import Mailbox
from records.models import Event
from records.refusals import Refused
from tests.messaging.imap_server import PASSWORD, Letters, serving
from tests.messaging.letters import letter, mailbox, received

pytestmark = pytest.mark.django_db
FIELDS = {
    "address": "Sales@Ours.example", "is_active": "on", "makes_leads": "on", "port": "993", "security": "tls",
    "folder": "INBOX", "since": "2026-11-01",
}  # fmt: skip
IMAP = {"host": "93.184.216.34", "user": "sales"}


def create(client, **fields):
    return client.post(reverse("messaging:mailbox_create"), {**FIELDS, **fields})


def test_a_mailbox_acts_for_who_made_it(signed_in, olga):
    assert create(signed_in(olga)).status_code == 302
    made = Mailbox.objects.get()
    assert (made.address, made.author, made.host) == ("sales@ours.example", olga, "")
    assert Event.objects.get(verb="create", subject_kind="mailbox").by == olga


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"address": "not an address"}, "This is not an e-mail address"),
        ({**IMAP, "user": ""}, "Say as whom to sign in"),
        ({**IMAP, "host": "127.0.0.1"}, "private address"),
        ({**IMAP, "host": "localhost"}, "private address"),
        ({**IMAP, "host": "10.1.2.3"}, "private address"),
        ({**IMAP, "host": "169.254.169.254"}, "private address"),
        ({**IMAP, "host": "::ffff:127.0.0.1"}, "private address"),
        ({**IMAP, "security": "none"}, "without TLS"),
        ({**IMAP, "port": "0"}, "greater than or equal to 1"),
        ({**IMAP, "port": "70000"}, "less than or equal to 65535"),
        ({"since": "soon"}, "valid date"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_is_typed(signed_in, olga, fields, word):
    answer = create(signed_in(olga), **fields)
    assert answer.status_code == 422 and word in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_an_address_has_one_mailbox(signed_in, olga):
    mailbox(olga)
    answer = create(signed_in(olga))
    assert answer.status_code == 422 and "already" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"host": "mx.example"}, "mailbox_has_a_user"), ({"port": 70000}, "mailbox_port_makes_sense")],
)
def test_the_database_keeps_mailboxes_sound(olga, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        mailbox(olga, **fields)


def test_the_password_belongs_to_one_server_port_and_user(olga):
    """Or whoever may change the server could have it sent to one of her own."""
    one = mailbox(olga, host="mx.example", user="sales@ours.example")
    name = one.password_name
    assert name.startswith("MAILBOX_PASSWORD_SALES_")
    for field, value in (("host", "mx-example"), ("port", 143), ("user", "other")):
        before = getattr(one, field)
        setattr(one, field, value)
        assert one.password_name != name
        setattr(one, field, before)


def test_the_page_names_the_variable_and_never_the_password(signed_in, olga, monkeypatch):
    held = mailbox(olga, **IMAP)
    monkeypatch.setenv(held.password_name, "top-secret")
    page = signed_in(olga).get(reverse("messaging:mailbox", args=[held.pk])).content.decode()
    assert held.password_name in page and "top-secret" not in page


def test_another_folder_is_read_from_its_beginning_and_for_who_changed_it(olga, erin):
    held = mailbox(olga, **IMAP, uid_validity=7, last_uid=99)
    change_mailbox(held, {"campaign": "Spring"}, by=olga)
    assert held.last_uid == 99
    change_mailbox(held, {"folder": "Leads"}, by=erin)
    held.refresh_from_db()
    assert (held.uid_validity, held.last_uid, held.author) == (None, 0, erin)


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(signed_in, olga):
    held = mailbox(olga)
    page = signed_in(olga).get(reverse("messaging:mailbox", args=[held.pk]))
    change_mailbox(held, {"campaign": "Theirs"}, by=olga)
    opened = page.context["opened"]
    answer = signed_in(olga).post(
        reverse("messaging:mailbox", args=[held.pk]),
        {**FIELDS, "address": held.address, "since": held.since.isoformat(), "campaign": "Mine", "opened": opened},
    )
    assert answer.status_code == 409


def test_a_mailbox_with_messages_stays(olga):
    held = mailbox(olga)
    received(letter())
    with pytest.raises(Refused):
        delete_mailbox(held, by=olga)
    empty = mailbox(olga, "info@ours.example")
    delete_mailbox(empty, by=olga)
    assert Mailbox.objects.get() == held


def test_the_connection_is_checked_now(signed_in, olga, settings, monkeypatch):
    settings.MAIL_PRIVATE_HOSTS = True
    letters = Letters()
    letters.put(letter())
    with serving(letters) as port:
        held = mailbox(olga, host="127.0.0.1", port=port, security="none", user="sales")
        monkeypatch.setenv(held.password_name, PASSWORD)
        answer = signed_in(olga).post(reverse("messaging:mailbox_check", args=[held.pk]), follow=True)
    assert "The connection works. 1 message lies there." in answer.content.decode()
    answer = signed_in(olga).post(reverse("messaging:mailbox_check", args=[held.pk]), follow=True)
    assert "The mail server does not answer." in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("::1", False),
        ("192.168.1.1", False), ("100.64.0.1", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("::ffff:10.0.0.1", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public
