"""The analysis of leads against plain Python over random leads; each figure opens its list."""

import datetime
import random
import statistics
from collections import defaultdict
from decimal import Decimal

import pytest
import time_machine

from accounts.models import Company
from leads.models import Lead
from records.models import Collaborator
from reports.asked import Asked
from reports.lead_keys import KEYS
from reports.leads import analyse
from reports.period import Period
from sales.models import Opportunity
from tests.customers import makers as customers
from tests.leads import makers
from tests.records.entries import entry
from tests.reports import rows
from tests.sales import makers as sales

pytestmark = pytest.mark.django_db
MARCH = Period(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
NOW = datetime.datetime(2026, 4, 10, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def some(alice, bob, charlie, everybody):
    """Sixty leads of three people around both ends of March in Shanghai, in every state, with every fact."""
    Company(time_zone="Asia/Shanghai", currency="EUR").save()
    dice = random.Random(7)
    people = [alice, bob, charlie]
    rules = [makers.rule(alice, name="Fair"), makers.rule(bob, name="Web")]
    sources = [None, entry("lead_source", "fair"), entry("lead_source", "web")]
    for number in range(60):
        _lead(dice, number, dice.choice([*people, None]), rules, sources)
    shared = Lead.objects.filter(owner=charlie).order_by("pk").first()
    Collaborator.objects.create(subject_kind="lead", subject_id=shared.pk, user=alice)


def _lead(dice, number, owner, rules, sources):
    created = datetime.datetime(2026, 2, 27, tzinfo=datetime.UTC) + dice.randrange(35 * 24) * HOUR
    state = dice.choice(["assigned", "contacted", "qualified", "converted", "lost"]) if owner else "new"
    fields = {
        "state": state,
        "created_at": created,
        "source": dice.choice(sources),
        "rule": dice.choice([None, *rules]),
    }
    fields["campaign"] = dice.choice(["", "Spring", "Autumn"])
    fields["contact_limit_at"] = dice.choice([None, created + dice.randrange(1, 400) * HOUR]) if owner else None
    later = iter(sorted(created + dice.randrange(1, 200) * HOUR for _ in range(3)))
    if state in ("contacted", "qualified", "converted") and (state == "contacted" or dice.random() < 0.7):
        fields["contacted_at"] = next(later)
        fields["contact_minutes"] = int((fields["contacted_at"] - created).total_seconds() // 60)
        fields["contact_working_minutes"] = fields["contact_minutes"] // 3
    if state == "qualified" or (state == "converted" and dice.random() < 0.5):
        fields["qualified_at"] = next(later)
    if state == "lost":
        fields |= {"lost_at": next(later), "lost_reason": entry("lead_lost_reason", dice.choice(["spam", "budget"]))}
    if state == "converted":
        fields |= _became(dice, number, owner, next(later))
    makers.lead(f"Lead {number}", owner=owner, **fields)


def _became(dice, number, owner, at):
    customer = customers.customer(f"C {number}", owner=owner)
    found = {"converted_at": at, "customer": customer}
    if dice.random() < 0.8:
        won = dice.choice(["won", "open", "lost"])
        row = rows.opportunity(
            f"O {number}", owner=owner, customer=customer, stage=sales.stage(1), opened_on=at.date(), state=won,
            closed_on=at.date(), amount=dice.randrange(1, 500),
        )  # fmt: skip
        found["opportunity"] = rows.saved([row])[0]
    return found


def of_march(lead):
    day = lead.created_at.astimezone(Company.get().zone).date()
    return MARCH.start <= day <= MARCH.end


def facts_of(lead, person):
    """What the report counts of one lead, by the words of the product."""
    first = lead.contacted_at or lead.qualified_at or lead.converted_at
    limit, found = lead.contact_limit_at, {"all"}
    if first:
        found.add("contacted")
    if limit and first:
        found.add("in_time" if first <= limit else "late")
    elif limit and limit <= NOW and not (lead.lost_at and lead.lost_at <= limit):
        found.add("late")
    if lead.qualified_at or lead.converted_at:
        found.add("qualified")
    if lead.converted_at:
        found.add("converted")
    if lead.state == "lost":
        found.add("lost")
    seen = Opportunity.objects.visible_to(person).filter(pk=lead.opportunity_id, state="won")
    return found | {"won"} if seen.exists() else found


KEY_OF = {
    "source": lambda lead: lead.source_id,
    "rule": lambda lead: lead.rule_id,
    "person": lambda lead: lead.owner_id,
    "team": lambda lead: lead.team_id,
    "campaign": lambda lead: lead.campaign or None,
    "month": lambda lead: lead.created_at.astimezone(Company.get().zone).date().replace(day=1),
}


def expected(person, by):
    numbers, minutes, values = defaultdict(lambda: defaultdict(int)), defaultdict(list), defaultdict(Decimal)
    for lead in filter(of_march, Lead.objects.visible_to(person).select_related("opportunity")):
        key = KEY_OF[by](lead)
        facts = facts_of(lead, person)
        for fact in facts:
            numbers[key][fact] += 1
        if lead.contact_minutes is not None:
            minutes[key].append(lead.contact_minutes)
        if "won" in facts:
            values[key] += lead.opportunity.amount_company
    return {
        key: (dict(found), statistics.median(minutes[key]) if minutes[key] else None, values[key])
        for key, found in numbers.items()
    }


@pytest.mark.parametrize("by", list(KEYS))
def test_every_figure_is_what_plain_python_finds(some, everybody, by):
    for name in ("alice", "tess", "erin"):
        person = everybody[name]
        found = analyse(person, Asked(MARCH, by=by), whole=True)
        counted = {
            row.key: ({name: n for name, n in row.numbers.items() if n}, row.minutes, row.value) for row in found.rows
        }
        assert counted == expected(person, by) and len(counted) >= 1, name
        for fact, number in found.total.numbers.items():
            assert number == sum(row.numbers[fact] for row in found.rows)
        assert found.total.value == sum(row.value for row in found.rows)
        assert sum(row.number for row in found.lost) == found.total.numbers["lost"]


def opened(client, address):
    return len(client.get(address).context["table"].rows)


@pytest.mark.parametrize("by", list(KEYS))
def test_every_figure_opens_as_many_leads(some, signed_in, everybody, north, by):
    for name, team in (("alice", None), ("tess", None), ("erin", north)):
        person = everybody[name]
        type(person).objects.filter(pk=person.pk).update(time_zone="America/New_York")
        client, found = signed_in(person), analyse(person, Asked(MARCH, by=by, team=team), whole=True)
        pairs = [(row.lists[fact], n) for row in [*found.rows, found.total] for fact, n in row.numbers.items()]
        pairs = random.Random(by).sample(pairs, min(12, len(pairs))) + [(row.list, row.number) for row in found.lost]
        assert [opened(client, address) for address, _number in pairs] == [number for _address, number in pairs]


def test_who_left_is_named_and_her_leads_are_opened(some, signed_in, erin, bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    row = next(row for row in analyse(erin, Asked(MARCH, by="person")).rows if row.key == bob.pk)
    assert row.label == bob.name and opened(signed_in(erin), row.lists["all"]) == row.count > 0


def test_nobodys_page_and_everybodys_page(some, signed_in, erin):
    client = signed_in(erin)
    for by in KEYS:
        page = client.get(f"/reports/leads/?by={by}&from=2026-03-01&to=2026-03-31")
        assert page.status_code == 200 and "Why leads were lost" in page.content.decode()
    assert "Nothing in this period" in client.get("/reports/leads/?from=2020-01-01&to=2020-01-31").content.decode()


def test_the_page_asks_as_often_for_many_leads_as_for_few(some, signed_in, erin, count_queries):
    client = signed_in(erin)
    few = count_queries(lambda: client.get("/reports/leads/?by=source&from=2026-03-01&to=2026-03-02"))
    many = count_queries(lambda: client.get("/reports/leads/?by=source&from=2026-02-01&to=2026-04-02"))
    assert many <= few


def test_the_api_says_the_same_as_the_page(some, api, erin):
    body = api(erin, "reports/leads?from=2026-03-01&to=2026-03-31&by=month").json()
    found = analyse(erin, Asked(MARCH, by="month"))
    assert [row["count"] for row in body["rows"]] == [row.count for row in found.rows]
    assert body["rows"][0]["key"] == "2026-03-01" and body["totals"]["in_time_share"] == found.total.in_time
    assert body["totals"]["value_won"] == f"{found.total.value:.2f}"
    assert api(erin, "reports/leads?by=nonsense").status_code == 422


def test_an_export_has_every_row_with_every_figure(some, signed_in, erin):
    answer = signed_in(erin).post("/reports/leads/export/?by=person&from=2026-03-01&to=2026-03-31", {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").strip().splitlines()
    found = analyse(erin, Asked(MARCH, by="person"), whole=True)
    assert len(lines) == 1 + len(found.rows) and lines[0].startswith("Person,Leads,Contacted")
