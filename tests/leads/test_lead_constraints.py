"""What the database refuses whatever code runs."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from leads.models import AssignmentRule, Lead, WebForm
from records.dictionary import entry_by_code
from records.versions import versioned_columns
from tests.leads import makers


def refused_by(constraint, **values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        makers.lead(**values)


def test_a_lead_needs_the_name_of_a_person_or_a_company(db):
    refused_by("lead_has_a_name", name="", company="")
    assert makers.lead("", company="Acme").title == "Acme"


def test_an_assigned_lead_has_an_owner_and_a_new_one_has_none(alice):
    refused_by("lead_has_an_owner_once_assigned", state="assigned")
    refused_by("lead_has_an_owner_once_assigned", owner=alice, state="new")


def test_a_lost_lead_has_a_reason_and_only_a_lost_one(alice):
    reason = entry_by_code("lead_lost_reason", "spam")
    refused_by("lead_lost_has_a_reason", owner=alice, state="lost")
    refused_by("lead_lost_has_a_reason", owner=alice, lost_reason=reason, lost_at=timezone.now())


def test_contacted_and_qualified_have_their_moment(alice):
    refused_by("lead_contacted_has_its_moment", owner=alice, state="contacted")
    refused_by("lead_qualified_has_its_moment", owner=alice, state="qualified")


def test_an_estimated_value_has_a_currency_and_is_not_negative(alice):
    refused_by("lead_value_has_a_currency", owner=alice, estimated_value=10)
    refused_by("lead_value_has_a_currency", owner=alice, estimated_value=-1, currency="EUR")


@pytest.mark.parametrize("model", [Lead, AssignmentRule, WebForm])
def test_every_editable_column_raises_the_version(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'raise_version' AND tgrelid = %s::regclass",
            [model._meta.db_table],
        )
        (definition,) = cursor.fetchone()
    watched = re.findall(r"old\.\"?(\w+)\"?", definition)
    assert set(versioned_columns(model)) == set(watched)
