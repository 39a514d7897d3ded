"""Whatever the people are: nobody receives who left, is away, or is at her cap; a dry run says what the run does."""

import datetime
import random
from collections import Counter

import pytest

from accounts import duty
from accounts.models import User, UserRole
from leads.assign import assign_leads
from leads.models import Lead, RuleMember
from leads.strategies import strategies
from records.models import Event
from tests import factories
from tests.leads import makers

NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)
STATES = ("there", "there", "left", "no right", "off duty", "at lunch", "absent", "paused")


def put(person, state, member):
    """Brings a person of the rule into one of STATES."""
    if state == "left":
        User.objects.filter(pk=person.pk).update(is_active=False)
    elif state == "no right":
        UserRole.objects.filter(user=person).delete()
    elif state == "off duty":
        duty.go_off_duty(person, by=None, now=NOW)
    elif state == "at lunch":
        duty.go_off_duty(person, by=None, now=NOW, until=NOW + datetime.timedelta(minutes=30))
    elif state == "absent":
        duty.plan_absence(person, NOW.date(), NOW.date(), by=None, today=NOW.date())
    elif state == "paused":
        RuleMember.objects.filter(pk=member.pk).update(is_active=False)


@pytest.mark.parametrize("way", strategies.names())
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_only_those_receive_who_are_there_and_have_room(db, north, way, seed):
    chance = random.Random(f"{way}{seed}")
    people = [factories.person(f"p{n}", "account_manager", team=north) for n in range(8)]
    rule = makers.rule(*people, strategy=way, least_sample=1)
    caps, free = {}, set()
    for person, member in zip(people, rule.members.order_by("pk"), strict=True):
        state = chance.choice(STATES)
        put(person, state, member)
        cap = chance.choice([None, 0, 2, 5])
        RuleMember.objects.filter(pk=member.pk).update(**{chance.choice(["daily_cap", "holding_cap"]): cap})
        caps[person.pk] = 1_000 if cap is None else cap
        if state == "there":
            free.add(person.pk)
    Lead.objects.bulk_create([Lead(name=f"Lead {n}") for n in range(40)])
    dry = assign_leads(now=NOW, dry_run=True)
    wet = assign_leads(now=NOW)
    got = Counter(Lead.objects.exclude(owner=None).values_list("owner_id", flat=True))
    assert set(got) <= free
    assert all(number <= caps[person] for person, number in got.items())
    assert sum(got.values()) == min(40, sum(caps[person] for person in free)) == wet.moved
    assert (dry.moved, dry.lines) == (wet.moved, wet.lines)
    assert Event.objects.filter(verb="assign").count() == wet.moved
