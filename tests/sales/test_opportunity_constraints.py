"""What holds whatever code runs."""

import datetime
import re

import pytest
from django.db import IntegrityError, transaction

from records.versions import versioned_columns
from sales.models import Opportunity, Pipeline, Stage, StageStay
from tests.sales import makers

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 4)


@pytest.fixture
def deal(alice):
    return makers.opportunity(owner=alice)


def refused(name, rows, **fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "won"},
        {"state": "won", "closed_on": DAY},
        {"state": "lost", "closed_on": DAY},
        {"closed_on": DAY},
        {"state": "won", "customer": None, "closed_on": DAY},
    ],
)
def test_a_state_has_its_facts(deal, fields):
    refused("opportunity_state_has_its_facts", Opportunity.objects.filter(pk=deal.pk), **fields)


def test_a_stage_belongs_to_the_pipeline(deal):
    other = Stage.objects.create(pipeline=Pipeline.objects.create(name="Other"), order=1, name="One", probability=1)
    rows = Opportunity.objects.filter(pk=deal.pk)
    refused("opportunity_stage_of_its_pipeline", rows, stage=other)
    refused("opportunity_furthest_stage_of_its_pipeline", rows, furthest_stage=other)


def test_numbers_make_sense(deal):
    rows = Opportunity.objects.filter(pk=deal.pk)
    refused("opportunity_amount_not_negative", rows, amount=-1)
    refused("opportunity_probability_is_a_percentage", rows, probability=101)


def test_a_number_of_another_system_comes_once(deal, alice):
    makers.opportunity(owner=alice, external_id="1", external_system="old")
    rows = Opportunity.objects.filter(pk=deal.pk)
    refused("opportunity_external_id_once", rows, external_id="1", external_system="old")
    rows.update(external_id="1", external_system="older")


def test_it_stands_in_one_stage_at_a_time_and_time_runs_forwards(deal):
    with pytest.raises(IntegrityError, match="stage_stay_open_once"), transaction.atomic():
        StageStay.objects.enter(deal, deal.stage_since)
    before = deal.stage_since - datetime.timedelta(seconds=1)
    refused("stage_stay_ends_after_it_starts", StageStay.objects.filter(opportunity=deal), left_at=before)


def test_every_change_that_people_see_raises_the_version(deal):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'raise_version' AND tgrelid = %s::regclass",
            ["sales_opportunity"],
        )
        (definition,) = cursor.fetchone()
    for column in [*versioned_columns(Opportunity), "stage_id"]:
        assert re.search(rf"old\.{column}\b", definition)
