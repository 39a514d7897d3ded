"""The merge page, the old address, the queue of likely pairs, and the verb of the API."""

import pytest
from django.urls import reverse

from customers.models import Customer, PointKind
from customers.points import Point, add_point
from records.merge.pairs import find_pairs
from records.merge.run import merge
from records.models import Batch, LikelyPair
from tests.customers import makers
from tests.leads.makers import lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(alice, charlie):
    keep = makers.customer("Acme GmbH", owner=alice, comment="Mine")
    drop = makers.customer("ACME", owner=charlie, city="Berlin", comment="Theirs")
    for one in (keep, drop):
        add_point(one, Point(PointKind.EMAIL, "info@acme.example"), by=alice)
    return Customer.objects.get(pk=keep.pk), Customer.objects.get(pk=drop.pk)


@pytest.fixture
def found(pair):
    find_pairs("customer", [one.pk for one in pair])
    return LikelyPair.objects.get()


def merging(keep, drop, **more):
    return {"with": drop.pk, "keep_version": keep.version, "drop_version": drop.version, "go": "1", **more}


def test_both_stand_side_by_side_with_what_will_stand(signed_in, olga, pair):
    keep, drop = pair
    client = signed_in(olga)
    page = client.get(reverse("customers:merge", args=[keep.pk]), {"with": drop.pk}).content.decode()
    assert "Mine<br><br>Theirs" in page
    assert reverse("customers:merge", args=[drop.pk]) in page
    assert Customer.objects.count() == 2


def test_a_choice_is_shown_before_anything_happens(signed_in, olga, pair):
    keep, drop = pair
    client = signed_in(olga)
    url = reverse("customers:merge", args=[keep.pk])
    answer = client.post(url, {"with": drop.pk, "name": "drop"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert answer.context["plan"].values["name"] == "ACME"
    assert not Batch.objects.exists()


def test_merging_leads_to_the_one_that_stands_and_offers_undo(signed_in, olga, pair):
    keep, drop = pair
    client = signed_in(olga)
    answer = client.post(reverse("customers:merge", args=[keep.pk]), merging(keep, drop, name="drop"), follow=True)
    assert answer.redirect_chain == [(reverse("customers:detail", args=[keep.pk]), 302)]
    keep.refresh_from_db()
    assert keep.name == "ACME"
    assert reverse("records:batch_undo", args=[Batch.objects.get().pk]) in answer.content.decode()


def test_a_double_click_merges_once_and_is_told(signed_in, olga, pair):
    keep, drop = pair
    client = signed_in(olga)
    url = reverse("customers:merge", args=[keep.pk])
    client.post(url, merging(keep, drop))
    assert client.post(url, merging(keep, drop)).status_code == 404
    assert Batch.objects.count() == 1


def test_a_colleagues_edit_is_told_and_shown(signed_in, olga, alice, pair):
    keep, drop = pair
    seen = merging(keep, drop)
    drop.edit({"website": "new.example"}, by=alice)
    client = signed_in(olga)
    answer = client.post(reverse("customers:merge", args=[keep.pk]), seen)
    assert answer.status_code == 409
    assert "new.example" in answer.content.decode()
    assert not Batch.objects.exists()


def test_the_old_address_leads_to_the_one_that_stands(signed_in, olga, alice, charlie, pair):
    keep, drop = pair
    merge(keep, drop, by=olga)
    client = signed_in(alice)
    for name in ("detail", "details", "files", "history"):
        answer = client.get(reverse(f"customers:{name}", args=[drop.pk]))
        assert (answer.status_code, answer.url) == (302, reverse("customers:detail", args=[keep.pk]))
    client = signed_in(charlie)
    assert client.get(reverse("customers:detail", args=[drop.pk])).status_code == 404


@pytest.mark.parametrize("name", ["alice", "tess", "erin", "finn"])
def test_who_may_not_merge_changes_nothing(signed_in, request, pair, name):
    keep, drop = pair
    client = signed_in(request.getfixturevalue(name))
    answer = client.post(reverse("customers:merge", args=[keep.pk]), merging(keep, drop))
    assert answer.status_code in (403, 404)
    assert (Batch.objects.count(), Customer.objects.live().count()) == (0, 2)


def test_the_list_takes_two_to_the_merge_page(signed_in, olga, pair):
    keep, drop = pair
    client = signed_in(olga)
    url = reverse("lists:bulk", args=["customers", "merge"])
    answer = client.post(url, {"ids": [keep.pk, drop.pk]})
    assert answer.url == f"{reverse('customers:merge', args=[keep.pk])}?with={drop.pk}"
    answer = client.post(url, {"ids": [keep.pk]}, follow=True)
    assert "Select exactly two" in answer.content.decode()


def test_without_the_other_one_it_asks_and_proposes(signed_in, olga, pair, found):
    keep, drop = pair
    client = signed_in(olga)
    url = reverse("customers:merge", args=[keep.pk])
    page = client.get(url).content.decode()
    assert f"{url}?with={drop.pk}" in page
    assert client.get(url, {"other": drop.pk}).url == f"{url}?with={drop.pk}"


def test_the_queue_shows_pairs_of_which_she_may_merge_both(signed_in, olga, pair, found):
    client = signed_in(olga)
    page = client.get(reverse("customers:duplicates"))
    assert [row.pk for row, _url in page.context["rows"]] == [found.pk]
    assert "same e-mail" in page.content.decode()


def test_what_was_judged_leaves_the_queue_and_can_come_back(signed_in, olga, found):
    client = signed_in(olga)
    judge, url = reverse("customers:duplicates_judge"), reverse("customers:duplicates")
    client.post(judge, {"ids": [found.pk]})
    assert not client.get(url).context["rows"]
    assert client.get(url, {"state": "different"}).context["rows"]
    client.post(judge, {"ids": [found.pk], "again": "1"})
    assert client.get(url).context["rows"]


def test_the_queue_is_paged_by_key(signed_in, olga, alice):
    rows = [makers.customer(f"C{n}", owner=alice) for n in range(122)]
    made = {"kind": "customer", "found_at": "2026-01-01T00:00Z", "seen_at": "2026-01-01T00:00Z"}
    LikelyPair.objects.bulk_create(
        LikelyPair(low_id=rows[n].pk, high_id=rows[n + 61].pk, score=25 + n % 3, **made) for n in range(61)
    )
    client = signed_in(olga)
    url, seen = reverse("customers:duplicates"), []
    while url:
        page = client.get(url)
        seen += [row.pk for row, _url in page.context["rows"]]
        url = page.context["older_url"]
    assert len(seen) == len(set(seen)) == 61


def test_the_search_asked_for_runs_in_the_background(signed_in, olga, django_capture_on_commit_callbacks, monkeypatch):
    from records import tasks

    asked = []
    monkeypatch.setattr(tasks.run_job, "delay_on_commit", lambda *names, **how: asked.append((names, how)))
    client = signed_in(olga)
    client.post(reverse("customers:duplicates_search"))
    assert asked == [(("customers.find_duplicates",), {"force": True})]


def test_two_leads_are_merged_on_the_same_page(signed_in, olga, alice):
    keep, drop = lead("Anna", owner=alice), lead("Anna Weber", owner=alice, email="anna@acme.example")
    client = signed_in(olga)
    client.post(reverse("leads:merge", args=[keep.pk]), merging(keep, drop))
    keep.refresh_from_db()
    assert keep.email == "anna@acme.example"
    answer = client.get(reverse("leads:detail", args=[drop.pk]))
    assert answer.url == reverse("leads:detail", args=[keep.pk])
