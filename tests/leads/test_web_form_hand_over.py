"""Web forms of a leaver."""

import pytest

from leads.models import WebForm
from leads.web_forms.change import take_over
from records.models import Event
from records.undo import undo_batch
from tests import factories
from tests.leads import makers
from tests.records.handover.estate import hand_over

pytestmark = pytest.mark.django_db


def authors():
    return dict(WebForm.objects.values_list("name", "author__username"))


def test_a_leavers_forms_act_as_her_heir_and_come_back_by_undo(olga):
    leaver, heir = makers.marketer("mara"), factories.person("oleg", "operations")
    makers.web_form(leaver, name="A")
    makers.web_form(leaver, name="B")
    makers.web_form(olga, name="C")
    batch = hand_over(leaver, heir, by=olga)
    assert authors() == {"A": "oleg", "B": "oleg", "C": "olga"}
    told = Event.objects.filter(batch=batch, subject_kind="web_form", verb="handover")
    assert [event.facts for event in told] == [{"from": leaver.pk, "to": heir.pk}] * 2
    take_over(WebForm.objects.get(name="B"), by=olga)
    undo_batch(batch, by=olga)
    assert authors() == {"A": "mara", "B": "olga", "C": "olga"}


def test_who_may_not_govern_forms_gets_none(olga, alice):
    makers.web_form(makers.marketer("mara"), name="A")
    hand_over(WebForm.objects.get().author, alice, by=olga)
    assert authors() == {"A": "mara"}
