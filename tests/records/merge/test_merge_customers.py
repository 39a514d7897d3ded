"""Two customers become one: what was shown stands, what hung on both hangs on the one, nothing else moves."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from customers.models import ChurnCase, Contact, ContactPoint, Customer
from customers.search import index_customers
from customers.timeline import timeline
from records.merge.links import links_of
from records.merge.plan import plan_merge
from records.merge.run import merge
from records.models import Alias, Attachment, Batch, Collaborator, Event, Tagging
from records.refusals import Refused, StaleVersion
from records.trash.purge import purge_trash
from records.trash.shelf import deleted
from records.undo import undo_batch
from sales.models import Invoice, Order, Quote
from tests.customers import makers
from tests.records.merge.full import everything, full_customer
from tests.sales.test_collect import check_deferred

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(alice, charlie, bob):
    return (
        full_customer(alice, name="Acme GmbH", number="1", helper=bob),
        full_customer(charlie, name="ACME", number="2", helper=bob),
    )


def counts(customer):
    """Link → how many rows hang there."""
    found = {}
    with connection.cursor() as cursor:
        for name, link in links_of("customer"):
            params = {"drop": customer.pk, "keep": 0}
            cursor.execute(
                f"SELECT count(*) FROM {link.table} t WHERE t.{link.column} = %(drop)s AND {link.when}", params
            )
            found[name] = cursor.fetchone()[0]
    return found


def test_all_that_hung_on_both_hangs_on_the_one(two, olga):
    keep, drop = two
    before = {name: counts(keep)[name] + number for name, number in counts(drop).items()}
    empty = {name for name, number in before.items() if number < 2}
    assert empty == {"customer:messaging.InboundMail.taken_id"}, "the makers hang something else on each"
    merge(keep, drop, by=olga)
    after = counts(keep)
    # One point, one tag and one collaborator were at both. New: the alias of the dropped one, and its owner, who
    # reads the customer for the sake of what she has open there.
    new = {"customer:records.Alias.target_id": 1, "customer:records.Collaborator.subject_id": 1}
    for name, link in links_of("customer"):
        assert after[name] == before[name] - bool(link.same) + new.get(name, 0), name
    check_deferred()


def test_what_was_moved_has_the_reach_of_the_kept_one(two, olga, alice):
    keep, drop = two
    merge(keep, drop, by=olga)
    moved = Contact.objects.get(name="Person 2")
    assert (moved.customer_owner, moved.customer_team) == (alice.pk, alice.team_id)
    assert Contact.objects.visible_to(alice).filter(pk=moved.pk).exists()


def test_the_dropped_one_is_in_no_list_and_its_number_leads_to_the_other(two, olga):
    keep, drop = two
    merge(keep, drop, by=olga)
    assert not Customer.objects.visible_to(olga).filter(pk=drop.pk).exists()
    alias = Alias.objects.get(kind="customer")
    assert (alias.old_id, alias.target_id) == (drop.pk, keep.pk)


def test_there_is_one_main_contact_one_main_number_and_one_open_case(two, olga):
    keep, drop = two
    merge(keep, drop, by=olga)
    assert Contact.objects.get(customer=keep, is_main=True).name == "Person 1"
    assert ContactPoint.objects.filter(customer=keep, contact=None, is_main=True, kind="phone").count() == 1
    assert ChurnCase.objects.filter(customer=keep).unsettled().count() == 1
    assert ChurnCase.objects.filter(customer=keep).count() == 2


def test_two_orders_make_a_customer_that_came_back(two, olga):
    keep, drop = two
    assert keep.state == "buying"
    merge(keep, drop, by=olga)
    assert keep.state == "repeat"


def test_money_stays_as_it_was_to_the_cent(two, olga):
    keep, drop = two
    fields = ("number", "net", "tax", "amount", "bill_name", "bill_address", "bill_tax_number", "order_id")
    before = list(Invoice.objects.order_by("pk").values(*fields))
    merge(keep, drop, by=olga)
    assert list(Invoice.objects.order_by("pk").values(*fields)) == before
    assert Invoice.objects.filter(bill_name="ACME").exists()
    check_deferred()


def test_the_timeline_of_the_one_tells_of_both(two, olga):
    keep, drop = two
    merge(keep, drop, by=olga)
    shown = timeline(keep, shown="changes")
    told = [entry.title for entry in shown.entries]
    assert any("was merged into this one" in text for text in told)
    assert Event.objects.filter(customer_id=drop.pk).exists()
    assert {"Called 1", "Called 2"} <= {entry.text for entry in timeline(keep, shown="activities").entries}


def test_undo_restores_both_to_the_last_column(two, olga):
    keep, drop = two
    before = everything()
    batch = merge(keep, drop, by=olga)
    assert everything() != before
    result = undo_batch(batch, by=olga)
    check_deferred()
    after = everything()
    for table, rows in before.items():
        assert after[table] == rows, table
    assert not result.left
    assert not Alias.objects.filter(kind="customer").exists()


def test_undo_can_be_tried_and_writes_nothing(two, olga):
    batch = merge(*two, by=olga)
    before = everything()
    tried = undo_batch(batch, by=olga, dry_run=True)
    assert everything() == before
    assert tried.restored == undo_batch(batch, by=olga).restored


def test_undo_leaves_what_was_added_since_at_the_kept_one(two, olga, alice):
    keep, drop = two
    batch = merge(keep, drop, by=olga)
    new = makers.contact(keep, "New since")
    undo_batch(batch, by=olga)
    new.refresh_from_db()
    assert new.customer_id == keep.pk


def test_undo_leaves_what_was_changed_since_and_says_by_whom(two, olga, alice):
    keep, drop = two
    Customer.objects.filter(pk=keep.pk).update(city="", country="", street="", postcode="")
    keep.refresh_from_db()
    batch = merge(keep, drop, by=olga)
    assert keep.city == "City 2"
    keep.edit({"city": "Moved since"}, by=alice)
    result = undo_batch(batch, by=olga)
    keep.refresh_from_db()
    assert keep.city == "Moved since"
    assert [(row["kind"], row["id"], row["by"]) for row in result.left] == [("customer", keep.pk, str(alice))]


def test_a_row_that_went_on_to_a_third_customer_stays_there(two, olga, alice):
    keep, drop = two
    batch = merge(keep, drop, by=olga)
    third = makers.customer("Third", owner=alice)
    task = keep.tasks.get(title="Task 2")
    type(task).objects.filter(pk=task.pk).update(customer=third)
    result = undo_batch(batch, by=olga)
    task.refresh_from_db()
    assert task.customer_id == third.pk
    assert [(row["kind"], row["id"]) for row in result.left] == [("task", task.pk)]


def test_a_merge_of_a_merge_is_taken_back_from_the_last_one(two, olga, alice):
    keep, drop = two
    last = makers.customer("Last", owner=alice)
    index_customers([last.pk])
    before = everything()
    first = merge(keep, drop, by=olga)
    second = merge(last, keep, by=olga)
    assert Alias.objects.get(kind="customer", old_id=drop.pk).target_id == last.pk
    with pytest.raises(Refused) as caught:
        undo_batch(first, by=olga)
    assert caught.value.reason == "merged_since"
    first.refresh_from_db()
    assert first.state == Batch.State.DONE
    undo_batch(second, by=olga)
    undo_batch(first, by=olga)
    assert everything() == before


def test_a_merged_customer_is_not_in_the_trash_and_not_purged(two, olga, client):
    keep, drop = two
    merge(keep, drop, by=olga)
    drop.refresh_from_db()
    with pytest.raises(Refused) as caught:
        drop.restore(by=olga)
    assert caught.value.reason == "merged"
    assert not deleted(olga, "customer").filter(pk=drop.pk).exists()


def test_a_merged_customer_goes_for_good_after_the_one_in_which_it_went_up(alice, olga):
    keep, drop = makers.customer("Keep", owner=alice), makers.customer("Drop", owner=alice)
    merge(keep, drop, by=olga)
    later = timezone.now() + datetime.timedelta(days=40)
    purge_trash(now=later)
    assert Customer._base_manager.filter(pk=drop.pk).exists()
    keep.trash(by=olga)
    purge_trash(now=later)
    purge_trash(now=later)
    assert not Customer._base_manager.filter(pk__in=[keep.pk, drop.pk]).exists()


def test_a_colleagues_edit_meanwhile_is_told(two, olga, alice):
    keep, drop = two
    seen = (keep.version, drop.version)
    Customer.objects.get(pk=drop.pk).edit({"city": "Elsewhere"}, by=alice)
    before = everything()
    with pytest.raises(StaleVersion), transaction.atomic():
        merge(keep, drop, by=olga, versions=seen)
    assert everything() == before


@pytest.mark.parametrize("how", ["same", "trashed"])
def test_a_refusal_leaves_no_trace(alice, olga, how):
    keep, drop = makers.customer("Keep", owner=alice), makers.customer("Drop", owner=alice)
    if how == "trashed":
        drop.trash(by=alice)
    before, events = everything(), Event.objects.count()
    with pytest.raises(Refused):
        merge(keep, keep if how == "same" else drop, by=olga)
    assert (everything(), Event.objects.count(), Batch.objects.count()) == (before, events, 0)


def test_a_frozen_document_follows_the_alias_and_nothing_else(two, alice, olga):
    keep, drop = two
    for model, name in ((Order, "order_is_frozen"), (Quote, "quote_is_frozen")):
        with pytest.raises(IntegrityError, match="frozen") as caught, transaction.atomic():
            model.objects.filter(customer=drop).exclude(state="draft").update(customer=keep)
        assert name in str(caught.value.__cause__.diag.constraint_name)
    merge(keep, drop, by=olga)
    other = makers.customer("Other", owner=alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(customer=keep).update(customer=other)


def test_event_names_who_and_the_batch(two, olga):
    keep, drop = two
    batch = merge(keep, drop, by=olga)
    told = {event.verb: event for event in Event.objects.filter(batch=batch)}
    assert set(told) == {"merge", "merge_away"}
    assert told["merge"].by == olga
    assert told["merge"].facts == {"merged": drop.pk}
    assert told["merge_away"].facts == {"into": keep.pk}
    assert (batch.state, batch.by) == (Batch.State.DONE, olga)


def test_files_tags_and_collaborators_are_seen_on_the_one(two, olga, bob):
    keep, drop = two
    merge(keep, drop, by=olga)
    here = {"subject_kind": "customer", "subject_id": keep.pk}
    assert set(Attachment.objects.filter(**here).values_list("name", flat=True)) == {"1.txt", "2.txt"}
    assert set(Tagging.objects.filter(**here).values_list("tag__name", flat=True)) == {"both", "tag 1", "tag 2"}
    assert Collaborator.objects.filter(**here, user=bob).count() == 1


def test_the_former_owner_reads_the_customer_while_his_opportunity_is_open(two, olga, charlie):
    keep, drop = two
    merge(keep, drop, by=olga)
    assert Customer.objects.visible_to(charlie).filter(pk=keep.pk).exists()
    assert not Customer.objects.allowing(charlie, "change").filter(pk=keep.pk).exists()


def test_plan_is_the_plan_that_is_carried_out(two, olga):
    keep, drop = two
    plan = plan_merge(keep, drop, {"name": "drop", "points": "keep"})
    merge(keep, drop, by=olga, choices={"name": "drop", "points": "keep"})
    keep.refresh_from_db()
    assert keep.name == "ACME"
    assert {name: getattr(keep, name) for name in plan.values} == plan.values
