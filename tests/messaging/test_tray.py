"""The tray: who sees what, and a person joins, makes a lead, dismisses – once, however often she clicks."""

import pytest
from django.urls import reverse

from customers.models import Activity
from leads.models import Lead
from messaging.inbound.by_hand import join, make_lead
from messaging.inbound.dismiss_many import dismiss_portion
from messaging.inbound.references import remember_sent
from messaging.inbound.suggest import suggestions
from messaging.models import InboundMail
from records.models import Attachment, Batch, Event
from records.refusals import Refused
from tests.customers import makers
from tests.leads import makers as leads
from tests.messaging.letters import MARIA, letter, mailbox, received, write_to
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def tray(olga, north):
    """The mailbox of team North, which makes no leads."""
    return mailbox(olga, team=north, makes_leads=False)


def url(name, mail):
    return reverse(f"messaging:{name}", args=[mail.pk])


def test_the_tray_of_a_team_is_seen_by_who_leads_it_and_by_operations(tray, everybody):
    received(letter())
    seen = {name for name, person in everybody.items() if InboundMail.objects.visible_to(person).exists()}
    assert seen == {"tess", "erin", "olga"}


def test_whose_customer_wrote_sees_the_message_too(tray, everybody):
    write_to(makers.customer(owner=everybody["charlie"]))
    received(letter())
    seen = {name for name, person in everybody.items() if InboundMail.objects.visible_to(person).exists()}
    assert seen == {"charlie", "tess", "erin", "olga"}


def test_a_mailbox_of_no_team_puts_a_message_into_the_tray_of_whose_customer_wrote(olga, everybody):
    mailbox(olga, makes_leads=False)
    write_to(makers.customer(owner=everybody["alice"]))
    mail = received(letter())
    assert (mail.owner, mail.team) == (everybody["alice"], everybody["alice"].team)
    seen = {name for name, person in everybody.items() if InboundMail.objects.visible_to(person).exists()}
    assert seen == {"alice", "tess", "erin", "olga"}


def test_the_list_opens_with_what_waits(tray, signed_in, tess):
    received(letter(subject="Waits"))
    received(letter(subject="Robot", message_id="<r@x.example>", Auto_Submitted="auto-replied"))
    page = signed_in(tess).get(reverse("messaging:tray")).content.decode()
    assert "Waits" in page and "Robot" not in page
    everything = signed_in(tess).get(reverse("messaging:tray"), {"view": "all"}).content.decode()
    assert "Waits" in everything and "Robot" in everything
    assert "Robot" in signed_in(tess).get(reverse("messaging:tray"), {"view": "automatic"}).content.decode()


def test_the_search_finds_words_of_sender_and_subject(tray, signed_in, tess):
    received(letter(subject="Насосы для завода", sender="Анна Чернова <anna@zavod.example>"))
    client = signed_in(tess)
    for words in ("насосы", "чернов завод", "anna@zav"):
        assert "Насосы" in client.get(reverse("messaging:tray"), {"q": words}).content.decode(), words
    assert "Насосы" not in client.get(reverse("messaging:tray"), {"q": "трубы"}).content.decode()


def test_the_list_asks_as_often_for_thirty_messages_as_for_three(tray, signed_in, tess, count_queries):
    client, address = signed_in(tess), reverse("messaging:tray")
    counts = []
    for numbers in (range(3), range(3, 30)):
        for number in numbers:
            received(letter(str(number), message_id=f"<{number}@x.example>"))
        client.get(address)
        counts.append(count_queries(lambda: client.get(address)))
    assert counts[0] == counts[1]


def test_suggestions_stay_within_reach(tray, alice, charlie, tess, olga):
    mine, theirs = makers.customer("Mine GmbH", owner=alice), makers.customer("Theirs GmbH", owner=charlie)
    write_to(mine)
    write_to(theirs)
    mail = received(letter())
    assert {one.record for one in suggestions(mail, tess)} == {mine}
    assert {one.record for one in suggestions(mail, olga)} == {mine, theirs}


def test_the_page_says_why_it_waits_and_whether_the_sender_is_verified(tray, signed_in, tess):
    page = signed_in(tess).get(url("mail", received(letter()))).content.decode()
    assert "This mailbox makes no leads" in page and "not verified" in page


def test_the_page_shows_words_and_never_markup(tray, signed_in, tess):
    mail = received(letter("<script>alert(1)</script>", subject="<b>x</b>", sender='"<i>y</i>" <a@b.example>'))
    page = signed_in(tess).get(url("mail", mail)).content.decode()
    assert "<script>alert" not in page and "<b>x" not in page and "<i>y" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_person_joins_a_message_to_a_customer(tray, signed_in, tess, alice):
    customer = makers.customer(owner=alice)
    mail = received(letter("Hello", files=[("a.pdf", "application/pdf", b"%PDF")]))
    answer = signed_in(tess).post(url("mail_join", mail), {"customer": customer.pk})
    assert answer.status_code == 302
    activity = Activity.objects.get()
    assert (activity.customer, activity.direction, activity.created_by) == (customer, "in", tess)
    assert Attachment.objects.get().subject_kind == "customer"
    mail.refresh_from_db()
    assert (mail.state, mail.handled_by, mail.owner) == ("joined", tess, alice)
    assert Event.objects.get(verb="join").by == tess


def test_a_joined_message_teaches_that_its_answers_belong_there(tray, signed_in, tess, alice):
    customer = makers.customer(owner=alice)
    write_to(customer)
    mail = received(letter())
    join(mail, customer, by=tess)
    received(letter("More", message_id="<two@acme.example>", answers="<one@acme.example>"))
    assert Activity.objects.filter(customer=customer).count() == 2


def test_the_timeline_of_customer_and_lead_shows_the_message_as_incoming(tray, signed_in, tess, alice):
    customer, lead = makers.customer(owner=alice), leads.lead(owner=alice)
    join(received(letter("To the customer")), customer, by=tess)
    join(received(letter("To the lead", message_id="<two@x.example>", subject="Other")), lead, by=tess)
    client = signed_in(alice)
    for address, text in ((f"/customers/{customer.pk}/", "To the customer"), (f"/leads/{lead.pk}/", "To the lead")):
        page = client.get(address).content.decode()
        assert text in page and "from the customer" in page


def test_nobody_joins_to_a_record_out_of_reach(tray, signed_in, tess, charlie):
    theirs, mail = makers.customer(owner=charlie), received(letter())
    client = signed_in(tess)
    assert client.post(url("mail_join", mail), {"customer": theirs.pk}).status_code == 422
    assert client.post(url("mail_join", mail), {"kind": "customer", "record": theirs.pk}).status_code == 404
    mail.refresh_from_db()
    assert mail.state == "waiting" and not Activity.objects.exists()


@pytest.mark.parametrize("data", [{}, {"kind": "user", "record": "1"}, {"kind": "customer", "record": "²"}])
def test_a_choice_that_makes_no_sense_changes_nothing(tray, signed_in, tess, data):
    mail = received(letter())
    assert signed_in(tess).post(url("mail_join", mail), data).status_code in (302, 422)
    mail.refresh_from_db()
    assert mail.state == "waiting"


def test_a_second_click_on_join_joins_once_and_another_record_is_refused(tray, tess, alice):
    customer, other = makers.customer(owner=alice), makers.customer("Other", owner=alice)
    mail = received(letter())
    join(mail, customer, by=tess)
    assert join(mail, customer, by=tess) == customer
    with pytest.raises(Refused):
        join(mail, other, by=tess)
    assert Activity.objects.count() == 1


def test_a_double_click_on_make_lead_makes_one(tray, signed_in, tess):
    mail = received(letter())
    client = signed_in(tess)
    first, second = (client.post(url("mail_make_lead", mail)) for _click in range(2))
    lead = Lead.objects.get()
    assert first.url == second.url == f"/leads/{lead.pk}/"
    assert Event.objects.get(verb="create", subject_kind="lead").by == tess


@pytest.mark.django_db(transaction=True)
def test_two_who_make_a_lead_at_once_make_one(tray, tess, olga):
    mail = received(letter())
    made = at_once(lambda by: make_lead(InboundMail.objects.get(pk=mail.pk), by=by).pk, [tess, olga])
    assert made[0] == made[1] and Lead.objects.count() == 1


def test_a_message_is_dismissed_and_taken_up_again(tray, signed_in, tess):
    mail = received(letter())
    client = signed_in(tess)
    client.post(url("mail_dismiss", mail))
    client.post(url("mail_dismiss", mail))
    mail.refresh_from_db()
    assert (mail.state, mail.handled_by) == ("dismissed", tess)
    assert Event.objects.filter(verb="dismiss").count() == 1
    client.post(url("mail_take_up", mail))
    mail.refresh_from_db()
    assert (mail.state, mail.why, mail.handled_by) == ("waiting", "taken_up", None)


def test_what_is_joined_is_not_dismissed(tray, signed_in, tess, alice):
    mail = received(letter())
    join(mail, makers.customer(owner=alice), by=tess)
    signed_in(tess).post(url("mail_dismiss", mail))
    mail.refresh_from_db()
    assert mail.state == "joined"


def test_many_are_dismissed_at_once(tray, signed_in, tess, alice):
    mails = [received(letter(message_id=f"<{n}@x.example>")) for n in range(3)]
    join(mails[0], makers.customer(owner=alice), by=tess)
    address = reverse("lists:bulk", args=["mail", "dismiss"])
    asked = signed_in(tess).post(address, {"ids": [mail.pk for mail in mails]})
    assert asked.status_code == 200
    batch = Batch.objects.create(verb="dismiss_mail", by=tess)
    done = dismiss_portion([mail.pk for mail in mails], by=tess, values={}, batch=batch)
    assert done.done == 2 and [pk for pk, _why in done.refused] == [mails[0].pk]
    assert InboundMail.objects.filter(state="dismissed").count() == 2


def test_a_file_is_saved_and_never_shown_as_a_page(tray, signed_in, tess):
    mail = received(letter(files=[("a.txt", "text/html", b"<script>")]))
    answer = signed_in(tess).get(reverse("messaging:mail_file", args=[mail.pk, Attachment.objects.get().pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    b"".join(answer.streaming_content)


def test_the_owner_is_told_and_led_to_the_message(tray, signed_in, alice):
    customer = makers.customer(owner=alice)
    write_to(customer)
    mail = received(letter())
    page = signed_in(alice).get(reverse("messaging:notices")).content.decode()
    assert "Maria Meier wrote" in page and "It waits in the tray" in page
    notice = alice.notices.get()
    assert signed_in(alice).post(reverse("messaging:read", args=[notice.pk])).url == url("mail", mail)


def test_a_reference_alone_is_suggested_with_its_reason(tray, alice, tess):
    customer = makers.customer(owner=alice)
    remember_sent("<q@ours.example>", customer, to=MARIA)
    mail = received(letter(answers="<q@ours.example>"))
    (one,) = suggestions(mail, tess)
    assert one.record == customer and "answers" in one.reasons[0]
