"""A person changes teams, and what she owns follows."""

import pytest

from accounts.directory import change_person
from customers.models import Contact, Customer, Task
from records.jobs import run_job
from tests.customers import makers

pytestmark = pytest.mark.django_db
JOB = "customers.follow_teams"


@pytest.fixture
def theirs(alice, bob):
    customer = makers.customer(owner=alice)
    makers.contact(customer)
    makers.task(alice, customer=customer)
    makers.customer("Bob's", owner=bob)
    run_job(JOB)
    return customer


def move(person, team):
    change_person(person, {"team": team}, by=None)


def test_the_new_supervisor_reaches_what_came_and_the_former_does_not(theirs, alice, tess, south):
    assert theirs in Customer.objects.visible_to(tess)
    move(alice, south)
    outcome = run_job(JOB)
    assert (outcome.moved, outcome.lines) == (4, [f"{alice.name}: 4 records"])
    assert theirs not in Customer.objects.visible_to(tess)
    assert set(Customer.objects.filter(team=south)) == {theirs}
    assert {Contact.objects.get().customer_team, Task.objects.get().customer_team, Task.objects.get().team_id} == {
        south.pk
    }


def test_nothing_was_edited_and_a_second_run_finds_nothing(theirs, alice, south):
    before = Customer.objects.get(pk=theirs.pk)
    move(alice, south)
    assert run_job(JOB, dry_run=True).moved == 4
    assert run_job(JOB).moved == 4
    after = Customer.objects.get(pk=theirs.pk)
    assert (after.version, after.assigned_at) == (before.version, before.assigned_at)
    assert run_job(JOB).moved == 0


def test_another_change_of_a_person_moves_nothing(theirs, alice):
    change_person(alice, {"is_on_duty": False}, by=None)
    assert run_job(JOB).moved == 0


def test_who_left_her_team_takes_her_records_out_of_it(theirs, alice, tess):
    move(alice, None)
    run_job(JOB)
    assert theirs not in Customer.objects.visible_to(tess)
    assert theirs in Customer.objects.visible_to(alice)
