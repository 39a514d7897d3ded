"""Leads that became something: each goes as far as its line says, through the verbs a salesperson would call."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm.management.seed import words
from leads.convert import convert_lead
from leads.create import create_lead
from leads.states import WayStep
from records.dictionary import entries, entry_by_code
from sales.business_day import today_of_company
from sales.collect import Part, plan, receive
from sales.create_document import create_quote, order_quote
from sales.issue_invoice import invoice
from sales.lines import add_line
from sales.paper import has_fonts
from sales.run_order import confirm
from sales.send_quote import send_quote

if TYPE_CHECKING:
    from crm.management.seed.demo import Demo

# How far into its time until today a lead comes to each verb.
CONTACT, QUALIFY, CONVERT, PROPOSE, SEND, ACCEPT, PAY = 0.05, 0.15, 0.3, 0.5, 0.55, 0.75, 0.95


def make_way(demo: "Demo") -> None:
    owners = [demo.people[name] for name in ("alice", "bob", "charlie")]
    for place, line in enumerate(words.WAY):
        _go(demo, place, owners[place % 3], *line)


def _go(
    demo: "Demo", place: int, owner: Any, name: str, company: str, country: str, language: str, source: str, need: str,
    days: float, step: WayStep | None,
) -> None:  # fmt: skip
    """``step``: how far it came; None for a lead that was lost."""

    def at(share: float) -> datetime.datetime:
        return demo.ago(days * (1 - share))

    values = {
        "name": name, "company": company, "country": country, "language": language, "need": need,
        "source": entry_by_code("lead_source", source), "email": f"way{place}@example.com",
        "phone": f"+49 30 55503{place:02}", "currency": "EUR", "estimated_value": Decimal(2000 + 750 * (place % 9)),
    }  # fmt: skip
    lead = create_lead(values, by=demo.people["olga"], owner=owner, now=at(0))
    lead.contact(by=owner, at=at(CONTACT))
    if step is None:
        lead.lose(demo.dice.choice(entries("lead_lost_reason")), by=owner, now=at(QUALIFY))
        return
    lead.qualify(by=owner, now=at(QUALIFY))
    if step == WayStep.LEAD:
        return
    if step == WayStep.INTENT:
        made = convert_lead(lead, by=owner, now=at(CONVERT))
        made.customer.edit({"intention": entry_by_code("intention", "concrete")}, by=owner)
        return
    row = _opportunity(demo, lead, owner, at(CONVERT))
    if step >= WayStep.QUOTED:
        quote = _quote(row, owner, at(PROPOSE), at(SEND))
        if step == WayStep.WON:
            _win(demo, row, quote, owner, at(ACCEPT), at(PAY))


def _opportunity(demo: "Demo", lead: Any, owner: Any, now: datetime.datetime) -> Any:
    project = demo.dice.choice(words.PROJECTS[lead.language])
    close_on = (demo.now + datetime.timedelta(days=demo.dice.randrange(5, 60))).date()
    given = {"name": project, "opened_on": today_of_company(now), "close_on": close_on, "amount": None}
    row = convert_lead(lead, by=owner, opportunity=given, now=now).opportunity
    assert row is not None
    for product in demo.dice.sample(demo.products, demo.dice.choice([1, 2, 2])):
        add_line(row, product, by=owner, quantity=Decimal(demo.dice.choice([1, 2, 4, 6])))
    return row


def _quote(row: Any, owner: Any, made: datetime.datetime, sent: datetime.datetime) -> Any:
    """Sent where the fonts of its PDF are; elsewhere it stays approved."""
    stages = list(row.pipeline.stages.all())
    row.move(stages[1], by=owner, now=made - (made - row.stage_since) / 2)
    row.move(stages[2], by=owner, now=made)
    quote = create_quote(row.customer, by=owner, opportunity=row, now=made)
    quote.submit(by=owner)
    if has_fonts():
        send_quote(quote, by=owner, now=sent)
    return quote


def _win(
    demo: "Demo", row: Any, quote: Any, owner: Any, moment: datetime.datetime, paid: datetime.datetime
) -> None:  # fmt: skip
    """Negotiated, accepted, ordered and confirmed on one day; half of it is paid."""
    finn, on, paid_on = demo.people["finn"], today_of_company(moment), today_of_company(paid)
    row.move(list(row.pipeline.stages.all())[3], by=owner, now=moment - datetime.timedelta(hours=20))
    row.win(by=owner, on=on, now=moment)
    if quote.state != "sent":
        return
    quote.accept(by=owner, name=row.contact.name if row.contact else "", now=moment)
    order = order_quote(quote, by=owner, now=moment)
    confirm(order, by=finn, on=on)
    first, _second = plan(order, [Part(Decimal(50), on), Part(Decimal(50), on + datetime.timedelta(days=30))], by=finn)
    invoice(first, by=finn, on=on)
    receive(order, first.amount, by=finn, on=paid_on, reference=order.number)
