"""Two open leads become one; a closed one is not merged."""

import pytest
from django.utils import timezone

from leads.contact_log import log_contact
from leads.keys import SOURCES
from leads.models import Lead
from leads.scoring.score import score_leads
from leads.search import index_leads
from leads.timeline import timeline_of
from records.merge.plan import plan_merge
from records.merge.run import merge
from records.refusals import Refused
from records.tagging import add_tags
from records.undo import undo_batch
from tests.leads.makers import lead
from tests.records.merge.full import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(alice, bob):
    keep = lead("Anna", owner=alice, email="a@acme.example", email_key="a@acme.example")
    drop = lead("Anna Weber", owner=bob, company="Acme", need="Pumps", external_system="erp", external_id="7")
    for one, by in ((keep, alice), (drop, bob)):
        log_contact(one, {"type": "call", "content": f"By {by}"}, by=by)
        add_tags(one, ["fair", f"of {by}"], by=by)
    for one in (keep, drop):
        Lead.objects.filter(pk=one.pk).update(**one.derived(set(SOURCES)))
    score_leads([keep.pk, drop.pk])
    index_leads([keep.pk, drop.pk])
    return Lead.objects.get(pk=keep.pk), Lead.objects.get(pk=drop.pk)


def test_log_and_fields_of_both_stand_on_the_one(two, olga):
    keep, drop = two
    merge(keep, drop, by=olga)
    assert (keep.name, keep.company, keep.need, keep.company_key) == ("Anna", "Acme", "Pumps", "acme")
    assert keep.activities.count() == 2
    assert not Lead.objects.visible_to(olga).filter(pk=drop.pk).exists()
    entries, _more = timeline_of(keep)
    assert {"By Alice", "By Bob"} <= {entry.text for entry in entries}


def test_who_came_further_stands(alice, bob, olga):
    keep = lead("One")
    drop = lead("Two", owner=bob, state="qualified", qualified_at=timezone.now())
    assert plan_merge(keep, drop).values["state"] == "qualified"
    merge(keep, drop, by=olga)
    assert (keep.state, keep.owner) == ("qualified", bob)


def test_undo_restores_both(two, olga):
    before = everything()
    batch = merge(*two, by=olga)
    undo_batch(batch, by=olga)
    after = everything()
    for table, rows in before.items():
        for pk, row in rows.items():
            assert after[table][pk] == row


@pytest.mark.parametrize("state", ["lost", "converted"])
def test_a_closed_lead_is_not_merged(alice, olga, state):
    keep, drop = lead("One", owner=alice), lead("Two", owner=alice)
    drop.state = state
    with pytest.raises(Refused) as caught:
        plan_merge(keep, drop)
    assert (caught.value.reason, caught.value.state) == ("state", state)
