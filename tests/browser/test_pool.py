"""Claiming from the pool in a real browser: one click, a clear result, and the bell."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.claim import claim
from customers.models import Customer, Pool, RecycleRule
from customers.models.pool import install_default_pool
from messaging.notices import tell
from tests.customers.makers import customer

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def pool(transactional_db):
    install_default_pool()


def test_a_claim_says_in_the_row_what_came_of_it(browse, alice, bob):
    prize, lost = customer("Prize Ltd"), customer("Lost Ltd")
    page = browse(alice)
    page.goto("/customers/pool/")
    claim(lost.pk, by=bob)
    page.get_by_role("row", name="Lost Ltd").get_by_role("button", name="Claim").click()
    page.get_by_text("Bob was faster").wait_for()
    page.get_by_role("row", name="Prize Ltd").get_by_role("button", name="Claim").click()
    page.get_by_text("“Prize Ltd” is yours now.").wait_for()
    page.get_by_role("link", name="Open").click()
    page.get_by_role("heading", name="Prize Ltd").wait_for()
    assert Customer.objects.get(pk=prize.pk).owner == alice


def test_without_javascript_claims_one_and_many(browse, alice):
    for name in ("One", "Two", "Three"):
        customer(name)
    page = browse(alice, scripts=False)
    page.goto("/customers/pool/")
    page.get_by_role("row", name="One").get_by_role("button", name="Claim").click()
    page.get_by_text("“One” is yours now.").wait_for()
    page.goto("/customers/pool/")
    for name in ("Two", "Three"):
        page.get_by_role("checkbox", name=name).check()
    page.locator(".list-bulk").get_by_role("button", name="Claim").click()
    page.get_by_role("heading", name="2 of 2 claimed").wait_for()


def test_release_asks_why(browse, alice):
    mine = customer("Mine Ltd", owner=alice)
    page = browse(alice)
    page.goto(f"/customers/{mine.pk}/")
    page.get_by_label("More actions").first.click()
    page.get_by_text("Release into the pool").click()
    page.get_by_role("combobox", name="Reason").select_option("no_need")
    page.get_by_role("button", name="Release", exact=True).click()
    page.get_by_text("is in the pool").wait_for()
    assert Customer.objects.get(pk=mine.pk).owner is None


def test_a_rule_is_tried_before_it_is_saved(browse, olga, alice):
    cold = customer("Cold Ltd", owner=alice)
    Customer.objects.filter(pk=cold.pk).update(assigned_at=timezone.now() - timedelta(days=40))
    page = browse(olga)
    page.goto("/customers/pool/rules/new/")
    page.locator("#id_name").fill("Cold")
    page.locator("#id_idle_days").fill("30")
    page.get_by_role("button", name="Try").click()
    page.get_by_text("This rule would move 1 customer tonight.").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Created.").wait_for()
    assert RecycleRule.objects.get().pool == Pool.default()


def test_the_bell_opens_the_latest_notices_and_reading_leads_on(browse, alice):
    mine = customer("Mine Ltd", owner=alice)
    tell("assigned", {alice.pk: (1, {"customer": mine.pk})}, key="a")
    page = browse(alice)
    page.goto("/customers/pool/")
    page.get_by_label("Notices").first.click()
    page.get_by_role("button", name="“Mine Ltd” was assigned to you.").click()
    page.get_by_role("heading", name="Mine Ltd").wait_for()
    assert page.locator(".bell-number").count() == 0
