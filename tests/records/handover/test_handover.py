from collections import Counter

import pytest

from accounts.models import Right
from customers.models import Contact, Customer, Pool, PoolMember, Task
from customers.states import TaskState
from leads.models import Lead
from messaging.models import Notice
from records.handover.plan import EVENLY, REGION, Plan
from records.handover.preview import preview
from records.handover.run import ASK, NOW, start_handover
from records.models import Collaborator, Event
from records.refusals import Refused
from records.undo import undo_batch
from sales.models import Opportunity, Order, Quote
from tests.customers import makers
from tests.leads import makers as lead_makers
from tests.records.handover.estate import (
    fallback_of,
    full_estate,
    hand_over,
    order,
    places_of,
    quote,
    region,
)
from tests.sales import makers as sales_makers

pytestmark = pytest.mark.django_db

OWNED = (Customer, Task, Opportunity, Quote, Order, Lead)


def owners(model):
    return Counter(model._base_manager.values_list("owner__username", flat=True))


def test_everything_goes_to_one_heir_as_one_batch(alice, bob, olga):
    held = full_estate(alice)
    batch = hand_over(alice, bob, by=olga)
    for model in OWNED:
        assert owners(model) == {"bob": 1}, model
    assert Contact.objects.get().customer_owner == bob.pk
    assert list(PoolMember.objects.values_list("user", "is_administrator")) == [(bob.pk, True)]
    assert places_of(held["rule"]) == {"alice": False, "bob": True}
    assert fallback_of(held["rule"]) == bob
    assert batch.state == "done"
    assert batch.counts["moved"] == 9
    told = Event.objects.filter(batch=batch, verb="handover")
    assert set(told.values_list("by", flat=True)) == {olga.pk}
    assert set(told.values_list("subject_kind", flat=True)) == {
        "customer", "task", "opportunity", "quote", "order", "lead", "pool", "assignment_rule",
    }  # fmt: skip


def test_undo_gives_everything_back(alice, bob, olga):
    held = full_estate(alice)
    batch = hand_over(alice, bob, by=olga)
    result = undo_batch(batch, by=olga)
    for model in OWNED:
        assert owners(model) == {"alice": 1}, model
    assert Contact.objects.get().customer_owner == alice.pk
    assert list(PoolMember.objects.values_list("user", "is_administrator")) == [(alice.pk, True)]
    assert places_of(held["rule"]) == {"alice": True}
    assert fallback_of(held["rule"]) == alice
    assert result.restored == 9
    assert not result.left


def test_what_is_closed_stays_with_who_closed_it(alice, bob, olga):
    at = makers.customer(owner=alice)
    won = sales_makers.opportunity(owner=alice, customer=at)
    won.win(by=alice)
    makers.task(alice, customer=at, state=TaskState.DONE, closed_at=won.won_at)
    hand_over(alice, bob, by=olga)
    assert owners(Opportunity) == {"alice": 1}
    assert owners(Task) == {"alice": 1}
    assert owners(Customer) == {"bob": 1}


def test_it_counts_as_an_assignment_at_its_moment(alice, bob, olga):
    at = makers.customer(owner=alice)
    hand_over(alice, bob, by=olga)
    after = Customer.objects.get()
    assert after.assigned_at > at.assigned_at
    assert after.former_owner == alice
    assert after.team_id == bob.team_id


# --- plans ---


def test_by_region_each_goes_to_its_heir_and_the_rest_to_the_other(alice, bob, charlie, olga):
    north, south = region("Northland"), region("Southland")
    for place in (north, south, None):
        makers.customer(f"In {place}", owner=alice, region=place)
    lead_makers.lead(owner=alice, region=south)
    hand_over(alice, bob, by=olga, way=REGION, regions={south.pk: charlie.pk})
    got = dict(Customer.objects.values_list("name", "owner__username"))
    assert got == {"In Northland": "bob", "In Southland": "charlie", "In None": "bob"}
    assert Lead.objects.get().owner == charlie


def test_evenly_nobody_gets_more_than_one_more(alice, bob, charlie, tess, olga):
    for number in range(11):
        makers.customer(f"C{number}", owner=alice)
    hand_over(alice, bob, charlie, tess, by=olga, way=EVENLY)
    assert sorted(owners(Customer).values()) == [3, 4, 4]


def test_what_follows_a_customer_goes_to_its_heir(alice, bob, charlie, olga):
    for number in range(6):
        at = makers.customer(f"C{number}", owner=alice)
        sales_makers.opportunity(f"O{number}", owner=alice, customer=at)
        makers.task(alice, f"T{number}", customer=at)
        quote(alice, at, f"Q-{number}")
        order(alice, at, f"O-{number}")
    hand_over(alice, bob, charlie, by=olga, way=EVENLY)
    for model in (Opportunity, Task, Quote, Order):
        pairs = model.objects.values_list("owner", "customer__owner")
        assert all(own == at for own, at in pairs), model
        assert sorted(owners(model).values()) == [3, 3]


def test_a_task_at_a_colleagues_customer_lets_the_heir_read_it(alice, bob, charlie, olga):
    task = makers.task(alice, customer=makers.customer(owner=charlie))
    batch = hand_over(alice, bob, by=olga)
    shared = Collaborator.objects.get()
    assert (shared.user, shared.because_kind, shared.because_id) == (bob, "task", task.pk)
    undo_batch(batch, by=olga)
    assert Collaborator.objects.get().user == alice


def test_customers_without_open_work_fall_into_a_pool_and_leads_into_the_queue(alice, bob, olga):
    busy, idle = makers.customer("Busy", owner=alice), makers.customer("Idle", owner=alice)
    sales_makers.opportunity(owner=alice, customer=busy)
    new, known = lead_makers.lead("New", owner=alice), lead_makers.lead("Known", owner=alice)
    known.contact(by=alice)
    places = {"customer": str(Pool.default().pk), "lead": "queue"}
    batch = hand_over(alice, bob, by=olga, places=places)
    busy.refresh_from_db()
    idle.refresh_from_db()
    new.refresh_from_db()
    known.refresh_from_db()
    assert (busy.owner, idle.owner, idle.pool) == (bob, None, Pool.default())
    assert (new.owner, new.state, known.owner) == (None, "new", bob)
    assert Event.objects.get(batch=batch, subject_id=idle.pk, subject_kind="customer").facts["reason"] == "left"
    undo_batch(batch, by=olga)
    assert owners(Customer) == {"alice": 2}
    assert owners(Lead) == {"alice": 2}
    known.refresh_from_db()
    assert known.state == "contacted"


def test_without_an_heir_the_rest_stays_and_is_told(alice, olga):
    makers.customer(owner=alice)
    makers.task(alice)
    batch = hand_over(alice, by=olga, places={"customer": str(Pool.default().pk)})
    assert owners(Customer) == {None: 1}
    assert owners(Task) == {"alice": 1}
    assert batch.params["stays"] == {"task": 1}


def test_the_preview_tells_what_the_run_then_does(alice, bob, charlie, olga):
    full_estate(alice)
    for number in range(5):
        at = makers.customer(f"C{number}", owner=alice)
        makers.task(alice, customer=at)
        makers.task(alice, customer=makers.customer(f"B{number}", owner=bob))
        makers.task(alice)
    plan = Plan(EVENLY, (bob.pk, charlie.pk))
    told = {str(line.label): dict(line.shares) for line in preview(alice, plan, by=olga).lines}
    batch = hand_over(alice, bob, charlie, by=olga, way=EVENLY)
    done = batch.params["told"]
    assert told["customers"] == {"Bob": str(done["customer"][str(bob.pk)]), "Charlie": "3"}
    assert told["open tasks"] == {
        "Bob": str(done["task"][str(bob.pk)]), "Charlie": str(done["task"][str(charlie.pk)]),
    }  # fmt: skip


def test_the_preview_warns_of_a_cap_and_changes_nothing(alice, bob, olga):
    Pool.objects.update(holding_cap=1)
    for number in range(2):
        makers.customer(f"C{number}", owner=alice)
    found = preview(alice, Plan(heirs=(bob.pk,)), by=olga)
    assert "Bob will hold up to 2 customers" in found.warnings[0]
    assert owners(Customer) == {"alice": 2}
    assert not Event.objects.filter(verb="handover").exists()


def test_the_preview_warns_of_a_rule_that_will_give_no_new_leads(alice, bob, olga):
    lead_makers.rule(bob).members.update(holding_cap=2)
    for owner in (alice, alice, bob):
        lead_makers.lead(owner=owner)
    found = preview(alice, Plan(heirs=(bob.pk,)), by=olga)
    assert found.warnings == ["Bob will hold 3 open leads; “All leads” gives no new ones from 2 on."]


def test_the_last_administrator_hands_over_and_stays(alice, bob, olga, ada):
    makers.customer(owner=ada)
    Right.objects.create(role=olga.roles.get(), kind="system", action="administer", reach=3)
    batch = hand_over(ada, bob, by=olga, deactivates=NOW)
    ada.refresh_from_db()
    assert (ada.is_active, batch.state) == (False, "done")
    makers.customer("Second", owner=olga)
    batch = hand_over(olga, bob, by=olga, deactivates=NOW)
    olga.refresh_from_db()
    assert olga.is_active
    assert "last administrator" in batch.message


def test_an_heir_who_may_not_work_a_kind_is_passed_over(alice, bob, charlie, olga):
    lead_makers.lead(owner=alice)
    Right.objects.filter(kind="lead", action="work").update(reach=0)
    found = preview(alice, Plan(heirs=(bob.pk,)), by=olga)
    assert found.lines[0].stays == ["1 stays: Bob may not work with it."]
    hand_over(alice, bob, by=olga)
    assert owners(Lead) == {"alice": 1}


def test_a_place_where_the_heir_is_already_is_one_place(alice, bob, olga):
    rule = lead_makers.rule(alice, bob)
    PoolMember.objects.create(pool=Pool.default(), user=alice, is_administrator=True)
    PoolMember.objects.create(pool=Pool.default(), user=bob)
    batch = hand_over(alice, bob, by=olga)
    assert places_of(rule) == {"alice": False, "bob": True}
    assert list(PoolMember.objects.values_list("user", "is_administrator")) == [(bob.pk, True)]
    undo_batch(batch, by=olga)
    assert places_of(rule) == {"alice": True, "bob": True}
    assert dict(PoolMember.objects.values_list("user", "is_administrator")) == {alice.pk: True, bob.pk: False}


# --- who ---


def test_a_supervisor_leaves_what_she_may_not_assign(alice, bob, tess):
    makers.customer(owner=alice)
    lead_makers.lead(owner=alice)
    Right.objects.filter(role__code="supervisor", kind="lead", action="assign").update(reach=0)
    found = preview(alice, Plan(heirs=(bob.pk,)), by=tess)
    assert found.lines[-1].stays == ["You may not assign these."]
    hand_over(alice, bob, by=tess)
    assert (owners(Customer), owners(Lead)) == ({"bob": 1}, {"alice": 1})


def test_whoever_lost_the_right_meanwhile_moves_nothing(alice, bob, tess):
    makers.customer(owner=alice)
    batch = start_handover(alice, Plan(heirs=(bob.pk,)), by=tess)
    Right.objects.filter(role__code="supervisor", kind="customer", action="assign").update(reach=0)
    from records.handover.run import run_handover

    run_handover(batch)
    batch.refresh_from_db()
    assert owners(Customer) == {"alice": 1}
    assert batch.counts.get("moved", 0) == 0


def test_an_heir_out_of_reach_gets_nothing(alice, charlie, tess):
    makers.customer(owner=alice)
    hand_over(alice, charlie, by=tess)
    assert owners(Customer) == {"alice": 1}


def test_two_at_once_for_one_leaver_is_one(alice, bob, charlie, olga, tess):
    start_handover(alice, Plan(heirs=(bob.pk,)), by=tess)
    with pytest.raises(Refused) as refused:
        start_handover(alice, Plan(heirs=(charlie.pk,)), by=olga)
    assert refused.value.reason == "running"


# --- afterwards ---


def test_each_heir_gets_one_notice_which_undo_takes_back(alice, bob, olga):
    full_estate(alice)
    batch = hand_over(alice, bob, by=olga)
    notice = Notice.objects.get(user=bob)
    assert (notice.kind, notice.count) == ("handed_over", 9)
    undo_batch(batch, by=olga)
    assert not Notice.objects.filter(user=bob).exists()


def test_who_does_not_administer_asks_for_the_deactivation(alice, bob, ada, tess):
    makers.customer(owner=alice)
    hand_over(alice, bob, by=tess, deactivates=ASK)
    alice.refresh_from_db()
    assert alice.is_active
    assert Notice.objects.get(user=ada).kind == "deactivate_asked"


def test_who_administers_deactivates_and_undo_waits_for_the_return(alice, bob, olga):
    Right.objects.create(role=olga.roles.get(), kind="system", action="administer", reach=3)
    makers.customer(owner=alice)
    batch = hand_over(alice, bob, by=olga, deactivates=NOW)
    alice.refresh_from_db()
    assert not alice.is_active
    with pytest.raises(Refused):
        undo_batch(batch, by=olga)
    batch.refresh_from_db()
    assert (batch.state, owners(Customer)) == ("done", {"bob": 1})
    alice.is_active = True
    alice.save()
    assert undo_batch(batch, by=olga).restored == 1


def test_undo_leaves_and_names_what_others_changed(alice, bob, charlie, olga):
    at = makers.customer(owner=alice)
    makers.customer("Other", owner=alice)
    batch = hand_over(alice, bob, by=olga)
    from customers.assign import assign

    assign(Customer.objects.get(pk=at.pk), to=charlie, by=olga)
    result = undo_batch(batch, by=olga)
    assert result.restored == 1
    assert [(row["id"], row["by"]) for row in result.left] == [(at.pk, "Olga")]
    assert owners(Customer) == {"alice": 1, "charlie": 1}
