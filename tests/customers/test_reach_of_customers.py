"""One rule in three readings, over the rows of this room: SQL, memory and walks agree for every person and action."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import access
from customers.log_activity import log_activity
from customers.models import Activity, Contact, Customer, Pool, PoolMember, Task
from customers.ownership import give_one
from customers.todo import create_task, finish_task
from records.models import Collaborator
from records.sharing import share
from tests.customers import makers

pytestmark = pytest.mark.django_db
ACTIONS = ("view", "create", "change", "delete", "assign", "claim", "release", "protect", "export", "import", "merge")


@pytest.fixture
def rows(everybody):
    """Customers of several owners, in a pool, shared to read, to write and no longer; with what hangs on each."""
    people = everybody
    alices, bobs, charlies = (makers.customer(f"Of {name}", owner=people[name]) for name in ("alice", "bob", "charlie"))
    pooled = makers.customer("Pooled", owner=people["bob"])
    shared, written, over = (makers.customer(f"Shared {n}", owner=people["charlie"]) for n in range(3))
    for customer in (alices, bobs, charlies, pooled, shared, written, over):
        makers.contact(customer)
        log_activity(customer, {"type": "call"}, by=None)
        makers.task(customer.owner, customer=customer)
    give_one(pooled, pool=Pool.default(), by=None, verb="recycle")
    PoolMember.objects.create(pool=Pool.default(), user=people["alice"])
    share(shared, people["alice"], by=None)
    share(written, people["alice"], by=None, can_write=True)
    share(over, people["alice"], by=None, until=timezone.now() + timedelta(days=1))
    Collaborator.objects.filter(subject_id=over.pk).update(until=timezone.now() - timedelta(days=1))
    create_task({"title": "For bob", "customer": charlies}, by=None, owner=people["bob"])
    finish_task(create_task({"title": "Closed", "customer": alices}, by=None, owner=people["charlie"]), by=None)
    return people


@pytest.mark.parametrize("model", [Customer, Contact, Activity, Task])
@pytest.mark.parametrize("action", ACTIONS)
def test_sql_memory_and_walks_agree(rows, model, action):
    for name, person in rows.items():
        by_sql = set(model.objects.live().filter(access.as_q(person, model, action)).values_list("pk", flat=True))
        by_memory = {row.pk for row in model.objects.live() if access.covers(person, row, action)}
        walked = [
            pk
            for walk in access.walks(person, model, action)
            for pk in walk.narrow(model.objects.live()).values_list("pk", flat=True)
        ]
        assert by_sql == by_memory == set(walked), (name, action)
        assert len(walked) == len(set(walked)), f"{name}: branches overlap"


def test_who_sees_which_customers(rows):
    def seen(name):
        return set(Customer.objects.visible_to(rows[name]).values_list("name", flat=True))

    assert seen("alice") == {"Of alice", "Shared 0", "Shared 1"}
    assert seen("bob") == {"Of bob", "Of charlie"}  # the latter as long as his task there is open
    assert seen("tess") == {"Of alice", "Of bob"}
    everything = {"Of alice", "Of bob", "Of charlie", "Shared 0", "Shared 1", "Shared 2"}
    assert seen("erin") == seen("olga") == seen("finn") == everything
    assert seen("ada") == seen("nobody") == set()


def test_nobody_reaches_the_contacts_of_a_customer_in_a_pool(rows):
    for person in rows.values():
        assert not Contact.objects.visible_to(person).filter(customer__name="Pooled").exists()
        assert not Activity.objects.visible_to(person).filter(customer__name="Pooled").exists()


def test_a_writing_collaborator_changes_but_does_not_delete(rows):
    changeable = Customer.objects.allowing(rows["alice"], "change").values_list("name", flat=True)
    assert set(changeable) == {"Of alice", "Shared 1"}
    assert set(Customer.objects.allowing(rows["alice"], "delete").values_list("name", flat=True)) == {"Of alice"}
