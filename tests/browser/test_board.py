"""The board in a real browser: dragged, worked by keyboard, on a phone, and when somebody was faster."""

import datetime
from decimal import Decimal

import pytest

from sales.models import Opportunity
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def deals(alice, bob):
    acme, globex = customer("Acme GmbH", owner=alice), customer("Globex Corporation", owner=alice)
    today = datetime.date.today()
    made = [
        makers.opportunity(
            f"{number} pumps for the plant", owner=alice, customer=(acme, globex, None)[number % 3],
            amount=Decimal(1234) * number, close_on=today + datetime.timedelta(days=9 * number - 20),
            stage=makers.stage(number % 3 + 1), now=None if number % 2 else old(),
        )
        for number in range(1, 10)
    ]  # fmt: skip
    makers.opportunity("Bob's own", owner=bob)
    return made


def old():
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=40)


def in_stage(page, order):
    return page.locator(f"#cards-{makers.stage(order).pk} .board-card")


def test_a_dragged_card_stands_in_its_new_stage(browse, alice, deals):
    page = browse(alice)
    page.goto("/sales/pipeline/")
    card = page.locator(f"#card-{deals[0].pk}")
    card.drag_to(page.locator(f"#cards-{makers.stage(4).pk}"))
    page.locator(f"#cards-{makers.stage(4).pk} #card-{deals[0].pk}").wait_for()
    page.locator(f"#head-{makers.stage(4).pk}", has_text="€1,234.00").wait_for()
    deals[0].refresh_from_db()
    assert deals[0].stage == makers.stage(4)


def test_a_card_that_a_colleague_moved_is_not_moved_again(browse, alice, bob, deals):
    page = browse(alice)
    page.goto("/sales/pipeline/")
    deals[0].move(makers.stage(3), by=bob)
    page.locator(f"#card-{deals[0].pk}").drag_to(page.locator(f"#cards-{makers.stage(4).pk}"))
    page.get_by_text("Somebody was faster").wait_for()
    page.locator(f"#cards-{makers.stage(3).pk} #card-{deals[0].pk}").wait_for()
    deals[0].refresh_from_db()
    assert deals[0].stage == makers.stage(3)


def test_a_card_goes_back_when_the_server_cannot_be_asked(browse, alice, deals):
    page = browse(alice)
    page.goto("/sales/pipeline/")
    page.route("**/move/", lambda route: route.abort())
    page.locator(f"#card-{deals[0].pk}").drag_to(page.locator(f"#cards-{makers.stage(4).pk}"))
    page.locator(f"#cards-{makers.stage(2).pk} #card-{deals[0].pk}").wait_for()
    page.locator("[data-toast]").wait_for()
    assert Opportunity.objects.get(pk=deals[0].pk).stage == makers.stage(2)


def test_the_menu_of_a_card_works_by_keyboard(browse, alice, deals):
    page = browse(alice)
    page.goto("/sales/pipeline/")
    menu = page.locator(f"#card-{deals[0].pk} summary")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move to Proposal").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(f"#cards-{makers.stage(3).pk} #card-{deals[0].pk}:focus-within").wait_for()


def test_a_card_is_won_and_lost_from_its_menu(browse, alice, deals):
    page = browse(alice)
    page.goto("/sales/pipeline/")
    won, lost = deals[0], deals[2]
    page.locator(f"#card-{won.pk} summary").click()
    page.get_by_role("button", name="Won").click()
    page.get_by_text("is won").wait_for()
    page.locator(f"#card-{won.pk}").wait_for(state="detached")
    page.locator(f"#card-{lost.pk} summary").click()
    page.locator(f"#card-{lost.pk}").get_by_text("Lost").click()
    page.get_by_label("Reason").select_option("price")
    page.get_by_role("button", name="Mark as lost").click()
    page.get_by_text("is marked as lost").wait_for()
    states = Opportunity.objects.filter(pk__in=[won.pk, lost.pk]).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["won", "lost"]


def test_on_a_phone_the_menu_moves_a_card(browse, alice, deals):
    page = browse(alice, phone=True)
    page.goto("/sales/pipeline/")
    page.locator(f"#card-{deals[2].pk} summary").tap()
    page.get_by_role("button", name="Move to Needs analysis").tap()
    page.locator(f"#cards-{makers.stage(2).pk} #card-{deals[2].pk}").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_without_scripts_the_page_of_an_opportunity_moves_it(browse, alice, deals):
    page = browse(alice, scripts=False)
    page.goto("/sales/pipeline/")
    page.get_by_role("link", name=deals[0].name).click()
    page.get_by_text("Move to", exact=True).click()
    page.get_by_role("button", name="Negotiation").click()
    page.get_by_text("moved to “Negotiation”").wait_for()
