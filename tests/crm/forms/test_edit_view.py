"""Two people edit one record at the same time."""

import re

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from crm.forms import RecordForm, edit_view
from customers.models import Customer
from records.models import Change, Event
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db


class CustomerForm(RecordForm):
    class Meta:
        model = Customer
        fields = ["name", "city", "comment", "industry", "protected_until"]


@pytest.fixture
def acme(alice):
    return customer("Acme", owner=alice, city="Bern")


def ask(user, record, data=None):
    request = RequestFactory().post("/x/", data) if data is not None else RequestFactory().get("/x/")
    request.user, request.session, request.htmx = user, {}, False
    request._messages = FallbackStorage(request)
    return edit_view(request, type(record)._base_manager.get(pk=record.pk), CustomerForm, title="Edit", success_url="/")


def opened_form(user, record):
    """The data of the form as the person's browser would send it back untouched."""
    page = ask(user, record).content.decode()
    opened = re.search(r'name="opened" value="([^"]+)"', page)[1]
    return {"name": record.name, "city": record.city, "comment": record.comment, "opened": opened}


def test_fields_changed_by_one_side_only_are_both_kept(alice, tess, acme):
    alices, tesss = opened_form(alice, acme), opened_form(tess, acme)
    assert ask(alice, acme, {**alices, "city": "Basel"}).status_code == 302
    assert ask(tess, acme, {**tesss, "comment": "Rings back"}).status_code == 302
    acme.refresh_from_db()
    assert (acme.city, acme.comment) == ("Basel", "Rings back")


def test_a_field_changed_by_both_shows_both_values_and_saves_nothing(alice, tess, acme):
    alices, tesss = opened_form(alice, acme), opened_form(tess, acme)
    ask(alice, acme, {**alices, "city": "Basel"})
    answer = ask(tess, acme, {**tesss, "city": "Zug", "comment": "Typed long"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Basel" in page and "Zug" in page and "Typed long" in page
    acme.refresh_from_db()
    assert (acme.city, acme.comment) == ("Basel", "")


@pytest.mark.parametrize(("kept", "city"), [("mine", "Zug"), ("theirs", "Basel")])
def test_after_a_conflict_the_chosen_value_stands_and_nothing_else_is_overwritten(alice, tess, acme, kept, city):
    alices, tesss = opened_form(alice, acme), opened_form(tess, acme)
    ask(alice, acme, {**alices, "city": "Basel", "name": "Acme AG"})
    typed = {**tesss, "city": "Zug", "comment": "Typed long"}
    page = ask(tess, acme, typed).content.decode()
    again = re.search(r'name="opened" value="([^"]+)"', page)[1]
    assert ask(tess, acme, {**typed, "opened": again, "keep_city": kept}).status_code == 302
    acme.refresh_from_db()
    assert (acme.city, acme.comment, acme.name) == (city, "Typed long", "Acme AG")


def test_an_untouched_form_writes_no_event(alice, acme):
    assert ask(alice, acme, opened_form(alice, acme)).status_code == 302
    assert not Event.objects.filter(subject_kind="customer", subject_id=acme.pk, verb="change").exists()


def test_a_moment_with_seconds_counts_as_untouched(alice, acme):
    Customer.objects.filter(pk=acme.pk).update(protected_until="2027-01-02T03:04:05Z")
    data = {**opened_form(alice, acme), "protected_until": "2027-01-02T03:04", "city": "Basel"}
    ask(alice, acme, data)
    assert list(Change.objects.filter(event__subject_id=acme.pk).values_list("field", flat=True)) == ["city"]


def test_values_of_another_record_cannot_be_passed_off_as_opened(alice, tess, acme):
    other = customer("Other", owner=alice)
    stolen = opened_form(alice, other)["opened"]
    mine = opened_form(tess, acme)
    ask(alice, acme, {**opened_form(alice, acme), "city": "Basel"})
    assert ask(tess, acme, {**mine, "opened": stolen, "city": "Zug"}).status_code == 302


def test_errors_stand_in_the_form(alice, acme):
    answer = ask(alice, acme, {**opened_form(alice, acme), "name": ""})
    assert answer.status_code == 422
    assert "form-errors" in answer.content.decode()
