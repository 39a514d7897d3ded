"""Whoever is given a lead by somebody else, or by a rule, is told."""

import pytest
from django.utils import timezone

from leads.assign import assign_leads
from leads.reassign import assign_many
from messaging.models import Notice
from messaging.notices import notice_kinds
from records.models import Batch
from records.undo import undo_batch
from tests.leads.makers import lead, rule

pytestmark = pytest.mark.django_db


def words(notice: Notice) -> str:
    return notice_kinds[notice.kind].text(notice)


def test_a_lead_given_by_the_supervisor_is_told_by_name_and_leads_to_its_page(alice, tess):
    row = lead("Maria Lopez")
    row.assign(alice, by=tess)
    notice = Notice.objects.get(user=alice)
    assert words(notice) == "Assigned to you: lead “Maria Lopez”"
    assert notice_kinds[notice.kind].url(notice) == f"/leads/{row.pk}/"


def test_who_takes_a_lead_herself_is_not_told(alice):
    lead().assign(alice, by=alice)
    assert not Notice.objects.exists()


def test_many_leads_by_rule_are_one_notice_a_person(alice, bob):
    rule(alice, bob)
    for number in range(6):
        lead(f"Person {number}")
    assign_leads(now=timezone.now())
    told = Notice.objects.order_by("user_id")
    assert [(notice.user, notice.count) for notice in told] == [(alice, 3), (bob, 3)]
    assert words(told[0]) == "Assigned to you: leads (3)"


def test_the_portions_of_a_batch_add_up(alice, tess):
    batch = Batch.start("assign_leads", by=tess)
    assign_many([lead().pk, lead().pk], alice, by=tess, batch=batch)
    assign_many([lead().pk], alice, by=tess, batch=batch)
    assert Notice.objects.get(user=alice).count == 3


def test_undo_takes_back_what_nobody_read(alice, tess):
    batch = Batch.start("assign_leads", by=tess)
    assign_many([lead().pk], alice, by=tess, batch=batch)
    batch.finish(moved=1)
    undo_batch(batch, by=tess)
    assert not Notice.objects.exists()


def test_the_name_is_not_told_once_the_lead_has_gone_on(alice, bob, tess):
    row = lead("Maria Lopez")
    row.assign(alice, by=tess)
    row.assign(bob, by=tess)
    assert "Maria" not in words(Notice.objects.get(user=alice))
