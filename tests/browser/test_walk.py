"""A new user's walk from the sign-in to the funnel."""

import pytest

from customers.models.pool import install_default_pool
from leads.models import Lead
from sales.models import Opportunity
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WALKS = [
    pytest.param("en", {}, id="en desk light"),
]


@pytest.fixture(autouse=True)
def pool(transactional_db):
    install_default_pool()


class Walker:
    """Goes through pages by what every language shares: addresses and names of fields."""

    def __init__(self, page):
        self.page = page
        self.wrong = []
        page.on("response", lambda answer: self.wrong.append(answer.url) if answer.status >= 500 else None)
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.set_default_timeout(60_000)

    def opens(self, address):
        assert self.page.goto(address).status == 200, address
        self.fits()

    def sends(self, action):
        """The form on the page whose address ends so."""
        with self.page.expect_navigation():
            self.page.locator(f"form[action$='{action}'] button:visible").first.click()
        self.fits()

    def saves(self):
        with self.page.expect_navigation():
            self.page.locator("main form button[type=submit].btn-primary:visible").last.click()
        self.fits()

    def fits(self):
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], self.page.url


@pytest.mark.parametrize(("language", "look"), WALKS)
def test_a_new_user_walks_from_lead_to_funnel(browse, alice, language, look):
    alice.language = language
    alice.save()
    walker = Walker(browse(**look))
    sign_in(walker)
    lead = enter_a_lead(walker)
    deal = convert(walker, lead)
    win(walker, deal)
    for address in ("/customers/", "/customers/pool/", "/tasks/", "/sales/quotes/", "/sales/orders/", "/profile/"):
        walker.opens(address)
    see_the_funnel(walker)
    assert walker.page.locator("html").get_attribute("lang").lower() == language
    assert walker.wrong == []


def sign_in(walker):
    walker.opens("/login/")
    walker.page.locator("[name=username]").fill("alice")
    walker.page.locator("[name=password]").fill(PASSWORD)
    with walker.page.expect_navigation():
        walker.page.locator("main button[type=submit], form:has([name=password]) button[type=submit]").first.click()
    walker.opens("/")


def enter_a_lead(walker):
    walker.opens("/leads/new/")
    walker.page.locator("#id_name").fill("Anna Weber")
    walker.page.locator("#id_company").fill("Nordwind GmbH")
    walker.saves()
    lead = Lead.objects.get()
    walker.sends(f"/leads/{lead.pk}/qualify/")
    return lead


def convert(walker, lead):
    walker.opens(f"/leads/{lead.pk}/convert/")
    walker.saves()
    return Opportunity.objects.get()


def win(walker, deal):
    walker.opens("/sales/pipeline/")
    walker.page.locator(f"#card-{deal.pk}").wait_for()
    walker.opens(f"/sales/opportunities/{deal.pk}/")
    walker.sends(f"/{deal.pk}/win/")
    deal.refresh_from_db()
    assert deal.state == "won"


def see_the_funnel(walker):
    walker.opens("/reports/funnel/")
    walker.page.locator("canvas").first.wait_for()
    assert walker.page.locator("[name=period]").input_value() != ""
    walker.opens("/reports/contribution/")
