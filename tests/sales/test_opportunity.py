"""The verbs of an opportunity: allowed, refused without a trace, and who did it."""

import datetime
from decimal import Decimal

import pytest

from records.models import Collaborator, Event
from records.refusals import Refused
from sales.lines import add_line
from sales.models import ExchangeRate, Opportunity, Pipeline, Stage, StageGate
from tests.customers.makers import contact, customer
from tests.sales import makers

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def deal(alice):
    acme = customer(owner=alice)
    return makers.opportunity(owner=alice, customer=acme, amount=Decimal(1000), now=NOW)


def events(record):
    return list(Event.objects.filter(subject_kind="opportunity", subject_id=record.pk).values_list("verb", flat=True))


def no_trace(record):
    fresh = Opportunity.objects.get(pk=record.pk)
    return (fresh.version, fresh.state, fresh.stage_id, events(record))


def test_it_opens_in_the_first_stage_with_owner_team_and_dates(deal, alice):
    assert deal.stage == deal.furthest_stage == makers.stage(1)
    assert (deal.owner, deal.team, deal.created_by) == (alice, alice.team, alice)
    assert (deal.customer_owner, deal.customer_team) == (alice.pk, alice.team_id)
    assert (deal.opened_on, deal.currency, deal.probability) == (NOW.date(), "EUR", 10)
    assert deal.amount_company == 1000
    assert [stay.stage for stay in deal.stays.all()] == [makers.stage(1)]
    assert events(deal) == ["create"]


def test_the_day_it_opens_is_the_companys_day(alice):
    from accounts.models import Company

    Company.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Shanghai"})
    late = datetime.datetime(2026, 5, 4, 20, tzinfo=datetime.UTC)
    assert makers.opportunity(owner=alice, now=late).opened_on == datetime.date(2026, 5, 5)


def test_moving_keeps_the_furthest_stage_and_the_days_of_each_stay(deal, alice, bob):
    deal.move(makers.stage(3), by=bob, now=NOW + 4 * DAY)
    deal.move(makers.stage(2), by=alice, now=NOW + 6 * DAY)
    deal.refresh_from_db()
    assert (deal.stage.order, deal.furthest_stage.order, deal.probability) == (2, 3, 25)
    assert [(s.stage.order, s.days) for s in deal.stays.all()] == [(1, 4), (3, 2), (2, None)]
    moved = Event.objects.filter(verb="move").order_by("id")[0]
    assert (moved.by, moved.customer_id) == (bob, deal.customer_id)
    assert moved.facts["stage"] == [makers.stage(1).pk, makers.stage(3).pk]


def test_a_card_that_somebody_moved_meanwhile_is_not_moved_again(deal, alice, bob):
    seen = deal.stage_id
    deal.move(makers.stage(2), by=bob, seen=seen)
    before = no_trace(deal)
    with pytest.raises(Refused, match="Needs analysis") as refused:
        deal.move(makers.stage(4), by=alice, seen=seen)
    assert refused.value.reason == "stale"
    assert no_trace(deal) == before


def test_the_second_click_of_a_move_changes_nothing(deal, alice):
    deal.move(makers.stage(2), by=alice)
    before = no_trace(deal)
    with pytest.raises(Refused):
        deal.move(makers.stage(2), by=alice)
    assert no_trace(deal) == before


def test_a_move_raises_the_version(deal, alice):
    deal.move(makers.stage(2), by=alice)
    assert deal.version == 2


def test_a_gate_names_what_is_missing_and_opens_when_it_is_there(alice):
    gate = StageGate.objects.create(target=makers.stage(3), needs=["products", "close_on", "customer", "amount"])
    deal = makers.opportunity(owner=alice, amount=Decimal(5))
    before = no_trace(deal)
    with pytest.raises(Refused, match="customer, expected close, products") as refused:
        deal.move(makers.stage(3), by=alice)
    assert refused.value.facts["needs"] == ["customer", "close_on", "products"]
    assert no_trace(deal) == before
    deal.edit({"close_on": NOW.date(), "customer": customer(owner=alice)}, by=alice)
    add_line(deal, makers.product(), by=alice)
    deal.move(makers.stage(3), by=alice)
    deal.move(makers.stage(4), by=alice)
    gate.needs = ["contact"]
    gate.save()
    deal.move(makers.stage(3), by=alice)  # going back asks nothing


def test_a_gate_from_one_stage_holds_only_from_there(alice):
    StageGate.objects.create(source=makers.stage(1), target=makers.stage(3), needs=["contact"])
    deal = makers.opportunity(owner=alice)
    with pytest.raises(Refused):
        deal.move(makers.stage(3), by=alice)
    deal.move(makers.stage(2), by=alice)
    deal.move(makers.stage(3), by=alice)


def test_moving_to_another_pipeline_starts_its_way_anew(deal, alice):
    other = Pipeline.objects.create(name="Renewals")
    stage = Stage.objects.create(pipeline=other, order=1, name="Notice", probability=60)
    deal.move(makers.stage(4), by=alice)
    deal.move(stage, by=alice)
    deal.refresh_from_db()
    assert (deal.pipeline, deal.stage, deal.furthest_stage) == (other, stage, stage)


def test_winning_stamps_date_owner_and_team(deal, alice, bob):
    deal.move(makers.stage(2), by=alice, now=NOW)
    deal.win(by=bob, now=NOW + 9 * DAY)
    deal.refresh_from_db()
    assert (deal.state, deal.won_at, deal.closed_on) == ("won", NOW + 9 * DAY, (NOW + 9 * DAY).date())
    assert (deal.owner_at_close, deal.team_at_close) == (alice, alice.team)
    assert (deal.probability, deal.cycle_days, deal.ends_on) == (100, 9, deal.closed_on)
    assert not deal.stays.filter(left_at=None).exists()
    assert Event.objects.get(verb="win").by == bob
    assert Event.objects.get(verb="win").facts["amount"] == "1000"


def test_figures_stay_with_who_won_it(deal, alice, charlie, tess):
    deal.win(by=alice)
    deal.assign(charlie, by=tess)
    deal.refresh_from_db()
    assert (deal.owner, deal.owner_at_close, deal.team_at_close) == (charlie, alice, alice.team)


def test_only_with_a_customer_it_is_won(alice):
    deal = makers.opportunity(owner=alice)
    before = no_trace(deal)
    with pytest.raises(Refused, match="customer"):
        deal.win(by=alice)
    assert no_trace(deal) == before


def test_losing_keeps_the_reason_and_the_competitor(deal, alice):
    deal.lose(makers.reason("competitor"), by=alice, note="Cheaper", competitor="Rival", on=NOW.date())
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason.code, deal.competitor, deal.probability) == ("lost", "competitor", "Rival", 0)
    assert (deal.won_at, deal.owner_at_close) == (None, alice)
    assert "Cheaper" not in str(Event.objects.get(verb="lose").facts)


@pytest.mark.parametrize("verb", ["win", "lose", "move"])
def test_what_is_closed_is_not_closed_or_moved_again(deal, alice, verb):
    deal.win(by=alice)
    before = no_trace(deal)
    with pytest.raises(Refused) as refused:
        {
            "win": lambda: deal.win(by=alice),
            "lose": lambda: deal.lose(makers.reason(), by=alice),
            "move": lambda: deal.move(makers.stage(2), by=alice),
        }[verb]()
    assert (refused.value.state, refused.value.allowed) == ("won", ("reopen",))
    assert no_trace(deal) == before


def test_reopening_brings_it_back_to_its_stage_without_the_facts_of_the_close(deal, alice):
    deal.move(makers.stage(3), by=alice, now=NOW)
    deal.lose(makers.reason(), by=alice, note="x", now=NOW + DAY)
    deal.reopen(by=alice, now=NOW + 2 * DAY)
    deal.refresh_from_db()
    assert (deal.state, deal.stage.order, deal.probability, deal.lost_note) == ("open", 3, 50, "")
    assert (deal.closed_on, deal.lost_reason, deal.owner_at_close) == (None, None, None)
    assert deal.stays.get(left_at=None).entered_at == NOW + 2 * DAY
    with pytest.raises(Refused):
        deal.reopen(by=alice)


def test_an_owner_who_does_not_reach_the_customer_reads_it_while_it_is_open(deal, alice, charlie, tess):
    from accounts import access

    deal.assign(charlie, by=tess)
    assert access.covers(charlie, deal.customer)
    assert not access.covers(charlie, deal.customer, "change")
    deal.lose(makers.reason(), by=charlie)
    assert not access.covers(charlie, deal.customer)
    deal.reopen(by=charlie)
    assert access.covers(charlie, deal.customer)
    deal.assign(alice, by=tess)
    assert not Collaborator.objects.exists()


def test_nobody_who_left_is_given_an_opportunity(deal, bob, tess):
    bob.is_active = False
    bob.save()
    before = no_trace(deal)
    with pytest.raises(Refused):
        deal.assign(bob, by=tess)
    assert no_trace(deal) == before


def test_a_foreign_amount_is_worth_what_its_day_says(alice):
    ExchangeRate.objects.create(currency="USD", valid_from=NOW.date(), rate=Decimal("0.9"))
    ExchangeRate.objects.create(currency="USD", valid_from=(NOW + DAY).date(), rate=Decimal("0.8"))
    acme = customer(owner=alice)
    deal = makers.opportunity(owner=alice, customer=acme, amount=Decimal(100), currency="USD", now=NOW)
    assert deal.amount_company == 90
    deal.edit({"amount": Decimal(200)}, by=alice)
    assert deal.amount_company == 180
    deal.win(by=alice, now=NOW + DAY)
    deal.refresh_from_db()
    assert deal.amount_company == 160


def test_a_contact_of_another_customer_is_refused(deal, alice):
    stranger = contact(customer("Other", owner=alice))
    with pytest.raises(Refused):
        deal.edit({"contact": stranger}, by=alice)
    with pytest.raises(Refused):
        makers.opportunity(owner=alice, contact=stranger)


def test_choosing_another_customer_follows_its_reach(deal, alice, charlie):
    other = customer("Other", owner=charlie)
    deal.edit({"customer": other, "contact": None}, by=alice)
    assert (deal.customer_owner, deal.customer_team) == (charlie.pk, charlie.team_id)
    assert Collaborator.objects.get().subject_id == other.pk


def test_a_won_opportunity_is_not_thrown_away(deal, alice):
    deal.win(by=alice)
    with pytest.raises(Refused):
        deal.trash(by=alice)
