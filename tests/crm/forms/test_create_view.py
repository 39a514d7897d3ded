"""A form posted twice makes one record."""

import threading

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.test import RequestFactory

from crm.forms import RecordForm, create_view
from crm.forms.lookup import LookupField
from customers.models import Customer
from tests.customers.makers import customer


class CustomerForm(RecordForm):
    parent = LookupField("customer", required=False)

    class Meta:
        model = Customer
        fields = ["name", "parent"]


def ask(user, data):
    request = RequestFactory().post("/x/", data)
    request.user, request.session, request.htmx = user, {}, False
    request._messages = FallbackStorage(request)

    def create(form):
        return customer(form.cleaned_data["name"], owner=user, parent=form.cleaned_data["parent"])

    return create_view(request, CustomerForm, create, title="New", success_url=lambda made: f"/customers/{made.pk}/")


@pytest.mark.django_db
def test_the_same_form_sent_again_leads_to_the_record_it_made(alice):
    first = ask(alice, {"name": "Acme", "once": "k1"})
    second = ask(alice, {"name": "Acme", "once": "k1"})
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_a_form_with_errors_creates_when_mended(alice):
    assert ask(alice, {"name": "", "once": "k1"}).status_code == 422
    assert ask(alice, {"name": "Acme", "once": "k1"}).status_code == 302
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_record(alice):
    barrier, urls = threading.Barrier(2), []

    def click():
        barrier.wait()
        urls.append(ask(alice, {"name": "Acme", "once": "k1"}).url)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    [one.start() for one in clicks]
    [one.join() for one in clicks]
    assert len(set(urls)) == 1
    assert Customer.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Parent", "#{pk}", "parent"])
def test_without_javascript_a_name_or_a_number_finds_the_record(alice, typed):
    parent = customer("Parent", owner=alice)
    ask(alice, {"name": "Child", "once": "k", "parent_text": typed.format(pk=parent.pk)})
    assert Customer.objects.get(name="Child").parent == parent


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["parent", "parent_text"])
def test_a_record_out_of_reach_is_no_choice(alice, charlie, way):
    foreign = customer("Foreign", owner=charlie)
    value = str(foreign.pk) if way == "parent" else "Foreign"
    answer = ask(alice, {"name": "Child", "once": "k", way: value})
    assert answer.status_code == 422
    assert not Customer.objects.filter(name="Child").exists()


@pytest.mark.django_db
def test_a_name_that_fits_two_records_asks_which(alice):
    customer("Twin", owner=alice), customer("Twin", owner=alice)
    answer = ask(alice, {"name": "Child", "once": "k", "parent_text": "Twin"})
    assert answer.status_code == 422
    assert "Several records" in answer.content.decode()
