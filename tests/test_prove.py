"""The big proofs, small: they hold what they say, and leave a kept database as it was."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from crm.management.prove import assign, claim, kept_rows
from crm.management.prove.proofs import NotProved, line, must
from customers.claim import claim as claim_one
from customers.models import Customer, RecycleRule
from customers.models.pool import Pool, install_default_pool
from records.models import Event
from tests.customers.makers import customer


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_claims_at_once_are_proved_with_a_few_sessions():
    install_default_pool()
    said = []
    figures = claim.prove(said.append, sessions=6, rounds=3)
    assert figures.startswith("6 sessions, 3 customers: one winner each, 15 refused and told who won")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_assignment_by_four_processes_is_proved_with_a_few_leads(monkeypatch):
    monkeypatch.setattr(assign, "PEOPLE", 5)
    monkeypatch.setattr(assign, "SMALL_PORTION", 20)
    figures = assign.prove(lambda text: None, leads=203)
    assert "203 leads" in figures and "shares differ by 1" in figures and "exact for all" in figures


@pytest.mark.django_db(transaction=True)
def test_a_kept_database_is_put_back_as_it_was(alice):
    install_default_pool()
    row = customer()
    before = Customer.objects.filter(pk=row.pk).values().get()
    said = []
    kept_rows.keep()
    claim_one(row.pk, by=alice, now=timezone.now())
    RecycleRule.objects.create(pool=Pool.default(), name="Prove", is_active=True, idle_days=30)
    assert Event.objects.filter(pk__gt=kept_rows.last_event()).count() == 1
    kept_rows.put_back(said.append)
    assert Customer.objects.filter(pk=row.pk).values().get() == before
    assert not RecycleRule.objects.exists() and not Event.objects.filter(verb="claim").exists()
    kept_rows.put_back(said.append)  # nothing is kept any more
    assert said == ["  1 customers stand as before"]


def test_what_does_not_hold_is_said():
    with pytest.raises(NotProved, match="two winners"):
        must(False, "two winners")
    assert line("claim", "50 sessions").endswith("| `bin/prove claim` | 50 sessions |")


@pytest.mark.django_db
def test_the_command_asks_to_be_started_by_its_door():
    with pytest.raises(CommandError, match="bin/prove"):
        call_command("prove", "claim")
