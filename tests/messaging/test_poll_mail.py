"""Fetching by IMAP, from a server on this machine: nothing is lost, nothing comes twice, nothing blocks the rest."""

import pytest
from django.utils import timezone

from leads.models import Lead
from messaging.imap import poll
from messaging.imap.poll import JOB, poll_mail
from messaging.models import InboundMail
from messaging.states import Why
from records.jobs import jobs, run_job
from records.models import Attachment
from tests.messaging.imap_server import PASSWORD, Letters, serving
from tests.messaging.letters import letter, mailbox
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters():
    return Letters()


@pytest.fixture
def sales(olga, letters, settings, monkeypatch):
    """A mailbox on a server of this machine."""
    settings.MAIL_PRIVATE_HOSTS = True
    with serving(letters) as port:
        made = mailbox(olga, host="127.0.0.1", port=port, security="none", user="sales", since="2026-11-01")
        monkeypatch.setenv(made.password_name, PASSWORD)
        yield made


def numbered(*numbers):
    return [letter(f"Text {n}", subject=f"No. {n}", message_id=f"<{n}@acme.example>") for n in numbers]


def run(**how):
    return poll_mail(now=timezone.now(), **how)


def test_what_lies_in_the_folder_is_fetched_once(sales, letters):
    letters.put(*numbered(1, 2))
    assert run().moved == 2
    assert run().moved == 0
    letters.put(*numbered(3))
    assert run().moved == 1
    sales.refresh_from_db()
    assert (sales.last_uid, sales.problem) == (3, "") and sales.polled_at is not None
    assert InboundMail.objects.count() == 3


def test_the_folder_is_only_looked_at(sales, letters):
    letters.put(*numbered(1))
    run()
    assert not [words for words in letters.seen if words.startswith(("SELECT", "UID STORE", "UID MOVE", "EXPUNGE"))]
    assert any("BODY.PEEK[]" in words for words in letters.seen)


def test_messages_before_the_day_stay_where_they_are(sales, letters):
    run()
    assert any("SINCE 1-Nov-2026" in words for words in letters.seen)


def test_a_poll_that_is_killed_half_way_loses_nothing(sales, letters, monkeypatch):
    letters.put(*numbered(1, 2, 3))
    real = type(sales).remember

    def killed(box, uid):
        if uid == 2:
            raise SystemExit
        real(box, uid)

    monkeypatch.setattr("messaging.models.Mailbox.remember", killed)
    with pytest.raises(SystemExit):
        run()
    monkeypatch.undo()
    monkeypatch.setenv(sales.password_name, PASSWORD)
    assert InboundMail.objects.count() == 2, "the second was stored, and not remembered"
    assert run().moved == 1, "it is fetched again and known"
    assert sorted(InboundMail.objects.values_list("subject", flat=True)) == ["No. 1", "No. 2", "No. 3"]


def test_a_folder_that_numbers_anew_is_read_from_the_beginning_and_doubles_are_known(sales, letters):
    letters.put(*numbered(1, 2))
    run()
    letters.validity, letters.messages = 8, {}
    letters.put(*numbered(2, 5))
    assert run().moved == 1
    assert InboundMail.objects.count() == 3


def test_a_message_that_is_too_large_stays_on_the_server_and_is_named(sales, letters, settings):
    settings.MAIL_LARGEST_MB = 1
    letters.put(letter("x" * 1_100_000, subject="Thirty pictures"), *numbered(2))
    assert run().moved == 2
    named = InboundMail.objects.get(why=Why.TOO_LARGE)
    assert (named.subject, named.text, named.state) == ("Thirty pictures", "", "waiting")
    assert named.raw_size > 1_000_000
    assert not any("UID FETCH 1 (UID BODY.PEEK[])" in words for words in letters.seen)


def test_a_message_that_cannot_be_read_is_kept_as_a_file_and_does_not_block_the_rest(sales, letters, monkeypatch):
    real = poll.store.__globals__["parse"]

    def parse(raw, **how):
        if b"No. 1" in raw:
            raise RecursionError
        return real(raw, **how)

    monkeypatch.setattr("messaging.inbound.store.parse", parse)
    letters.put(*numbered(1, 2))
    assert run().moved == 2
    kept = InboundMail.objects.get(why=Why.UNREADABLE)
    with Attachment.objects.get(subject_kind="mail", subject_id=kept.pk).file as file:
        assert file.read() == letters.messages[1]


def test_what_is_no_message_at_all_is_kept_as_a_file(sales, letters):
    letters.put(b"hello\n", *numbered(2))
    assert run().moved == 2
    assert InboundMail.objects.get(why=Why.UNREADABLE).state == "waiting"


def test_a_message_that_the_server_does_not_give_is_named_and_does_not_block_the_rest(sales, letters):
    letters.put(*numbered(1, 2))
    letters.broken = {1}
    run()
    assert InboundMail.objects.filter(why=Why.UNREADABLE).count() == 1
    assert InboundMail.objects.filter(subject="No. 2").exists()


def test_a_server_that_sends_more_than_it_said_is_cut_off_once(sales, letters, settings):
    settings.MAIL_LARGEST_MB = 1
    letters.put(letter("x" * 2_000_000), *numbered(2))
    letters.claimed = {1: 10}
    run()
    sales.refresh_from_db()
    assert (sales.problem, sales.last_uid) == ("broken", 1)
    run()
    assert InboundMail.objects.filter(subject="No. 2").exists()


def test_a_run_takes_so_many_messages_and_the_next_one_the_rest(sales, letters, monkeypatch):
    monkeypatch.setattr(poll, "MOST_MESSAGES", 3)
    monkeypatch.setattr(poll.Budget, "__init__", limited(poll.Budget.__init__, messages=3))
    letters.put(*numbered(*range(1, 6)))
    assert run().moved == 3
    assert run().moved == 2


def test_a_run_takes_so_many_bytes_but_always_one_message(sales, letters, monkeypatch):
    monkeypatch.setattr(poll.Budget, "__init__", limited(poll.Budget.__init__, bytes=10))
    letters.put(*numbered(1, 2))
    assert run().moved == 1
    assert run().moved == 1


def test_a_dry_run_says_how_many_and_takes_none(sales, letters):
    letters.put(*numbered(1, 2))
    outcome = run(dry_run=True)
    assert outcome.moved == 2 and "2" in outcome.lines[0]
    assert not InboundMail.objects.exists()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"folder": "Nowhere"}, "folder"),
        ({"port": 9}, "unreachable"),
        ({"host": "no-such-host.invalid"}, "unknown_host"),
        ({"security": "tls"}, "unreachable"),
    ],
)
def test_what_is_wrong_is_said_and_does_not_stop_other_mailboxes(sales, letters, olga, monkeypatch, fields, problem):
    where = {"host": sales.host, "port": sales.port, "security": "none", "user": "info", "since": "2026-11-01"}
    other = mailbox(olga, "info@ours.example", **{**where, **fields})
    monkeypatch.setenv(other.password_name, PASSWORD)
    letters.put(*numbered(1))
    assert run().moved == 1
    other.refresh_from_db()
    assert other.problem == problem


def test_a_wrong_password_is_told_and_never_shown(sales, monkeypatch):
    monkeypatch.setenv(sales.password_name, "wrong-secret")
    outcome = run()
    sales.refresh_from_db()
    assert sales.problem == "sign_in"
    assert "wrong-secret" not in f"{outcome.lines} {sales.problem_detail}"


def test_without_a_password_the_variable_is_named(sales, monkeypatch):
    monkeypatch.delenv(sales.password_name)
    run()
    sales.refresh_from_db()
    assert (sales.problem, sales.problem_detail) == ("no_password", sales.password_name)


def test_a_server_in_the_own_network_is_not_asked_unless_it_is_allowed(sales, letters, settings):
    settings.MAIL_PRIVATE_HOSTS = False
    run()
    sales.refresh_from_db()
    assert sales.problem == "private_host" and not letters.seen


def test_a_mailbox_that_is_off_is_not_asked(sales, letters):
    sales.is_active = False
    sales.save()
    run()
    assert not letters.seen


@pytest.mark.django_db(transaction=True)
def test_two_polls_at_once_make_one_lead_of_each_message(sales, letters):
    letters.put(letter())
    at_once(lambda _n: run().moved, range(2))
    assert Lead.objects.count() == 1


def test_the_job_runs_every_minute(sales, letters):
    letters.put(letter())
    assert jobs[JOB].schedule == 60
    assert run_job(JOB).moved == 1
    assert run_job(JOB).moved == 0


def test_a_server_that_never_ends_is_left(sales, letters, monkeypatch):
    monkeypatch.setattr("messaging.imap.session.MOST_LINES", 100)
    letters.put(*numbered(1))
    run()
    sales.refresh_from_db()
    assert sales.problem == "broken"


def limited(real, **limits):
    return lambda budget, until: real(budget, until, **limits)
