"""The public page of a web form: what it shows, what it takes, what it refuses and how."""

import html
import re

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Company
from leads.models import Lead, SpamDay, Submission
from leads.web_forms import public_views
from records.models import Event
from tests.leads import makers
from tests.leads.sending import ANNA, opened, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def form(olga):
    return makers.web_form(olga, "phone", "need")


def test_whoever_has_the_address_sees_the_questions_without_signing_in(client, form):
    text = client.get(form.path).content.decode()
    assert "Talk to us" in text and 'name="email"' in text and 'name="need"' in text
    assert 'name="company"' not in text and not client.cookies


def test_what_is_sent_is_kept_as_it_was_typed_and_thanked_for(form):
    answer = send(form, {**ANNA, "need": "Three pumps,\nsoon", "company": "not asked"})
    assert (answer.status_code, answer["Location"]) == (303, f"/f/{form.key}/thanks/")
    told = {said["name"]: (said["label"], said["text"]) for said in Submission.objects.get().answers}
    assert told == {
        "name": ("Your name", "Anna Weber"),
        "email": ("E-mail", "anna@example.com"),
        "need": ("How can we help?", "Three pumps,\nsoon"),
    }
    framed = Client().post(f"{form.path}?embed&x=1", {"ticket": opened(form), **ANNA})
    assert framed["Location"] == f"/f/{form.key}/thanks/?embed="
    assert "Thank you" in Client().get(answer["Location"]).content.decode()


def test_nobody_is_told_whether_she_is_known(form, alice, count_queries):
    makers.lead("Anna Weber", owner=alice, email="anna@example.com", email_key="anna@example.com")
    Company.get()
    seen = []
    for name in ("anna", "berta"):
        values = {"name": name.title(), "email": f"{name}@example.com"}
        answers = []
        asked = count_queries(lambda v=values, a=answers: a.append(send(form, v, ticket=opened(form, once=v["name"]))))
        seen.append((asked, answers[0].status_code, answers[0]["Location"], answers[0].content))
    assert seen[0] == seen[1]


def test_a_double_click_is_one_submission(form):
    first, second = send(form), send(form)
    assert first["Location"] == second["Location"] and Submission.objects.count() == 1


def test_the_same_from_two_pages_within_minutes_is_one_submission(form):
    send(form, ticket=opened(form, once="a"))
    send(form, ticket=opened(form, once="b"))
    assert Submission.objects.count() == 1


def test_a_form_without_address_is_not_found_and_one_switched_off_is_gone(client, olga, form):
    assert client.get("/f/nothing-here/").status_code == 404
    off = makers.web_form(olga, is_active=False)
    for answer in (client.get(off.path), send(off)):
        assert answer.status_code == 410 and "not available" in answer.content.decode()
    assert not Submission.objects.exists()


def test_a_form_whose_author_lost_her_rights_takes_nothing(client, form, olga):
    olga.is_active = False
    olga.save()
    assert client.get(form.path).status_code == 410
    assert send(form).status_code == 410 and not Submission.objects.exists()


# --- programs ---


def test_who_fills_in_the_hidden_field_is_asked_once_more_and_counted(form):
    answer = send(form, more_about_you="cheap pills")
    text = answer.content.decode()
    assert answer.status_code == 422 and "Anna Weber" in text and "cheap pills" not in text
    assert not Submission.objects.exists() and SpamDay.objects.get().refused == 1
    assert send(form).status_code == 303


def test_what_is_sent_within_a_second_is_not_taken_but_kept_on_the_page(form):
    answer = send(form, ticket=opened(form, ago=0))
    assert answer.status_code == 422 and "very quick" in answer.content.decode()
    assert "Anna Weber" in answer.content.decode() and not Submission.objects.exists()


@pytest.mark.parametrize("ticket", ["", "forged", "old", "of another"])
def test_without_a_page_of_ours_that_is_fresh_nothing_is_taken(form, olga, ticket):
    other = makers.web_form(olga)
    tickets = {"old": opened(form, ago=100_000), "of another": opened(other)}
    answer = send(form, ticket=tickets.get(ticket, ticket))
    assert answer.status_code == 422 and not Submission.objects.exists()
    carried = re.search(r'name="ticket" value="([^"]+)"', answer.content.decode())[1]
    assert carried != ticket


def test_one_address_sends_ten_times_a_minute(form):
    people = [{"name": f"N{n}", "email": f"n{n}@example.com"} for n in range(11)]
    sent = [send(form, person, ticket=opened(form, once=person["name"])) for person in people]
    assert [answer.status_code for answer in sent] == [303] * 10 + [429]
    assert "wait a minute" in sent[-1].content.decode() and 0 < int(sent[-1]["Retry-After"]) <= 60
    assert Submission.objects.count() == 10


def test_a_form_takes_only_so_much_from_all_together(form, monkeypatch):
    monkeypatch.setattr(public_views.PER_FORM, "most", 1)
    assert send(form).status_code == 303
    monkeypatch.setattr(public_views, "address_of", lambda request: "203.0.113.9")
    assert send(form, {"name": "B", "email": "b@example.com"}).status_code == 429


# --- nonsense ---


@pytest.mark.parametrize("typed", ["A\x00nna", "A\x07nna", "A\ufffdnna"])
def test_bytes_that_nobody_types_are_refused_in_words(form, typed):
    answer = send(form, {**ANNA, "name": typed})
    assert answer.status_code == 422 and not Submission.objects.exists()


@pytest.mark.parametrize("name", ["می‌خواهم", "李伟", "Ольга 👩‍💻", "O’Brien-Łuć"])
def test_names_of_all_scripts_are_taken_as_they_are(form, name):
    assert send(form, {**ANNA, "name": name}).status_code == 303
    assert Submission.objects.get().answers[0]["value"] == name


def test_broken_utf_8_is_refused_in_words(form):
    body = b"name=Anna%ff%fe&email=anna%40example.com"
    answer = Client().post(form.path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422 and "cannot be read" in answer.content.decode()


def test_what_is_too_large_or_garbled_is_refused_in_words(form):
    assert send(form, {**ANNA, "need": "x" * 70_000}).status_code == 413
    assert Client().post(form.path, b"--nothing", content_type="multipart/form-data; boundary=x").status_code in {
        400,
        422,
    }
    assert send(form, {f"field{n}": "x" for n in range(1_500)}).status_code == 400
    assert not Submission.objects.exists()


def test_mistakes_come_back_by_field_with_what_was_typed(form):
    answer = send(form, {"name": "Anna", "email": "no address", "phone": "12", "need": "Pumps"})
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and 'value="no address"' in text and "Pumps" in text
    assert "This is not a phone number" in text and 'aria-invalid="true"' in text and 'href="#wf-email"' in text


def test_markup_in_any_text_of_the_form_is_shown_as_text(olga):
    bad = "<script>alert(1)</script>"
    form = makers.web_form(
        olga, title=bad, intro=bad, consent=f"{bad} https://example.com/?a=1&b=<b>", thanks=bad, button=bad[:40]
    )
    form.fields.update(label=bad, help=bad)
    for text in (Client().get(form.path).content.decode(), Client().get(f"{form.path}thanks/").content.decode()):
        assert "<script" not in text and "&lt;script&gt;" in text
    typed = send(form, {"name": bad, "email": bad, "page": f'https://a.example/"{bad}'}).content.decode()
    assert "<script" not in typed


# --- where it stands, and where it leads ---


def test_a_frame_may_show_it_everywhere_or_on_its_sites_and_nothing_else_of_ours(client, form, olga):
    answer = client.get(form.path)
    assert "frame-ancestors *" in answer["Content-Security-Policy"] and "X-Frame-Options" not in answer
    listed = makers.web_form(olga, sites=["https://shop.example"])
    assert "frame-ancestors 'self' https://shop.example;" in client.get(listed.path)["Content-Security-Policy"] + ";"
    login = client.get("/login/")
    assert "frame-ancestors 'none'" in login["Content-Security-Policy"] and login["X-Frame-Options"] == "DENY"


def test_a_page_of_a_listed_site_sends_by_itself_and_no_other(olga):
    form = makers.web_form(olga, sites=["https://shop.example"])
    plain = {**ANNA, "ticket": ""}
    refused = send(form, plain, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403 and form.path in refused.content.decode() and not Submission.objects.exists()
    assert send(form, plain, headers={"Origin": "https://shop.example"}).status_code == 303
    assert Submission.objects.get().once == ""


def test_a_strangers_browser_session_plays_no_part(form, alice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert send(form, client=strict).status_code == 303
    assert not Event.objects.filter(by=alice).exists()


@pytest.mark.parametrize("name", ["next", "redirect", "url", "thanks_url", "return_to"])
def test_nothing_in_the_request_says_where_to_go(form, name):
    answer = send(form, {**ANNA, name: "https://evil.example/"})
    assert answer["Location"] == f"/f/{form.key}/thanks/"


def test_thanks_may_be_a_page_of_the_companys(client, olga):
    form = makers.web_form(olga, thanks_url="https://shop.example/thanks")
    assert send(form)["Location"] == "https://shop.example/thanks"
    # A browser holds the redirect after a post against form-action too.
    assert "form-action 'self' https://shop.example" in client.get(form.path)["Content-Security-Policy"]


def test_the_way_here_is_carried_through_the_form(client, form):
    answer = client.get(
        f"{form.path}?utm_source=news&utm_campaign={'x' * 300}&other=1", headers={"Referer": "https://shop.example/a"}
    )
    text = answer.content.decode()
    assert 'name="utm_source" value="news"' in text and f'value="{"x" * 120}"' in text
    assert 'name="page" value="https://shop.example/a"' in text and 'name="other"' not in text
    send(form, {**ANNA, "utm_source": "news\x00", "page": "javascript:alert(1)"})
    kept = Submission.objects.get()
    assert kept.origin == {"utm_source": "news"} and kept.page == ""


def test_a_frame_knows_the_campaign_of_the_page_around_it(client, form):
    around = "https://shop.example/?utm_campaign=spring&x=1"
    assert 'name="utm_campaign" value="spring"' in client.get(form.path, headers={"Referer": around}).content.decode()


def test_the_address_of_the_visitor_is_kept_as_a_key_only(form):
    send(form)
    kept = Submission.objects.get()
    assert len(kept.address_key) == 32 and "127.0.0.1" not in str(kept.__dict__)


@pytest.mark.parametrize(
    ("language", "asks", "sees"),
    [("", "ru", 'lang="ru"'), ("", "zh-hans", 'lang="zh-hans"'), ("", "de", 'lang="en"'), ("ru", "en", 'lang="ru"')],
)
def test_it_speaks_its_own_language_or_the_visitors(client, olga, language, asks, sees):
    form = makers.web_form(olga, language=language)
    answer = client.get(form.path, headers={"Accept-Language": asks})
    assert sees in answer.content.decode() and f'lang="{answer["Content-Language"]}"' == sees
    if not language:
        assert 'lang="ru"' in client.get(f"{form.path}?lang=ru").content.decode()


def test_only_the_makers_of_leads_make_leads(form):
    send(form)
    assert not Lead.objects.exists()  # the job does
