"""Whoever gets a task from somebody else is told."""

import pytest
from django.urls import reverse

from customers import todo
from messaging.models import Notice
from messaging.notices import notice_kinds

pytestmark = pytest.mark.django_db


def test_a_task_for_a_colleague_is_told_and_leads_to_the_task(alice, tess):
    task = todo.create_task({"title": "Call the bank"}, by=tess, owner=alice)
    notice = Notice.objects.get()
    assert notice.user == alice
    assert notice_kinds[notice.kind].text(notice) == "Assigned to you: task “Call the bank”"
    assert notice_kinds[notice.kind].url(notice) == reverse("customers:task", args=[task.pk])


def test_a_task_of_ones_own_is_not_told(alice):
    todo.create_task({"title": "Call the bank"}, by=alice)
    assert not Notice.objects.exists()


def test_each_new_person_is_told_once(alice, bob, tess):
    task = todo.create_task({"title": "Call the bank"}, by=tess, owner=alice)
    todo.assign_task(task, bob, by=tess)
    assert sorted(Notice.objects.values_list("user__username", flat=True)) == ["alice", "bob"]
