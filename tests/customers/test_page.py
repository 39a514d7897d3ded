from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.create import NewContact, create_customer
from customers.log_activity import log_activity
from customers.models import Activity, Contact, Customer, Task
from customers.points import Point
from customers.todo import create_task
from records.models import Event
from tests.customers import makers

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"customers:{name}", args=args)


@pytest.fixture
def acme(alice):
    return create_customer(
        {"name": "Acme GmbH", "city": "Bremen"}, by=alice, points=[Point("phone", "+49 421 1234567")],
        contacts=[NewContact({"name": "Maria Meier", "position": "Buyer"}, [Point("email", "m@acme.de")])],
    )  # fmt: skip


def test_the_page_shows_the_customer_its_people_and_what_happened(alice, acme, signed_in):
    log_activity(acme, {"type": "call", "content": "Wants <b>two</b>"}, by=alice)
    create_task({"title": "Send samples", "customer": acme}, by=alice)
    page = signed_in(alice).get(url("detail", acme.pk)).content.decode()
    for text in ("Acme GmbH", 'href="tel:+494211234567"', 'href="mailto:m@acme.de"', "Buyer", "Send samples", "Bremen"):
        assert text in page
    assert "Wants &lt;b&gt;two&lt;/b&gt;" in page


def test_the_page_asks_as_many_questions_for_much_as_for_little(alice, acme, signed_in):
    client = signed_in(alice)
    client.get(url("detail", acme.pk))

    def count():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(url("detail", acme.pk)).status_code == 200
        return [query["sql"] for query in asked]

    few = count()
    for n in range(30):
        log_activity(acme, {"type": "call", "content": str(n)}, by=alice)
        create_task({"title": f"Task {n}", "customer": acme}, by=alice)
        makers.contact(acme, f"Contact {n}")
    many = count()
    # One more for the names of people in the events.
    assert len(many) <= len(few) + 1
    assert len(many) <= 8


def test_who_may_not_change_sees_no_button(erin, acme, signed_in):
    page = signed_in(erin).get(url("detail", acme.pk)).content.decode()
    assert "Acme GmbH" in page
    for action in ("log", "edit", "share", "point_add", "tag"):
        assert url(action, acme.pk) not in page


def test_a_call_is_logged_with_one_form(alice, acme, signed_in):
    answer = signed_in(alice).post(
        url("log", acme.pk), {"type": "call", "content": "Reached", "next_in": "7", "once": "abc"}
    )
    assert answer.status_code == 302
    row = Activity.objects.get()
    acme.refresh_from_db()
    assert (row.type, row.content, row.done_by, row.state) == ("call", "Reached", alice, "done")
    assert acme.last_contact_at == row.at
    assert timezone.localdate(acme.next_contact_at) == timezone.localdate() + timedelta(days=7)


def test_a_double_click_logs_once(alice, acme, signed_in):
    client = signed_in(alice)
    for _click in range(2):
        client.post(url("log", acme.pk), {"type": "call", "content": "Reached", "once": "same"})
    assert Activity.objects.count() == 1


def test_a_moment_ahead_plans(alice, acme, signed_in):
    ahead = timezone.localtime(timezone.now() + timedelta(days=2))
    signed_in(alice).post(url("log", acme.pk), {"type": "visit", "at": ahead.strftime("%Y-%m-%dT%H:%M")})
    assert Activity.objects.get().state == "planned"


def test_what_was_typed_stays_when_something_is_wrong(alice, acme, signed_in):
    answer = signed_in(alice).post(
        url("log", acme.pk), {"type": "call", "content": "Long story", "next_contact_at": "2001-01-01T10:00"}
    )
    assert answer.status_code == 422
    assert "Long story" in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_customer_is_created_with_numbers_and_first_contact(alice, signed_in):
    answer = signed_in(alice).post(
        url("create"),
        {
            "name": "Neu AG", "phone": "+49 30 7654321", "email": "info@neu.de", "contact_name": "Eva Neu",
            "contact_email": "eva@neu.de", "grade": "D", "once": "x1",
        },
    )  # fmt: skip
    row = Customer.objects.get()
    assert answer.url == url("detail", row.pk)
    assert (row.name, row.owner, row.phone, row.email) == ("Neu AG", alice, "+49 30 7654321", "info@neu.de")
    contact = row.contacts.get()
    assert (contact.name, contact.email, contact.is_main) == ("Eva Neu", "eva@neu.de", True)
    assert row.points.filter(contact=None).count() == 2


def test_a_wrong_number_is_said_at_its_field(alice, signed_in):
    answer = signed_in(alice).post(url("create"), {"name": "Neu", "phone": "call me", "grade": "D"})
    assert answer.status_code == 422
    assert "not a phone number" in answer.content.decode()
    assert not Customer.objects.exists()


def test_a_person_needs_no_other_name(alice, signed_in):
    signed_in(alice).post(
        url("create"), {"is_person": "on", "given_name": "Иван", "family_name": "Петров", "patronymic": "Ильич",
                        "grade": "D"},
    )  # fmt: skip
    assert Customer.objects.get().name == "Петров Иван Ильич"


def test_editing_changes_only_what_was_typed(alice, acme, signed_in):
    answer = signed_in(alice).post(url("edit", acme.pk), {"name": "Acme AG", "city": "Bremen", "grade": "D"})
    assert answer.status_code == 302
    acme.refresh_from_db()
    assert (acme.name, acme.sort_key) == ("Acme AG", "acme ag")
    assert Event.objects.get(verb="change").facts == {"fields": ["name"]}


def test_a_task_is_made_for_a_customer_and_ticked_off(alice, acme, signed_in):
    client = signed_in(alice)
    page = client.get(f"{url('task_create')}?customer={acme.pk}").content.decode()
    assert "Acme GmbH" in page
    client.post(url("task_create"), {"title": "Send it", "priority": "2", "customer": str(acme.pk), "once": "t"})
    task = Task.objects.get()
    assert (task.customer, task.owner, task.customer_owner) == (acme, alice, alice.pk)
    client.post(url("task_verb", task.pk, "done"))
    task.refresh_from_db()
    assert task.state == "done"


def test_what_hangs_on_a_customer_in_the_trash_is_gone_with_it(alice, acme, signed_in):
    create_task({"title": "Send samples", "customer": acme}, by=alice)
    acme.trash(by=alice)
    assert signed_in(alice).get(url("detail", acme.pk)).status_code == 404
    assert not Contact.objects.visible_to(alice).exists()
    assert not Task.objects.visible_to(alice).exists()
    acme.restore(by=alice)
    assert Contact.objects.visible_to(alice).count() == Task.objects.visible_to(alice).count() == 1


def test_a_contact_is_of_the_customer_in_the_address(alice, acme, signed_in):
    other = makers.contact(makers.customer("Other", owner=alice))
    assert signed_in(alice).get(url("contact_edit", acme.pk, other.pk)).status_code == 404


def test_a_refused_verb_says_why_on_the_page_it_came_from(alice, acme, signed_in):
    client = signed_in(alice)
    answer = client.post(url("plan_contact", acme.pk), {"at": "2001-01-01T10:00", "next": url("detail", acme.pk)})
    assert answer.url == url("detail", acme.pk)
    assert "lies in the past" in client.get(answer.url).content.decode()
