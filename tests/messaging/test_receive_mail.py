"""`manage.py receive_mail`: what the mail server is told by the exit code."""

import io
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError

from leads.models import Lead
from messaging.models import InboundMail
from tests.messaging.letters import letter, mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def piped(monkeypatch):
    """``piped(raw, …)``: (exit code, what was said)."""

    def run(raw, *words):
        said = io.StringIO()
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        try:
            call_command("receive_mail", *words, stdout=said, stderr=said)
        except SystemExit as end:
            return end.code, said.getvalue()
        return 0, said.getvalue()

    return run


def test_a_message_is_stored_and_makes_its_lead(piped, olga):
    mailbox(olga)
    code, said = piped(letter())
    assert (code, InboundMail.objects.get().how) == (0, "pipe") and "stored" in said
    assert Lead.objects.count() == 1


def test_the_same_message_again_is_fine_too(piped, olga):
    mailbox(olga)
    piped(letter())
    code, said = piped(letter())
    assert code == 0 and "known already" in said and InboundMail.objects.count() == 1


def test_the_mailbox_that_is_named_counts(piped, olga):
    named = mailbox(olga, "info@ours.example", makes_leads=False)
    mailbox(olga)
    piped(letter(), "--mailbox", "Info@Ours.example")
    assert InboundMail.objects.get().mailbox == named


def test_a_mailbox_that_is_not_there_yet_keeps_the_message_at_the_mail_server(piped, db):
    assert piped(letter(), "--mailbox", "nobody@ours.example")[0] == 75
    assert not InboundMail.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"hello\n", b"\x00\x01"])
def test_what_is_no_message_goes_back(piped, raw):
    assert piped(raw)[0] == 65


def test_thirty_megabytes_go_back_to_the_sender_with_a_word(piped, settings):
    settings.MAIL_LARGEST_MB = 1
    code, said = piped(letter("x" * 1_200_000))
    assert code == 65 and "larger than 1 MB" in said
    assert not InboundMail.objects.exists()


def test_without_a_database_the_mail_server_keeps_it(piped, monkeypatch):
    def down(**_how):
        raise OperationalError("connection refused")

    monkeypatch.setattr("messaging.management.commands.receive_mail.store", lambda *_a, **_k: down())
    assert piped(letter())[0] == 75


def test_when_the_database_fails_after_the_message_was_stored_it_is_not_asked_for_again(piped, olga, monkeypatch):
    def fails(_pk):
        raise OperationalError

    mailbox(olga)
    monkeypatch.setattr("messaging.management.commands.receive_mail.handle", fails)
    assert piped(letter())[0] == 0
    assert InboundMail.objects.unhandled().count() == 1
