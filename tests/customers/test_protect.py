"""Protection: so many at once, so many days ahead, counted for the owner under her lock, told on the dialog."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.assign import assign
from customers.models import Customer, ProtectionLimits
from customers.protect import protect
from records.models import Event
from records.refusals import Refused
from tests import factories
from tests.customers.makers import customer
from tests.threads import at_once


def limits(**fields):
    ProtectionLimits(**fields).save()


def ahead(days=5):
    return timezone.now() + timedelta(days=days)


def refusal(row, by, until=None):
    before = Customer.objects.values().get(pk=row.pk), Event.objects.count()
    with pytest.raises(Refused) as caught:
        protect(row, until or ahead(), by=by)
    assert (Customer.objects.values().get(pk=row.pk), Event.objects.count()) == before
    return caught.value


@pytest.mark.django_db
def test_the_cap_counts_what_the_owner_protects_whoever_did_it(alice, bob, tess):
    limits(most_at_once=2)
    protect(customer(owner=alice), ahead(), by=alice)
    protect(customer(owner=alice), ahead(), by=tess)
    protect(customer(owner=bob), ahead(), by=tess)
    refused = refusal(customer(owner=alice), tess)
    assert refused.reason == "protection_cap" and "Alice protects 2 customers already" in str(refused)


@pytest.mark.django_db
def test_what_is_over_ended_or_in_the_trash_takes_no_place_and_renewing_takes_none(alice):
    limits(most_at_once=1)
    held = customer(owner=alice)
    protect(held, ahead(), by=alice)
    protect(held, ahead(9), by=alice)
    protect(held, None, by=alice)
    Customer.objects.filter(pk=customer(owner=alice).pk).update(protected_until=ahead(-1))
    gone = customer(owner=alice, protected_until=ahead())
    gone.trash(by=alice)
    protect(customer(owner=alice), ahead(), by=alice)
    assert refusal(held, alice).reason == "protection_cap"


@pytest.mark.django_db
def test_a_protection_ends_within_the_days_of_the_company(alice):
    row = customer(owner=alice)
    assert refusal(row, alice, ahead(367)).reason == "too_long"
    limits(most_days=30)
    refused = refusal(row, alice, ahead(32))
    assert refused.reason == "too_long" and "at most 30 days" in str(refused)
    protect(row, ahead(30), by=alice)


@pytest.mark.django_db
def test_whoever_is_given_a_protected_customer_passes_the_cap_once(alice, bob, tess):
    limits(most_at_once=1)
    protect(customer(owner=bob), ahead(), by=bob)
    given = customer(owner=alice)
    protect(given, ahead(), by=alice)
    assign(given, to=bob, by=tess)
    assert Customer.objects.filter(owner=bob, protected_until__isnull=False).count() == 2
    assert refusal(customer(owner=bob), bob).reason == "protection_cap"


@pytest.mark.django_db(transaction=True)
def test_a_cap_stays_a_cap_when_many_are_protected_at_once(north):
    limits(most_at_once=3)
    owner = factories.person("keeper", "account_manager", team=north)
    rows = [customer(f"C{n}", owner=owner) for n in range(8)]

    def work(row):
        try:
            protect(row, ahead(), by=owner)
        except Refused:
            return False
        return True

    assert at_once(work, rows).count(True) == 3
    assert Customer.objects.filter(owner=owner, protected_until__isnull=False).count() == 3


@pytest.mark.django_db
def test_the_dialog_tells_how_many_and_until_when(alice, signed_in):
    limits(most_at_once=2, most_days=30)
    row, page = customer(owner=alice), signed_in(alice)
    url = reverse("customers:detail", args=[row.pk])
    shown = page.get(url).text
    last = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert "Alice protects 0 of at most 2 customers." in shown and f'max="{last}"' in shown
    assert "End the protection" not in shown
    page.post(reverse("customers:protect", args=[row.pk]), {"until": last})
    row.refresh_from_db()
    assert row.is_protected and "Alice protects 1 of at most 2 customers." in page.get(url).text
    page.post(reverse("customers:protect", args=[row.pk]), {"end": "1"})
    row.refresh_from_db()
    assert row.protected_until is None


@pytest.mark.django_db
def test_the_limits_are_set_by_who_rules_over_all_pools_and_name_who(olga, signed_in):
    url = reverse("customers:protection_limits")
    client = signed_in(olga)
    assert client.post(url, {"most_at_once": 5, "most_days": 60}).status_code == 302
    held = ProtectionLimits.get()
    assert (held.most_at_once, held.most_days, held.version) == (5, 60, 2)
    assert Event.objects.get(subject_kind="protection_limits").by == olga
    assert client.post(url, {"most_at_once": 0, "most_days": 60}).status_code == 422
    assert client.post(url, {"most_at_once": "", "most_days": 0}).status_code == 422


@pytest.mark.django_db
def test_the_api_refuses_in_words_and_ends_a_protection(alice, api):
    limits(most_days=10)
    row = customer(owner=alice)
    path = f"customers/{row.pk}/protect"
    answer = api(alice, path, {"until": ahead(40).isoformat()})
    assert (answer.status_code, answer.json()["reason"]) == (409, "too_long")
    assert api(alice, path, {"until": ahead(5).isoformat()}).json()["protected_until"]
    assert api(alice, path, {"until": None}).json()["protected_until"] is None
