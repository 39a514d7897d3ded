"""The pages on which web forms are built."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Company
from leads.models import Lead, SpamDay, Submission, WebForm
from leads.web_forms import change
from leads.web_forms.figures import rows_of, total_of, weeks_of
from leads.web_forms.origin import read_sites, web_address
from leads.web_forms.receive import Sent, count_spam, receive
from leads.web_forms.snippets import frame_of, plain_of
from leads.web_forms.take import take_in
from records.models import Event
from records.refusals import Refused
from tests.leads import makers

pytestmark = pytest.mark.django_db

ASKS = {"ask-name-asked": "must", "ask-name-place": "2", "ask-email-asked": "may", "ask-email-place": "1"}
TYPED = {"name": "Contact us", "title": "Talk to us", "theme": "auto", "shows_brand": "on", **ASKS}


def build(client, form=None, **typed):
    url = reverse("leads:web_form_edit", args=[form.pk]) if form else reverse("leads:web_form_create")
    return client.post(url, {**TYPED, **typed})


def came_in(form, name="Anna", **how):
    said = [{"name": "name", "label": "Name", "text": name, "value": name}]
    return receive(form, Sent(answers=said), **how)


# --- building ---


def test_a_new_form_is_off_asks_in_order_and_acts_as_who_made_it(signed_in, olga):
    answer = build(signed_in(olga), sites="Shop.example/path\nhttps://b.example")
    form = WebForm.objects.get()
    assert answer.url == reverse("leads:web_form", args=[form.pk])
    assert (form.is_active, form.author, form.sites) == (False, olga, ["https://shop.example", "https://b.example"])
    assert list(form.fields.values_list("name", "is_required")) == [("email", False), ("name", True)]
    assert len(form.key) >= 20 and Event.objects.get(subject_kind="web_form").by == olga


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"ask-name-asked": ""}, "Ask for the name"),
        ({"ask-email-asked": ""}, "Ask for a way to answer"),
        ({"thanks_url": "javascript:alert(1)"}, "is no web address"),
        ({"thanks_url": "//evil.example"}, "is no web address"),
        ({"sites": "https://*.example.com"}, "is no web address"),
        ({"title": ""}, "This field is required"),
        ({"ask-need-label": "x" * 121}, "at most 120"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_and_what_was_typed_stays(signed_in, olga, typed, says):
    answer = build(signed_in(olga), intro="My own words", **typed)
    text = answer.content.decode()
    assert answer.status_code == 422 and says in text and "My own words" in text and not WebForm.objects.exists()


def test_of_two_who_edit_a_form_the_second_is_told_and_keeps_what_she_typed(signed_in, olga, tess):
    form = makers.web_form(olga, team=tess.team)
    seen = WebForm.objects.get().version
    assert build(signed_in(tess), form, version=seen, team=tess.team.pk).status_code == 302
    late = build(signed_in(olga), form, version=seen, title="Hers")
    assert late.status_code == 409 and "Tess changed this form" in late.text and 'value="Hers"' in late.text
    assert WebForm.objects.get().title == "Talk to us"


def test_other_questions_alone_are_another_version(signed_in, olga):
    form = makers.web_form(olga)
    before = WebForm.objects.get().version
    rows = [
        {"name": "phone", "is_required": True, "label": "Call me at", "help": ""},
        *form.fields.values(*change.FIELD),
    ]
    change.change_form(form, {}, rows, by=olga)
    assert WebForm.objects.get().version == before + 1
    change.change_form(form, {}, rows, by=olga)
    assert WebForm.objects.get().version == before + 1


def test_a_supervisor_makes_forms_for_the_queues_of_her_teams_only(signed_in, tess, south, olga):
    client = signed_in(tess)
    for team in ("", south.pk):
        assert build(client, team=team).status_code == 422
    assert build(client, team=tess.team.pk).status_code == 302
    companys = makers.web_form(olga)
    assert client.get(reverse("leads:web_form", args=[companys.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        change.require_for(tess, south)


def test_marketing_builds_forms(signed_in):
    mara = makers.marketer()
    assert build(signed_in(mara)).status_code == 302
    assert signed_in(mara).get(reverse("leads:web_form", args=[WebForm.objects.get().pk])).status_code == 200


def test_the_preview_shows_what_was_typed_so_far_and_saves_nothing(signed_in, olga):
    typed = {**TYPED, "title": "Hello <b>", "ask-phone-asked": "may", "ask-phone-label": "Call me at", "name": ""}
    text = signed_in(olga).post(reverse("leads:web_form_preview"), typed).content.decode()
    assert "Hello &lt;b&gt;" in text and "Call me at" in text and text.index("E-mail") < text.index("Your name")
    assert not WebForm.objects.exists()


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("HTTPS://Shop.Example:443/a?b", "https://shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("пример.рф", "https://xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_a_site_is_kept_as_browsers_name_it(typed, site):
    assert read_sites(typed) == [site]


@pytest.mark.parametrize(
    "typed", ["ftp://a.example", "https://u:p@a.example", "https://a;b", "https://", "'self'", "*"]
)
def test_what_is_no_site_is_refused(typed):
    with pytest.raises(ValidationError):
        read_sites(typed)


def test_a_page_of_thanks_is_kept_as_it_stands_in_a_header():
    assert web_address("https://Пример.рф/спасибо?a=b#c").startswith("https://xn--e1afmkfd.xn--p1ai/%D1%81")
    for wrong in ("data:text/html,x", "/thanks", "https://a.example/\r\nX: y", "https://"):
        with pytest.raises(ValidationError):
            web_address(wrong)


# --- verbs ---


def test_a_new_address_ends_the_old_one(client, signed_in, olga):
    form = makers.web_form(olga)
    signed_in(olga).post(reverse("leads:web_form_renew", args=[form.pk]))
    renewed = WebForm.objects.get()
    assert renewed.key != form.key
    assert (client.get(form.path).status_code, client.get(renewed.path).status_code) == (404, 200)


def test_switching_twice_is_told_once(olga):
    form = makers.web_form(olga, is_active=False)
    assert [change.switch_form(form, True, by=olga) for _ in range(2)] == [True, False]
    assert Event.objects.filter(verb="switch_on").count() == 1


def test_a_form_by_which_something_came_in_is_not_deleted(signed_in, olga):
    form = makers.web_form(olga)
    came_in(form)
    with pytest.raises(Refused, match="Switch it off instead"):
        change.delete_form(form, by=olga)
    assert "Delete" not in signed_in(olga).get(reverse("leads:web_form", args=[form.pk])).content.decode()


def test_who_may_not_make_leads_takes_no_form_over(signed_in, olga, tess):
    form = makers.web_form(olga, team=tess.team)
    signed_in(tess).post(reverse("leads:web_form_take_over", args=[form.pk]))
    assert WebForm.objects.get().author == tess
    assert Event.objects.get(verb="take_over").facts == {"from": olga.pk, "to": tess.pk}


# --- embedding ---


def test_what_is_pasted_into_a_site_sends_the_form(olga):
    form = makers.web_form(olga, "need", consent="Yes <b>", title='Talk "to" us', language="ru")
    frame, plain = frame_of(form), plain_of(form)
    assert f'src="{form.url}?embed"' in frame and "Talk &quot;to&quot; us" in frame
    assert f'action="{form.url}"' in plain and 'name="email"' in plain and 'name="more_about_you"' in plain
    assert f'name="consent" value="{form.consents.get().pk}"' in plain and "Yes &lt;b&gt;" in plain
    assert translation.get_language() == "en"


def test_the_page_of_a_form_shows_the_snippets_as_text(signed_in, olga):
    form = makers.web_form(olga)
    text = signed_in(olga).get(reverse("leads:web_form", args=[form.pk])).content.decode()
    assert "&lt;iframe" in text and "<iframe" not in text and form.url in text


# --- figures ---


def test_weeks_count_leads_repeats_and_spam(olga):
    form, now = makers.web_form(olga), timezone.now()
    for name in ("Anna", "Berta"):
        take_in([came_in(form, name).pk])
    came_in(form, "Clara")
    Submission.objects.filter(pk=came_in(form, "Dora").pk).update(outcome="repeat", lead=Lead.objects.first())
    count_spam(form)
    count_spam(form)
    came_in(form, "Early", now=now - datetime.timedelta(weeks=20))
    weeks = weeks_of(form, now=now)
    this = weeks[0]
    assert (this.submissions, this.leads, this.repeats, this.waiting, this.spam) == (4, 2, 1, 1, 2)
    assert len(weeks) == 12 and total_of(weeks).submissions == 4
    assert SpamDay.objects.get().refused == 2


def test_a_week_begins_on_the_companys_monday(olga):
    Company.objects.filter(pk=Company.get().pk).update(time_zone="Asia/Shanghai")
    form = makers.web_form(olga)
    monday_in_shanghai = datetime.datetime(2026, 11, 15, 17, tzinfo=datetime.UTC)
    came_in(form, now=monday_in_shanghai)
    now = monday_in_shanghai + datetime.timedelta(days=3)
    assert [week.submissions for week in weeks_of(form, now=now)][:2] == [1, 0]


def test_the_list_asks_as_often_for_ten_forms_as_for_one(signed_in, olga, count_queries):
    client, url = signed_in(olga), reverse("leads:web_forms")
    makers.web_form(olga)
    client.get(url)
    one = count_queries(lambda: client.get(url))
    for n in range(9):
        came_in(makers.web_form(olga, name=f"Form {n}"), f"Visitor {n}")
    assert count_queries(lambda: client.get(url)) == one
    assert len(rows_of(olga, now=timezone.now())) == 10
    assert re.search(r"1 waits", client.get(url).content.decode())
