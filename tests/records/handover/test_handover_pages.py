import re

import pytest

from customers.models import Customer, Task
from messaging.models import Notice
from records.handover import views
from records.models import Batch
from tests.customers import makers
from tests.records.handover.estate import full_estate, region

pytestmark = pytest.mark.django_db


def page(client, leaver, **asked):
    return client.get(f"/handover/{leaver.pk}/", asked)


def carried(answer):
    """What the page's confirming form posts."""
    form = answer.content.decode().partition('class="handover-confirm"')[2].partition("</form>")[0]
    found = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
    return {name: [value for key, value in found if key == name] for name, _value in found}


def test_the_way_from_the_menu_to_the_batch(signed_in, alice, bob, tess):
    full_estate(alice)
    client = signed_in(tess)
    assert "/handover/" in client.get("/").content.decode()
    assert client.get("/handover/", {"who": alice.pk})["Location"] == f"/handover/{alice.pk}/"
    shown = page(client, alice)
    assert "Customers: 1" in shown.content.decode()
    looked = page(client, alice, way="one", heir=bob.pk, look="1")
    assert "who administers that pool decides" in looked.content.decode()
    assert looked.context["preview"].moved == 6
    assert Customer.objects.get().owner == alice
    posted = client.post(f"/handover/{alice.pk}/start/", carried(looked))
    batch = Batch.objects.get(verb="handover")
    assert posted["Location"] == f"/batches/{batch.pk}/"
    assert Customer.objects.get().owner == bob
    told = client.get(posted["Location"]).content.decode()
    assert "Who got what" in told and "Undo this batch" in told
    client.post(f"/batches/{batch.pk}/undo/")
    assert Customer.objects.get().owner == alice


def test_a_double_click_makes_one_batch(signed_in, alice, bob, tess):
    makers.customer(owner=alice)
    client = signed_in(tess)
    sent = carried(page(client, alice, heir=bob.pk, look="1"))
    first = client.post(f"/handover/{alice.pk}/start/", sent)
    second = client.post(f"/handover/{alice.pk}/start/", sent)
    assert first["Location"] == second["Location"]
    assert Batch.objects.filter(verb="handover").count() == 1


def test_a_plan_by_region_and_evenly_travels_with_the_form(signed_in, alice, bob, tess):
    north = region("Northland")
    makers.customer("A", owner=alice, region=north)
    makers.customer("B", owner=alice)
    client = signed_in(tess)
    looked = page(client, alice, way="region", heir=bob.pk, **{f"region_{north.pk}": tess.pk}, look="1")
    assert dict(looked.context["preview"].lines[0].shares) == {"Bob": "1", "Tess": "1"}
    client.post(f"/handover/{alice.pk}/start/", carried(looked))
    assert dict(Customer.objects.values_list("name", "owner__name")) == {"A": "Tess", "B": "Bob"}
    evenly = page(client, bob, way="evenly", heirs=[alice.pk, tess.pk], look="1")
    assert evenly.context["preview"].moved == 1
    client.post(f"/handover/{bob.pk}/start/", carried(evenly))
    assert Customer.objects.get(name="B").owner in (alice, tess)


def test_a_plan_without_anybody_is_refused_where_it_is_typed(signed_in, alice, tess):
    makers.customer(owner=alice)
    answer = page(signed_in(tess), alice, way="one", look="1")
    assert answer.status_code == 422
    assert "Name at least one heir." in answer.content.decode()


@pytest.mark.parametrize("heir", ["alice", "charlie", "nobody"])
def test_nobody_inherits_who_may_not_work_with_it_or_is_out_of_reach(signed_in, everybody, heir):
    makers.customer(owner=everybody["alice"])
    client = signed_in(everybody["tess"])
    asked = {"way": "one", "heir": everybody[heir].pk, "look": "1"}
    assert page(client, everybody["alice"], **asked).status_code == 422
    client.post(f"/handover/{everybody['alice'].pk}/start/", asked)
    assert not Batch.objects.exists()


def test_many_rows_move_in_the_background_with_progress(signed_in, alice, bob, tess, monkeypatch):
    makers.customer(owner=alice)
    monkeypatch.setattr(views, "AT_ONCE", 0)
    sent = []
    monkeypatch.setattr(views.hand_over, "delay_on_commit", sent.append)
    client = signed_in(tess)
    client.post(f"/handover/{alice.pk}/start/", carried(page(client, alice, heir=bob.pk, look="1")))
    batch = Batch.objects.get()
    assert (sent, batch.state) == ([batch.pk], "running")
    assert "hx-get" in client.get(f"/batches/{batch.pk}/").content.decode()
    assert "hx-get" in client.get(f"/batches/{batch.pk}/handover/").content.decode()
    views.run_handover(batch)
    assert "hx-get" not in client.get(f"/batches/{batch.pk}/handover/").content.decode()
    assert Customer.objects.get().owner == bob


def test_who_left_already_is_chosen_too(signed_in, alice, bob, tess):
    makers.task(alice)
    alice.is_active = False
    alice.save()
    client = signed_in(tess)
    assert "Alice (has left)" in client.get("/handover/").content.decode()
    client.post(f"/handover/{alice.pk}/start/", carried(page(client, alice, heir=bob.pk, look="1")))
    assert Task.objects.get().owner == bob


def test_a_sudden_leave_is_told_to_who_can_hand_over(api, alice, ada, tess, olga, bob):
    makers.customer(owner=alice)
    assert api(ada, f"users/{alice.pk}", method="delete").status_code == 204
    told = {notice.user: notice for notice in Notice.objects.filter(kind="left_behind")}
    assert set(told) == {tess, olga}
    assert told[tess].count == 1


def test_an_administrator_sees_who_can_hand_over_but_no_figures(signed_in, alice, ada, tess):
    from django.utils import timezone

    client = signed_in(ada)
    session = client.session
    session["confirmed_at"] = timezone.now().timestamp()
    session.save()
    assert "Holds open work" not in client.get(f"/admin/accounts/user/{alice.pk}/change/").content.decode()
    makers.customer(owner=alice)
    shown = client.get(f"/admin/accounts/user/{alice.pk}/change/").content.decode()
    assert "Holds open work. Who can hand it over: Tess." in shown
    assert f"/handover/{alice.pk}/" not in shown
