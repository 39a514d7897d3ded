"""A new company's first days: set-up, a real pipeline brought in, worked from lead to payment, seen in reports.

One walk, told once; each of the six takes another language, screen or theme.
"""

import re

import pytest
from django.core import mail
from django.test import override_settings

from accounts.models import Role, User
from accounts.setup_link import setup_link
from crm.celery import app as jobs
from customers.models import Customer
from customers.models.pool import install_default_pool
from leads.models import Lead
from sales.models import Opportunity, Order, Quote, Stage
from tests.browser.walker import Walker
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADERS = {  # as somebody who writes in this language would head the columns
    "en": ("Company,Phone,E-mail,City,Owner", "Opportunity,Customer,Stage,Amount,Created,Owner"),
    "zh-hans": ("公司,电话,邮箱,城市,负责人", "商机,客户,阶段,金额,创建日期,负责人"),
    "ru": ("Компания,Телефон,Почта,Город,Ответственный", "Сделка,Клиент,Этап,Сумма,Дата создания,Ответственный"),
}
CUSTOMERS = (
    "Nordwind Logistik GmbH,+49 30 1234567,kontakt@nordwind.example,Berlin,alice\n"
    "北京海淀科技有限公司,+86 10 6552 9988,,北京,alice\n"
    "ООО «Ромашка»,+7 495 123-45-67,,Москва,alice\n"
)
DEALS = (
    "Pumpwerk Nord,Nordwind Logistik GmbH,Qualification,12000,2026-01-15,alice\n"
    "Pumpwerk Süd,ООО «Ромашка»,Proposal,8000,2026-02-15,alice\n"
)
WALKS = [
    pytest.param("en", "light", False, id="en light desk"),
    pytest.param("zh-hans", "dark", True, id="zh dark phone"),
    pytest.param("ru", "dark", False, id="ru dark desk"),
    pytest.param("en", "light", True, id="en light phone"),
    pytest.param("zh-hans", "light", False, id="zh light desk"),
    pytest.param("ru", "dark", True, id="ru dark phone"),
]


@pytest.fixture(autouse=True)
def at_once(transactional_db, live_server):
    """Jobs run where they are asked for; that a worker does them too, and when killed, is shown in tests/jobs."""
    install_default_pool()
    jobs.conf.task_always_eager = True
    with override_settings(PUBLIC_URL=live_server.url):
        yield
    jobs.conf.task_always_eager = False


@pytest.fixture
def walk(browse, request):
    """``walk(person)`` is a walker signed in as that person, or nobody yet; what they complain of fails the test."""
    walkers = []

    def start(person, *, language, theme, phone):
        page = browse(person, language=language, dark=theme == "dark", phone=phone)
        walkers.append(Walker(page, language=language, theme=theme, phone=phone))
        return walkers[-1]

    yield start
    complaints = [complaint for walker in walkers for complaint in walker.watch.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(("language", "theme", "phone"), WALKS)
def test_from_an_empty_system_to_a_paid_order(walk, tmp_path, alice, bob, tess, finn, language, theme, phone):
    def be(person=None):
        return walk(person, language=language, theme=theme, phone=phone)

    User.objects.update(language=language, theme=theme)
    set_up(be())
    rita = be()
    accept_invitation(rita)
    bring_in(rita, tmp_path)
    her = be()
    sign_in(her, "alice")
    find_by_search(her)
    supervisor = be(tess)
    edit_while_another_does(her, supervisor)
    lead = enter_a_lead(supervisor)
    assign_the_lead(supervisor, lead)
    work_the_lead(her, lead)
    move_on_the_board(her)
    give_back_and_claim(her, be(bob))
    quote = write_a_quote(her)
    order = make_the_order(her, quote)
    collect(be(finn), order)
    see_the_figures(supervisor)


def set_up(new):
    """The first administrator enters the colleague who brings in the data, and invites her."""
    new.opens(setup_link())
    new.fills(username="ada", name="Ada Winter", email="ada@example.com", password=PASSWORD)
    new.page.locator("[name=password]").press("Enter")
    new.page.locator("#side-nav").wait_for(state="attached")
    new.watch.look()
    new.opens("/admin/")
    new.page.goto("/admin/accounts/user/add/")
    new.watch.look()
    new.fills(password=PASSWORD)
    with new.page.expect_navigation():  # the admin's script moves the focus once the page has loaded
        new.page.locator("[name=password]").press("Enter")
    new.page.locator("[name=username]").fill("rita")
    new.page.locator("[name=name]").fill("Rita Sommer")
    new.page.locator("[name=email]").fill("rita@example.com")
    new.page.locator("select[name=language]").select_option(new.language)
    new.page.locator(".add-row a").first.click()
    new.page.locator("select[name=user_roles-0-role]").select_option(str(Role.objects.get(code="operations").pk))
    new.watch.look()
    new.page.locator("[name=_save]").click()
    new.page.locator("#changelist").wait_for()
    new.watch.look()
    rita = User.objects.get(username="rita")
    new.page.locator(f"input[name=_selected_action][value='{rita.pk}']").check()
    new.page.locator("select[name=action]").select_option("invite")
    new.page.locator("#changelist-form [name=index]").click()
    new.page.locator(".messagelist").wait_for()


def accept_invitation(rita):
    link = re.search(r"http\S+", mail.outbox[-1].body)
    rita.opens(link[0])
    rita.fills(new_password1=PASSWORD, new_password2=PASSWORD)
    rita.presses("Save the password")
    sign_in(rita, "rita")


def sign_in(walker, username):
    if not walker.page.locator("[name=username]").count():
        walker.opens("/login/")
    walker.fills(username=username, password=PASSWORD)
    walker.presses("Sign in")
    walker.page.locator("#side-nav").wait_for(state="attached")


def bring_in(rita, folder):
    """A file of customers and one of opportunities, each tested before it is written."""
    of_customers, of_deals = HEADERS[rita.language]
    for kind, header, text, rows in (("customer", of_customers, CUSTOMERS, 3), ("opportunity", of_deals, DEALS, 2)):
        file = folder / f"{kind}.csv"
        file.write_text(f"{header}\n{text}", "utf-8")
        bring_in_file(rita, kind, file, rows)
    rita.presses("See the batch, or undo it")
    rita.goes("Batches")
    assert set(Customer.objects.values_list("owner__username", flat=True)) == {"alice"}


def bring_in_file(rita, kind, file, rows):
    rita.goes("Import")
    rita.chooses(kind=kind)
    rita.page.locator("input[type=file]").set_input_files(file)
    rita.presses("Upload")
    rita.presses("Test the file")
    rita.is_told("This is what would happen. Nothing has been written yet.")
    rita.presses("Import now")
    added = rita.page.locator(".stat").filter(has_text=rita.says("Added"))
    assert str(rows) in added.inner_text()


def find_by_search(her):
    """By a number as somebody would say it, from anywhere."""
    her.page.locator("[data-opens=search]:visible").first.click()
    her.page.locator("#search [name=q]").press_sequentially("030 1234567", delay=0)
    her.page.locator("#search .search-hit").filter(has_text="Nordwind").wait_for()
    her.watch.look()
    with her.page.expect_navigation():
        her.page.locator("#search .search-hit").filter(has_text="Nordwind").click()
    her.watch.look()
    her.page.get_by_role("heading", name="Nordwind Logistik GmbH").wait_for()


def edit_while_another_does(her, tess):
    """Both change the name and something else: only the name is asked about, and nothing typed is lost."""
    nordwind = Customer.objects.get(name__startswith="Nordwind")
    for each in (her, tess):
        each.opens(f"/customers/{nordwind.pk}/edit/")
    tess.fills(name="Nordwind AG")
    tess.presses("Save")
    her.fills(name="Nordwind Gruppe", website="https://nordwind.example")
    her.presses("Save")
    her.is_told("Someone else saved this meanwhile")
    her.page.locator("[name=keep_name][value=theirs]").check()
    her.presses("Save")
    nordwind.refresh_from_db()
    assert (nordwind.name, nordwind.website) == ("Nordwind AG", "https://nordwind.example")
    for tab in ("details", "files", "history"):
        her.opens(f"/customers/{nordwind.pk}/{tab}/")


def enter_a_lead(tess):
    tess.opens("/leads/new/")
    tess.fills(name="Anna Weber", company="Sonnenhof GmbH", email="anna@sonnenhof.example")
    tess.presses("Save")
    tess.page.get_by_role("heading", name="Anna Weber").wait_for()
    return Lead.objects.get()


def assign_the_lead(tess, lead):
    tess.opens("/leads/")
    tess.follows("Anna Weber")
    tess.more()
    tess.asks("Assign")
    tess.chooses(owner=str(User.objects.get(username="alice").pk))
    tess.confirms("Assign")
    lead.refresh_from_db()
    assert (lead.owner.username, lead.state) == ("alice", "assigned")


def work_the_lead(her, lead):
    her.opens(f"/leads/{lead.pk}/")
    her.fills(content="Braucht vierzig Pumpen")
    her.presses("Log")
    her.sees("Braucht vierzig Pumpen")
    her.presses("Qualify")
    her.presses("Convert")
    her.fills(amount="5000")
    her.presses("Convert")
    her.page.get_by_role("heading", name="Sonnenhof GmbH").wait_for()
    lead.refresh_from_db()
    assert (lead.state, lead.customer.name) == ("converted", "Sonnenhof GmbH")


def move_on_the_board(her):
    """By menu and, where there are mouse and keys, by keyboard and by drag."""
    deal = Opportunity.objects.get(name="Pumpwerk Nord")
    stages = list(Stage.objects.filter(pipeline=deal.pipeline).order_by("order")[:4])
    her.goes("Board")
    by_menu(her, deal, stages[1])
    if not her.phone:
        by_keyboard(her, deal, stages[2])
        by_drag(her, deal, stages[3])
    her.watch.look()
    deal.refresh_from_db()
    assert deal.stage == (stages[1] if her.phone else stages[3])
    her.follows("Pumpwerk Nord")


def by_menu(her, deal, stage):
    her.page.locator(f"#card-{deal.pk} summary").click()
    her.page.locator(f"#card-{deal.pk} form:has([name=stage][value='{stage.pk}']) button").click()
    stands_in(her, deal, stage)


def by_keyboard(her, deal, stage):
    her.page.locator(f"#card-{deal.pk} summary").focus()
    her.page.keyboard.press("Enter")
    her.page.locator(f"#card-{deal.pk} form:has([name=stage][value='{stage.pk}']) button").wait_for()
    for _stop in range(3):  # Open, Move back, Move on
        her.page.keyboard.press("ArrowDown")
    her.page.keyboard.press("Enter")
    stands_in(her, deal, stage)


def by_drag(her, deal, stage):
    her.page.locator(f"#card-{deal.pk}").drag_to(her.page.locator(f"#cards-{stage.pk}"))
    stands_in(her, deal, stage)


def stands_in(her, deal, stage):
    her.page.locator(f"#cards-{stage.pk} #card-{deal.pk}").wait_for()
    her.page.locator(f"#card-{deal.pk}[aria-busy]").wait_for(state="detached")


def give_back_and_claim(her, bob):
    garden = Customer.objects.get(name__contains="Ромашка")
    her.opens(f"/customers/{garden.pk}/")
    her.more()
    her.asks("Release into the pool")
    her.page.locator("dialog[open] select[name=reason]").select_option(index=1)
    her.confirms("Release")
    bob.opens("/")
    bob.goes("Pool")
    bob.page.get_by_role("row").filter(has_text="Ромашка").get_by_role("button", name=bob.says("Claim")).click()
    bob.page.locator(".claimed").wait_for()
    garden.refresh_from_db()
    assert garden.owner.username == "bob"


def write_a_quote(her):
    """From the opportunity, with two lines, to the customer's yes; its PDF is one."""
    her.opens(f"/sales/opportunities/{Opportunity.objects.get(name='Pumpwerk Nord').pk}/")
    her.presses("New quote")
    her.presses("Save")
    quote = Quote.objects.get()
    for number, (name, price) in enumerate((("Pumpe", 1000), ("Montage", 250)), start=1):
        her.fills(name=name, unit_price=price)
        her.button("Add", within="#lines").click()
        her.page.locator("#lines tbody tr").nth(number - 1).wait_for()
    her.presses("Submit")
    her.asks("Send")
    her.confirms("Send")
    address = her.page.locator("a[href$='/pdf/']").get_attribute("href")
    assert her.page.request.get(address).body().startswith(b"%PDF-")
    her.asks("Accepted")
    her.fills(name="Anna Weber")
    her.confirms("Accepted")
    quote.refresh_from_db()
    assert (quote.state, quote.net) == ("accepted", 1250)
    return quote


def make_the_order(her, quote):
    her.presses("Make the order")
    return Order.objects.get(quote=quote)


def collect(finn, order):
    """Confirmed, planned in two instalments, the first one's invoice issued, all of it received."""
    finn.opens(f"/sales/orders/{order.pk}/")
    finn.presses("Confirm")
    finn.page.locator("summary", has_text=finn.says("Plan the payment")).wait_for()
    with finn.page.expect_navigation():
        finn.page.locator("button[name=preset][value=halves]").click()
    finn.watch.look()
    finn.presses("Issue the invoice")
    order.refresh_from_db()
    assert order.invoices.get().number
    finn.sees(order.invoices.get().number)
    finn.fills(amount=order.gross)
    finn.presses("Enter receipt")
    order.refresh_from_db()
    assert order.is_paid


def see_the_figures(tess):
    """A figure opens the list behind it, with as many rows as it says."""
    for report in ("funnel", "contribution"):
        tess.goes("Reports")
        tess.opens(f"/reports/{report}/")
        tess.page.locator("canvas").first.wait_for()
        figure = tess.page.locator("#figures td a").first
        said = figure.inner_text()
        with tess.page.expect_navigation():
            figure.click()
        tess.watch.look()
        if said.isdigit():
            assert tess.page.locator("#list-count").inner_text().startswith(said)
    tess.goes("Today")
