"""The whole way against plain Python over the same leads; each figure opens its list."""

import datetime
import random

import pytest

from accounts.models import Company
from leads.models import Lead
from leads.states import WayStep
from reports.asked import Asked
from reports.period import Period
from reports.way import whole_way
from tests.leads import makers

pytestmark = pytest.mark.django_db
MARCH = Period(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))


@pytest.fixture
def some(alice, bob, charlie, tess):
    """Leads of three people around both ends of March in Shanghai, each of some step."""
    Company(time_zone="Asia/Shanghai").save()
    dice = random.Random(3)
    for number in range(40):
        lead = makers.lead(f"Lead {number}", owner=dice.choice([alice, bob, charlie]))
        at = datetime.datetime(2026, 2, 27, tzinfo=datetime.UTC) + datetime.timedelta(hours=dice.randrange(35 * 24))
        Lead.objects.filter(pk=lead.pk).update(created_at=at, way_step=dice.choice(list(WayStep)))
    return Lead.objects.all()


def in_march(lead):
    day = lead.created_at.astimezone(Company.get().zone).date()
    return MARCH.start <= day <= MARCH.end


def expected(leads):
    cohort = [lead.way_step for lead in leads if in_march(lead)]
    return [sum(step >= at for step in cohort) for at in WayStep]


@pytest.mark.parametrize("name", ["alice", "tess", "erin"])
def test_each_step_counts_the_leads_that_ever_came_so_far(some, everybody, name):
    person = everybody[name]
    found = whole_way(person, Asked(MARCH))
    reached = expected(Lead.objects.visible_to(person))
    assert [row.reached for row in found.rows] == reached
    assert found.rows[3].from_previous == pytest.approx(reached[3] / reached[2])
    assert found.rows[3].overall == pytest.approx(reached[3] / reached[0])


def test_person_and_team_narrow_it(some, erin, alice, north):
    assert whole_way(erin, Asked(MARCH, owner=alice)).leads == sum(
        in_march(lead) and lead.owner_id == alice.pk for lead in some
    )
    assert whole_way(erin, Asked(MARCH, team=north)).leads == sum(
        in_march(lead) and lead.team_id == north.pk for lead in some
    )


def test_every_step_opens_its_leads_whatever_the_viewers_zone(some, signed_in, erin, alice):
    type(erin).objects.filter(pk=erin.pk).update(time_zone="America/New_York")
    erin.refresh_from_db()
    client = signed_in(erin)
    for asked in (Asked(MARCH), Asked(MARCH, owner=alice)):
        for row in whole_way(erin, asked).rows:
            assert len(client.get(row.list).context["table"].rows) == row.reached


def test_nothing_in_the_period_says_what_to_do(signed_in, erin):
    page = signed_in(erin).get("/reports/way/").content.decode()
    assert "Nothing in this period" in page
