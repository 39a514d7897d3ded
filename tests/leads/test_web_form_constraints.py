"""What the database refuses of web forms whatever code runs."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from leads.models import ConsentText, SpamDay, Submission, WebForm, WebFormField
from tests.leads import makers


@pytest.fixture
def form(olga):
    return makers.web_form(olga)


def refused_by(constraint, model, **values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**values)


def test_thanks_lead_to_the_web_only(form, olga):
    values = {"author": olga, "name": "A", "title": "A"}
    refused_by("web_form_leads_to_the_web", WebForm, **values, thanks_url="javascript:alert(1)")
    refused_by("web_form_theme_is_known", WebForm, **values, theme="pink")


def test_an_address_is_one_forms(form, olga):
    refused_by("leads_webform_key", WebForm, author=olga, name="A", title="A", key=form.key)


def test_a_form_asks_once_and_only_for_what_a_lead_has(form):
    refused_by("web_form_asks_once", WebFormField, form=form, name="email")
    refused_by("web_form_asks_for_what_a_lead_has", WebFormField, form=form, name="owner")


def test_one_page_sends_the_same_once(form):
    same = {"form": form, "once": "page", "content_key": "x"}
    Submission.objects.create(**same)
    refused_by("submission_once", Submission, **same)
    Submission.objects.create(**same | {"content_key": "y"})


def test_what_is_taken_in_has_a_lead_and_only_that(form, alice):
    refused_by("submission_taken_in_has_a_lead", Submission, form=form, content_key="x", outcome="lead")
    refused_by("submission_taken_in_has_a_lead", Submission, form=form, content_key="x", lead=makers.lead(owner=alice))


def test_versions_and_days_are_counted_once(form):
    day = datetime.date(2026, 11, 23)
    SpamDay.objects.create(form=form, day=day)
    refused_by("spam_day_once", SpamDay, form=form, day=day)
    ConsentText.objects.create(form=form, version=1, text="A")
    refused_by("consent_text_version_once", ConsentText, form=form, version=1, text="B")
