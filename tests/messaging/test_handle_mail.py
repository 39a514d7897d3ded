"""What becomes of a message by itself: both signs join it, one of them makes it wait, nobody's is a lead."""

from datetime import timedelta

import pytest

from accounts.models import UserRole
from customers.models import Activity
from leads.convert import convert_lead
from leads.models import Lead
from messaging.inbound.handle import handle, handle_left
from messaging.inbound.references import remember_sent
from messaging.inbound.store import store
from messaging.models import InboundMail, Notice
from messaging.states import Why
from records.dictionary import entry_by_code
from records.models import Attachment, Event
from tests.customers import makers
from tests.leads import makers as leads
from tests.messaging.letters import MARIA, letter, mailbox, received, write_to
from tests.threads import at_once

OURS = "<quote-7@ours.example>"

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(olga, north):
    return mailbox(olga, team=north)


@pytest.fixture
def acme(alice):
    """A customer of alice, to whom Maria belongs and something was sent."""
    customer = makers.customer(owner=alice)
    write_to(customer, contact=makers.contact(customer))
    remember_sent(OURS, customer, to=MARIA)
    return customer


def test_a_message_of_somebody_unknown_becomes_a_lead_in_the_queue_of_the_team(sales, north, olga):
    mail = received(letter("We need twelve pumps."))
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.need) == ("Maria Meier", MARIA, "Pumps\n\nWe need twelve pumps.")
    assert (lead.owner, lead.team, lead.state, lead.source.code) == (None, north, "new", "email")
    assert (mail.state, mail.taken_kind, mail.taken_id) == ("joined", "lead", lead.pk)
    assert Event.objects.get(verb="create", subject_kind="lead").by == olga
    assert lead.activities.get().direction == "in"


def test_the_lead_has_the_source_and_the_campaign_of_its_mailbox(olga):
    mailbox(olga, source=entry_by_code("lead_source", "fair"), campaign="Spring")
    received(letter())
    assert (Lead.objects.get().source.code, Lead.objects.get().campaign) == ("fair", "Spring")


def test_without_a_name_the_address_is_the_name(sales):
    received(letter(sender=MARIA))
    assert Lead.objects.get().name == "maria"


def test_a_mailbox_that_makes_no_leads_puts_everything_into_the_tray(olga):
    mailbox(olga, makes_leads=False)
    assert waits(received(letter()), Why.TRAY_ONLY)


def test_mail_to_no_mailbox_of_ours_waits(olga):
    mailbox(olga, "info@ours.example")
    assert waits(received(letter()), Why.NO_MAILBOX)


def test_the_mailbox_is_found_by_what_the_mail_server_noted(olga):
    hidden = mailbox(olga, "hidden@ours.example")
    assert received(letter(Delivered_To="hidden@ours.example")).mailbox == hidden


def test_an_answer_joins_when_the_sender_and_the_reference_fit(sales, acme, alice):
    mail = received(letter("Yes, please.", answers=OURS))
    activity = Activity.objects.get()
    assert (activity.customer, activity.type, activity.direction) == (acme, "email", "in")
    assert activity.content == "Pumps\n\nYes, please." and activity.contact.name == "Maria Meier"
    assert activity.done_by is None, "nobody here did anything"
    assert (mail.state, mail.owner) == ("joined", alice)
    assert Notice.objects.get(user=alice).kind == "mail"
    acme.refresh_from_db()
    assert acme.last_contact_at == activity.at


def test_an_answer_to_an_answer_joins_too(sales, acme):
    received(letter(answers=OURS))
    received(letter("And two more.", message_id="<two@acme.example>", answers="<one@acme.example>"))
    assert Activity.objects.filter(customer=acme).count() == 2


def test_a_known_sender_without_a_known_reference_waits_for_the_owner(sales, acme, alice):
    mail = received(letter(answers="<never-seen@x.example>"))
    assert waits(mail, Why.KNOWN_SENDER)
    assert mail.owner == alice and InboundMail.objects.visible_to(alice).get() == mail


def test_a_forged_sender_waits_in_the_tray(sales, acme):
    """Who has seen our message knows its number, not who else is allowed to answer it."""
    assert waits(received(letter(sender="Maria Meier <maria@evil.example>", answers=OURS)), Why.OTHER_SENDER)


def test_a_sender_that_our_server_calls_forged_waits_even_with_both_signs(sales, acme, settings):
    settings.MAIL_AUTHSERV = "mx.ours.example"
    mail = received(letter(answers=OURS, Authentication_Results="mx.ours.example; dmarc=fail"))
    assert waits(mail, Why.CHECK_FAILED)


def test_a_reference_to_another_customers_message_does_not_join(sales, acme, charlie):
    theirs = makers.customer("Other Ltd", owner=charlie)
    remember_sent("<theirs@ours.example>", theirs)
    assert waits(received(letter(answers="<theirs@ours.example>")), Why.OTHER_SENDER)


def test_an_answer_to_a_lead_is_a_line_of_its_log_and_no_first_contact(sales, alice):
    lead = leads.lead(owner=alice, email=MARIA, email_key=MARIA)
    remember_sent(OURS, lead)
    received(letter(answers=OURS))
    lead.refresh_from_db()
    assert lead.activities.get().direction == "in" and lead.state == "assigned"
    assert lead.last_contact_at is not None


def test_an_answer_to_a_lead_that_was_converted_reaches_the_customer(sales, alice):
    lead = leads.lead(owner=alice, email=MARIA, email_key=MARIA)
    remember_sent(OURS, lead)
    made = convert_lead(lead, by=alice)
    received(letter(answers=OURS))
    assert Activity.objects.filter(customer=made.customer, direction="in").exists()


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, Why.AUTO_REPLY),
        ({"List_Id": "<a.example>"}, Why.LIST),
        ({"sender": "sales@ours.example"}, Why.OWN),
        ({"sender": "crm@localhost.example"}, Why.OWN),
        ({"message_id": OURS}, Why.OWN),
    ],
)
def test_what_no_customer_wrote_makes_no_lead_and_is_kept(sales, acme, settings, headers, why):
    settings.DEFAULT_FROM_EMAIL = "Tidewell <crm@localhost.example>"
    mail = received(letter(**headers))
    assert (mail.state, mail.why) == ("automatic", why)
    assert not Lead.objects.exists() and not Activity.objects.exists()


def test_who_may_not_make_leads_any_more_makes_none_by_mail(sales, olga):
    UserRole.objects.filter(user=olga).delete()
    assert waits(received(letter()), Why.AUTHOR)


def test_who_left_makes_none_by_mail(sales, olga):
    olga.is_active = False
    olga.save()
    assert waits(received(letter()), Why.AUTHOR)


def test_an_answer_does_not_join_what_the_author_does_not_reach(alice, charlie, acme):
    mailbox(charlie)
    assert waits(received(letter(answers=OURS)), Why.AUTHOR)


def test_an_address_at_more_than_twenty_customers_is_nobodys(sales, alice):
    for number in range(21):
        write_to(makers.customer(f"Firm {number}", owner=alice))
    assert received(letter()).taken_kind == "lead"


def test_files_come_along_to_the_record(sales):
    received(letter(files=[("plan.pdf", "application/pdf", b"%PDF-1"), ("run.exe", "application/x-msdownload", b"MZ")]))
    mail, lead = InboundMail.objects.get(), Lead.objects.get()
    assert Attachment.objects.filter(subject_kind="lead", subject_id=lead.pk).get().name == "plan.pdf"
    assert mail.left_out == [["run.exe", 2, "kind"]]


def test_an_error_while_a_room_takes_it_leaves_it_in_the_tray(sales, monkeypatch):
    monkeypatch.setattr("leads.incoming_mail.create_lead", lambda *_a, **_k: 1 / 0)
    assert waits(received(letter()), Why.FAILED)


def test_what_a_killed_process_stored_is_handled_by_the_next_poll(sales):
    mail, _new = store(letter(), how="pipe")
    assert handle_left(before=mail.received_at) == 0
    assert handle_left(before=mail.received_at + timedelta(minutes=2)) == 1
    assert Lead.objects.count() == 1


def test_handled_twice_is_handled_once(sales):
    mail = received(letter())
    handle(mail.pk)
    assert Lead.objects.count() == 1 and Event.objects.filter(verb="join").count() == 1


def test_a_message_without_a_sender_waits(sales):
    assert waits(received(letter(sender="undisclosed")), Why.NO_SENDER)


@pytest.mark.django_db(transaction=True)
def test_the_same_message_from_two_processes_at_once_is_one_row_and_one_lead(sales):
    raw = letter(files=[("a.txt", "text/plain", b"a")])
    at_once(lambda _n: received(raw).pk, range(4))
    assert InboundMail.objects.count() == 1 and Lead.objects.count() == 1
    assert Attachment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_messages_of_one_person_at_once_make_one_lead(sales):
    at_once(lambda n: received(letter(message_id=f"<{n}@acme.example>")).pk, range(4))
    assert Lead.objects.count() == 1
    assert InboundMail.objects.filter(why=Why.KNOWN_SENDER).count() == 3


def test_one_number_of_two_messages_loses_neither(sales):
    received(letter("First", subject="One"))
    received(letter("Second", subject="Two"))
    assert InboundMail.objects.count() == 2


def waits(mail, why):
    assert not Activity.objects.filter(direction="in").exists()
    return (mail.state, mail.why) == ("waiting", why)
