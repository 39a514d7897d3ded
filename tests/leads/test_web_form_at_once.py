"""Two clicks, two workers at the same moment: one lead."""

import pytest
from django.core.cache import cache

from leads.models import Lead, Submission
from leads.web_forms.take import take_in
from tests.leads import makers
from tests.leads.sending import ANNA, opened, send
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(olga):
    cache.clear()
    return makers.web_form(olga, "phone", "need")


def test_a_form_sent_twice_at_once_makes_one_lead(form):
    ticket = opened(form)
    answers = at_once(lambda _n: send(form, ticket=ticket), range(4))
    assert {answer.status_code for answer in answers} == {303} and Submission.objects.count() == 1
    at_once(lambda _n: take_in(list(Submission.objects.values_list("pk", flat=True))), range(3))
    assert Lead.objects.count() == 1


def test_the_same_from_a_page_of_the_companys_at_once_makes_one_lead(form):
    form.sites = ["https://shop.example"]
    form.save()
    plain = {**ANNA, "ticket": ""}
    at_once(lambda _n: send(form, plain, headers={"Origin": "https://shop.example"}), range(4))
    assert Submission.objects.count() == 1


def test_one_person_who_wrote_twice_gets_one_lead_whatever_workers_do(form):
    for n in range(4):
        values = {**ANNA, "phone": "+49 30 1234567", "need": f"Question {n}"}
        assert send(form, values, ticket=opened(form, once=str(n))).status_code == 303
    ids = list(Submission.objects.values_list("pk", flat=True))
    taken = at_once(lambda pk: take_in([pk]), ids)
    assert sum(taken) == 4 and Lead.objects.count() == 1
    assert sorted(Submission.objects.values_list("outcome", flat=True)) == ["lead", "repeat", "repeat", "repeat"]
