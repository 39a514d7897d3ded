"""From what came in by a web form to the lead."""

import datetime
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import UserRole
from leads.create import create_lead
from leads.models import ConsentText, Lead, LeadConsent, Submission
from leads.web_forms import take
from leads.web_forms.change import change_form, take_over
from leads.web_forms.public_form import consent_of
from messaging.models import Notice
from records.models import Event
from tests.leads import makers
from tests.leads.sending import ANNA, opened, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


def run(**how):
    return take.run(now=timezone.now(), dry_run=False, force=False, **how)


def sent(form, values=None, *, once="page-1", **more):
    assert send(form, values, ticket=opened(form, once=once, **more)).status_code == 303
    return Submission.objects.latest("pk")


def test_a_submission_becomes_a_lead_in_the_queue_of_the_form(olga, north):
    asked = ("phone", "country", "region", "estimated_value")
    form = makers.web_form(olga, *asked, team=north, campaign="Spring", language="ru")
    region = makers.entry_by_code("region", "south")
    sent(form, {**ANNA, "phone": "+49 30 1234567", "country": "DE", "region": region.pk, "estimated_value": "1200.5"})
    run()
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.country) == ("Anna Weber", "anna@example.com", "DE")
    assert (lead.phone_key, lead.region, lead.estimated_value) == ("+49301234567", region, Decimal("1200.5"))
    texts = {said["name"]: said["text"] for said in Submission.objects.get().answers}
    assert texts["region"] == "Юг"  # as the visitor saw it
    assert (lead.team, lead.owner, lead.state, lead.campaign) == (north, None, "new", "Spring")
    assert (lead.source.code, lead.language, lead.created_by) == ("web", "ru", olga)
    event = Event.objects.get(subject_kind="lead")
    assert (event.verb, event.by, event.facts["web_form"]) == ("create", olga, form.pk)
    assert Submission.objects.get().outcome == "lead"


def test_the_campaign_of_the_address_fills_what_the_form_leaves_open(olga):
    form = makers.web_form(olga)
    sent(form, {**ANNA, "utm_campaign": "autumn"})
    run()
    assert Lead.objects.get().campaign == "autumn"


def test_a_second_run_finds_nothing_and_a_dry_one_changes_nothing(olga):
    sent(makers.web_form(olga))
    assert take.run(now=timezone.now(), dry_run=True, force=False).moved == 1 and not Lead.objects.exists()
    assert (run().moved, run().moved, Lead.objects.count()) == (1, 0, 1)


def test_a_killed_one_leaves_nothing_half_done(olga, monkeypatch):
    row = sent(makers.web_form(olga, consent="I agree"), {**ANNA, "agrees": "on"})
    monkeypatch.setattr(take.LeadConsent.objects, "create", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take.take_in([row.pk])
    assert not Lead.objects.exists() and Submission.objects.waiting().exists()
    monkeypatch.undo()
    assert take.take_in([row.pk]) == 1


def test_one_that_cannot_be_taken_holds_no_other_up(olga, monkeypatch):
    form = makers.web_form(olga)
    bad, good = sent(form, {"name": "Bad", "email": "b@example.com"}), sent(form, once="2")
    real = take.create_lead
    monkeypatch.setattr(take, "create_lead", lambda v, **how: 1 / 0 if v["name"] == "Bad" else real(v, **how))
    with pytest.raises(ZeroDivisionError):
        take.take_in([bad.pk, good.pk])
    assert Lead.objects.get().name == "Anna Weber"


# --- repeats ---


def test_an_open_lead_of_the_same_e_mail_and_phone_is_joined_and_its_owner_told(olga, alice):
    lead = create_lead(
        {"name": "A. Weber", "email": "ANNA@example.com", "mobile": "+49 30 1234567"}, by=alice, owner=alice
    )
    form = makers.web_form(olga, "phone", "need")
    sent(form, {**ANNA, "phone": "+4930/1234567", "need": "Where is my offer?"})
    run()
    row = Submission.objects.get()
    assert (row.lead, row.outcome, Lead.objects.count()) == (lead, "repeat", 1)
    assert Event.objects.get(verb="submit").facts == {"web_form": form.pk}
    notice = Notice.objects.get(user=alice)
    assert take._words(notice) == "A. Weber wrote again by the web form “Contact us”"


@pytest.mark.parametrize("state", ["lost", "other phone", "no phone", "trash"])
def test_what_is_not_surely_the_same_open_lead_makes_a_new_one(olga, alice, state):
    phone = {"other phone": "+49 30 7654321", "no phone": ""}.get(state, "+49 30 1234567")
    lead = create_lead({"name": "Anna", "email": "anna@example.com", "phone": phone}, by=alice, owner=alice)
    if state == "lost":
        lead.lose(makers.entry_by_code("lead_lost_reason", "spam"), by=alice)
    if state == "trash":
        lead.trash(by=alice)
    sent(makers.web_form(olga, "phone"), {**ANNA, "phone": "+49 30 1234567"})
    run()
    assert Lead._base_manager.count() == 2 and Submission.objects.get().outcome == "lead"


def test_who_goes_back_and_corrects_a_word_means_the_same_lead(olga):
    form = makers.web_form(olga, "need")
    sent(form, {**ANNA, "need": "3 pumps"}, once="one")
    run()
    sent(form, {**ANNA, "need": "4 pumps"}, once="one")
    run()
    assert Lead.objects.count() == 1
    assert [row.outcome for row in Submission.objects.order_by("pk")] == ["lead", "repeat"]


# --- consent ---


def test_consent_is_kept_exactly_as_it_was_shown(olga, alice):
    form = makers.web_form(olga, consent="You may call me. https://example.com/privacy")
    first = consent_of(form)
    values = {name: getattr(form, name) for name in form.EDITABLE} | {"consent": "You may call and write."}
    fields = list(form.fields.values("name", "is_required", "label", "help"))
    change_form(form, values, fields, by=olga)
    sent(form, {**ANNA, "agrees": "on"}, consent=first.pk)
    run()
    given = LeadConsent.objects.get()
    assert (given.text.version, given.text.text) == (1, "You may call me. https://example.com/privacy")
    assert (given.lead, given.at) == (Lead.objects.get(), Submission.objects.get().at)
    assert list(form.consents.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_who_does_not_agree_sends_nothing(olga):
    form = makers.web_form(olga, consent="You may call me.")
    answer = send(form)
    assert answer.status_code == 422 and "Please tick this" in answer.content.decode()
    assert not Submission.objects.exists()


def test_the_words_of_a_consent_are_never_changed(olga):
    form = makers.web_form(olga, consent="You may call me.")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        ConsentText.objects.filter(form=form).update(text="You may do anything.")


# --- the author ---


def test_what_came_before_the_author_left_waits_for_who_takes_over_and_they_are_told(olga, tess, alice):
    marketer = makers.marketer()
    form = makers.web_form(marketer)
    sent(form)
    UserRole.objects.filter(user=marketer).delete()
    assert run().moved == 0 and run().moved == 0
    assert not Lead.objects.exists()
    assert [notice.user for notice in Notice.objects.all()] == [olga]  # tess governs forms of her team only
    take_over(form, by=olga)
    run()
    assert Lead.objects.get().created_by == olga


# --- the lead's page ---


def test_the_leads_page_shows_what_was_sent_and_agreed_to(signed_in, olga, bob):
    form = makers.web_form(olga, "need", consent="You may call me.")
    values = {**ANNA, "need": "Pumps <b>", "agrees": "on", "utm_source": "news", "page": "https://shop.example/a"}
    sent(form, values, consent=consent_of(form).pk)
    run()
    url = reverse("leads:detail", args=[Lead.objects.get().pk])
    text = signed_in(olga).get(url).content.decode()
    for shown in (
        "Pumps &lt;b&gt;",
        "You may call me.",
        "version 1",
        "news",
        "https://shop.example/a",
        "by the web form “Contact us”",
    ):
        assert shown in text, shown
    assert signed_in(bob).get(url).status_code == 404


def test_purging_a_lead_takes_what_was_sent_with_it(olga):
    form = makers.web_form(olga, consent="Yes")
    sent(form, {**ANNA, "agrees": "on"})
    run()
    lead = Lead.objects.get()
    lead.trash(by=olga)
    Lead._base_manager.filter(pk=lead.pk).update(deleted_at=timezone.now() - datetime.timedelta(days=31))
    from records.trash.purge import purge_trash

    purge_trash(now=timezone.now())
    assert not Submission.objects.exists() and not LeadConsent.objects.exists() and form.consents.count() == 1
