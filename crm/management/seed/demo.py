"""A small company to look around in: written by the verbs themselves, so that every record has its history."""

import datetime
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.management.seed import words
from crm.management.seed.demo_mail import make_mail
from crm.management.seed.demo_rules import make_company, make_rules
from crm.management.seed.demo_way import make_way
from crm.management.seed.people import make_people
from customers.claim import claim
from customers.create import NewContact, create_customer
from customers.log_activity import log_activity, plan_next_contact
from customers.models import Pool, PoolMember
from customers.points import Point
from customers.todo import create_task
from leads.create import create_lead
from records import dictionary
from sales.collect import Part, plan, receive
from sales.create_document import create_order, create_quote
from sales.create_product import create_product
from sales.document_lines import add_line as add_document_line
from sales.issue_invoice import invoice
from sales.lines import add_line
from sales.models import Opportunity
from sales.open_opportunity import open_opportunity
from sales.run_order import confirm, deliver, ship


@dataclass
class Demo:
    dice: random.Random
    now: datetime.datetime
    people: dict[str, Any] = field(default_factory=dict)
    products: list[Any] = field(default_factory=list)
    customers: list[Any] = field(default_factory=list)

    def ago(self, days: float) -> datetime.datetime:
        return self.now - datetime.timedelta(days=days)


def make_demo(seed: int) -> Demo:
    """The same seed gives the same company, seen from today."""
    demo = Demo(random.Random(seed), timezone.now())
    demo.people = make_people()
    make_company(demo.people["olga"])
    _make_products(demo)
    _make_customers(demo)
    _make_pool(demo)
    _make_opportunities(demo)
    _make_quotes(demo)
    _make_leads(demo)
    _make_tasks(demo)
    make_way(demo)
    make_rules(demo.people, demo.products, demo.now.date())
    make_mail(demo.people)
    return demo


def _make_products(demo: Demo) -> None:
    for code, name, name_zh, name_ru, price, cost in words.PRODUCTS:
        demo.products.append(
            create_product(
                name, by=demo.people["olga"], code=code, name_zh=name_zh, name_ru=name_ru, price=Decimal(price),
                cost=Decimal(cost), tax_rate=Decimal(19),
            )
        )  # fmt: skip


def _make_customers(demo: Demo) -> None:
    owners = [demo.people[name] for name in ("alice", "bob", "charlie")]
    for place, (name, country, city, industry, language) in enumerate(words.COMPANIES):
        owner = owners[place % 3]
        values = {
            "name": name, "country": country, "city": city, "language": language, "currency": "EUR",
            "industry": dictionary.entry_by_code("industry", industry),
            "source": dictionary.entry_by_code("lead_source", demo.dice.choice(["web", "fair", "referral", "phone"])),
            "employees": demo.dice.choice([12, 35, 80, 240, 1100]),
            "grade": demo.dice.choice("ABBCCCD"),
        }  # fmt: skip
        customer = create_customer(
            values,
            by=owner,
            owner=owner,
            contacts=_contacts(demo, language, place),
            now=demo.ago(demo.dice.randrange(30, 300)),
        )
        demo.customers.append(customer)
        _talk(demo, customer, language)


def _contacts(demo: Demo, language: str, place: int) -> list[NewContact]:
    names = words.CONTACTS[language]
    found = []
    for number in range(demo.dice.choice([1, 1, 2])):
        name = names[(place + number * 3) % len(names)]
        points = [
            Point("phone", f"+49 40 55501{place:02}{number}", is_main=True),
            Point("email", f"contact{place}.{number}@example.com", is_main=True),
        ]
        values = {"name": name, "position": demo.dice.choice(words.POSITIONS[language])}
        found.append(NewContact(values, points))
    return found


def _talk(demo: Demo, customer: Any, language: str) -> None:
    days = sorted((demo.dice.uniform(1, 90) for _ in range(demo.dice.randrange(1, 6))), reverse=True)
    for back in days:
        at = demo.ago(back)
        values = {
            "type": demo.dice.choice(["call", "call", "email", "visit", "meeting"]),
            "content": demo.dice.choice(words.TALKS[language]), "at": at,
        }  # fmt: skip
        log_activity(customer, values, by=customer.owner)
    if demo.dice.random() < 0.8:
        ahead = datetime.timedelta(days=demo.dice.choice([-4, -1, 0, 0, 1, 2, 5, 12]), hours=demo.dice.randrange(1, 6))
        planned = demo.now + ahead
        plan_next_contact(customer, planned, by=customer.owner, now=planned - datetime.timedelta(days=1))


def _make_pool(demo: Demo) -> None:
    pool = Pool.default()
    for name in ("alice", "bob", "charlie"):
        PoolMember.objects.get_or_create(pool=pool, user=demo.people[name])
    PoolMember.objects.get_or_create(pool=pool, user=demo.people["tess"], defaults={"is_administrator": True})
    for place, name in enumerate(
        ["Old Mill Paper Ltd", "Hafenblick Hotel GmbH", "宁波远航贸易有限公司", "ООО «Тихая гавань»"]
    ):
        points = [Point("phone", f"+49 40 55599{place:02}0", is_main=True)]
        create_customer({"name": name}, by=demo.people["olga"], pool=pool, points=points, now=demo.ago(40 + place))
    claimed = create_customer({"name": "Baltic Cranes OÜ"}, by=demo.people["olga"], pool=pool, now=demo.ago(20))
    claim(claimed.pk, by=demo.people["bob"])


def _make_opportunities(demo: Demo) -> None:
    """Two years of wins and losses, and enough that is open for a board worth looking at."""
    for customer in demo.customers:
        for _ in range(demo.dice.choice([1, 1, 2, 3])):
            _make_opportunity(demo, customer)


def _make_opportunity(demo: Demo, customer: Any) -> None:
    owner, is_open = customer.owner, demo.dice.random() < 0.5
    opened = demo.ago(demo.dice.uniform(5, 90) if is_open else demo.dice.uniform(60, 500))
    close_on = (demo.now + datetime.timedelta(days=demo.dice.randrange(-5, 75))).date()
    row = open_opportunity(
        demo.dice.choice(words.PROJECTS[customer.language]), by=owner, customer=customer, now=opened,
        opened_on=opened.date(), close_on=close_on,
    )  # fmt: skip
    for product in demo.dice.sample(demo.products, demo.dice.choice([1, 2, 2, 3])):
        add_line(row, product, by=owner, quantity=Decimal(demo.dice.choice([2, 4, 6, 10, 15])))
    stages = list(row.pipeline.stages.all())
    moment, until = opened, demo.now if is_open else opened + datetime.timedelta(days=55)
    for stage in stages[1 : demo.dice.randrange(1, len(stages) + 1)]:
        moment += (until - moment) * demo.dice.uniform(0.2, 0.6)
        row.move(stage, by=owner, now=moment)
    if not is_open:
        _close(demo, row, (moment + (until - moment) * 0.7).date())


def _close(demo: Demo, row: Any, on: datetime.date) -> None:
    if demo.dice.random() < 0.6:
        row.win(by=row.owner, on=on)
        _make_order(demo, row, on)
    else:
        row.lose(demo.dice.choice(dictionary.entries("opportunity_lost_reason")), by=row.owner, on=on)


def _make_order(demo: Demo, won: Any, on: datetime.date) -> None:
    """What was won, ordered and half of it paid; the rest a month later, overdue at every fourth, or still to come.

    Older goods were delivered, later ones are on their way or wait.
    """
    order = create_order(won.customer, by=won.owner, opportunity=won, currency="EUR", ordered_on=on)
    for line in won.lines.select_related("product").order_by("pk"):
        add_document_line(order, by=won.owner, product=line.product, quantity=line.quantity)
    confirm(order, by=demo.people["finn"], on=on)
    half, later = Decimal(50), on + datetime.timedelta(days=30)
    if order.pk % 4 == 2:  # a long term was agreed
        later = max(later, (demo.now + datetime.timedelta(days=order.pk % 30 + 3)).date())
    first, second = plan(order, [Part(half, on), Part(half, later)], by=demo.people["finn"])
    invoice(first, by=demo.people["finn"], on=on)
    receive(order, first.amount, by=demo.people["finn"], on=on, reference=order.number)
    paid_on = later + datetime.timedelta(days=demo.dice.randrange(-5, 25))
    if paid_on < demo.now.date():
        invoice(second, by=demo.people["finn"], on=min(paid_on, later))
    if paid_on < demo.now.date() and order.pk % 4:
        receive(order, second.amount, by=demo.people["finn"], on=paid_on, reference=order.number)
    _move_goods(demo, order, on)


def _move_goods(demo: Demo, order: Any, on: datetime.date) -> None:
    days = (demo.now.date() - on).days
    if days > 75:
        ship(order, by=order.owner, on=on + datetime.timedelta(days=7))
    if days > 120:
        deliver(order, by=order.owner)


def _make_quotes(demo: Demo) -> None:
    """A draft here, an approved one there, for what is still open."""
    offered = Opportunity.objects.open().filter(stage__allows_quotes=True, customer__isnull=False)
    for place, row in enumerate(offered.select_related("customer", "owner", "stage").order_by("pk")[:8]):
        quote = create_quote(row.customer, by=row.owner, opportunity=row)
        if place % 2:
            quote.submit(by=row.owner)


def _make_leads(demo: Demo) -> None:
    owners = [demo.people["alice"], demo.people["bob"], demo.people["charlie"], None]
    for place, (name, company, source, need) in enumerate(words.LEADS):
        values = {
            "name": name, "company": company, "need": need, "email": f"lead{place}@example.com",
            "phone": f"+49 30 55502{place:02}", "source": dictionary.entry_by_code("lead_source", source),
            "rating_by_hand": demo.dice.choice(["hot", "", "", ""]),
        }  # fmt: skip
        entered = demo.ago(place % 6 + 0.1)
        lead = create_lead(values, by=demo.people["olga"], owner=owners[place % 4], now=entered)
        if place % 4 == 0:
            lead.contact(by=lead.owner, at=demo.now)
        if place % 8 == 0:
            lead.qualify(by=lead.owner)


def _make_tasks(demo: Demo) -> None:
    titles = ["Send the brochure", "Check the delivery date", "Prepare the visit", "Ask for a reference"]
    for place, customer in enumerate(demo.customers[:12]):
        due = demo.now + datetime.timedelta(days=place % 5 - 1, hours=2)
        values = {"title": titles[place % len(titles)], "due_at": due, "customer": customer}
        create_task(values, by=customer.owner)
