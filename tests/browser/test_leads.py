"""A lead on its way in a real browser: created, found to be known, contacted, qualified, converted; the rules."""

import pytest

from customers.models import Customer
from leads.assign import assign_leads
from leads.contact_log import log_contact
from leads.create import create_lead
from leads.models import AssignmentRule, Lead
from sales.models import Opportunity
from tests.browser.axe import serious
from tests.leads import makers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VALUES = {
    "name": "Anna Weber", "company": "Nordwind GmbH", "position": "Head of purchasing", "phone": "+49 30 1234567",
    "email": "anna@nordwind.example", "need": "Forty pumps for the plant", "country": "DE", "rating_by_hand": "hot",
}  # fmt: skip


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_from_a_new_lead_to_a_customer_with_an_opportunity(browse, alice):
    page = browse(alice)
    page.goto("/leads/new/")
    page.get_by_label("Name of the person").fill("Anna Weber")
    page.get_by_label("Company", exact=True).fill("Nordwind GmbH")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Anna Weber").wait_for()
    page.get_by_placeholder("What was said or agreed?").fill("Wants forty pumps")
    page.get_by_role("button", name="Log", exact=True).click()
    page.get_by_text("Wants forty pumps").wait_for()
    page.get_by_role("button", name="Qualify").click()
    page.get_by_text("The lead is qualified.").wait_for()
    page.get_by_role("link", name="Convert").click()
    page.get_by_role("button", name="Convert").click()
    page.get_by_role("heading", name="Nordwind GmbH").wait_for()
    assert Lead.objects.get().state == "converted"
    assert (Customer.objects.get().name, Opportunity.objects.get().customer) == (
        "Nordwind GmbH",
        Customer.objects.get(),
    )
    page.get_by_text("Wants forty pumps").wait_for()


def test_what_is_known_already_shows_while_it_is_typed(browse, alice):
    create_lead(VALUES, by=alice, owner=alice)
    page = browse(alice)
    page.goto("/leads/new/")
    page.locator("#id_email").fill("ANNA@nordwind.example")
    page.locator("#id_email").press("Tab")
    page.get_by_text("This may be known already").wait_for()
    page.get_by_role("link", name="Anna Weber").wait_for()


def test_losing_asks_for_the_reason(browse, alice):
    lead = create_lead(VALUES, by=alice, owner=alice)
    page = browse(alice, phone=True)
    page.goto(f"/leads/{lead.pk}/")
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Lose").click()
    page.get_by_label("Reason").select_option("no_budget")
    page.locator("#lose").get_by_role("button", name="Lose").click()
    page.get_by_text("The lead is lost.").wait_for()
    lead.refresh_from_db()
    assert (lead.state, lead.lost_reason.code) == ("lost", "no_budget")


def test_a_rule_is_made_tried_and_switched_on(browse, tess, alice, bob, north):
    makers.lead("Waiting", team=north)
    page = browse(tess)
    page.goto("/leads/rules/new/")
    page.locator("#id_name").fill("North")
    page.locator("#id_team").select_option(label="North")
    page.locator("#id_members-0-user").select_option(label="Alice")
    page.locator("#id_members-1-user").select_option(label="Bob")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("North: 1 lead to Alice 1").wait_for()
    page.get_by_role("button", name="Switch on").click()
    page.get_by_text("The rule is switched on.").wait_for()
    assert AssignmentRule.objects.get().is_active
    assert Lead.objects.waiting().count() == 1


@pytest.mark.parametrize("look", ["light desk", "dark phone"])
def test_the_pages_of_leads_are_accessible_and_fit(browse, alice, bob, tess, look):
    lead = create_lead(VALUES, by=alice, owner=alice)
    log_contact(lead, {"type": "call", "content": "Wants forty pumps"}, by=alice)
    create_lead({**VALUES, "name": "Anna W."}, by=alice, owner=bob)
    rule = makers.rule(alice, bob, team=tess.team, contact_within=60)
    waiting = makers.lead("Li Wei", team=tess.team)
    assign_leads(now=lead.created_at)
    page = browse(tess, phone="phone" in look, dark="dark" in look)
    for address in (
        "/leads/", "/leads/new/", f"/leads/{lead.pk}/", f"/leads/{waiting.pk}/", f"/leads/{lead.pk}/edit/",
        f"/leads/{lead.pk}/convert/", "/leads/rules/", f"/leads/rules/{rule.pk}/", "/leads/rules/dry-run/",
        "/leads/rules/simulation/", "/leads/rules/fairness/", f"/leads/{waiting.pk}/rules/", "/profile/duty/",
    ):  # fmt: skip
        answer = page.goto(address)
        assert answer.status == 200, address
        assert (address, serious(page)) == (address, [])
        assert (address, fits(page)) == (address, True)
