"""The hub, the company's profile, the choice lists: by right, with who did it, guarded in words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Company
from crm.hub import doors_for
from records.company import reckoned_in
from records.dictionary import LISTS, TITLES, entry_by_code
from records.models import DictionaryEntry, Event

pytestmark = pytest.mark.django_db
COMPANY = "/settings/company/"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def profile(**changed):
    given = {
        "name": "Tidewell", "currency": "EUR", "time_zone": "UTC", "language": "en", "fiscal_year_starts": 1,
        "working_days": [0, 1, 2, 3, 4], "day_starts_at": "09:00", "day_ends_at": "18:00", "has_public_holidays": "on",
        "tells_existence": "on",
    }  # fmt: skip
    return {**given, **changed}


def last_change(kind):
    return Event.objects.filter(verb="change", subject_kind=kind).first()


# --- the hub ---


def test_the_hub_shows_each_person_the_pages_she_may_open(signed_in, everybody):
    doors = {name: {door.url for _s, doors in doors_for(who) for door in doors} for name, who in everybody.items()}
    assert COMPANY in doors["olga"] and COMPANY in doors["ada"] and "/settings/dictionary/" in doors["olga"]
    assert doors["alice"] == doors["erin"] == doors["nobody"] == set()
    assert COMPANY not in doors["tess"] and COMPANY not in doors["finn"]
    for name in ("olga", "tess", "finn", "ada"):
        client = signed_in(everybody[name])
        assert "/settings/" in client.get("/profile/").text
        for url in doors[name] - {"/admin/"}:
            assert client.get(url).status_code == 200, (name, url)
    assert 'href="/settings/"' not in signed_in(everybody["alice"]).get("/profile/").text


# --- the company ---


def test_the_profile_is_changed_and_the_event_names_who(olga, signed_in):
    given = profile(legal_name="Tidewell GmbH", city="Bremen", bank_account="de89370400440532013000", country="DE")
    assert signed_in(olga).post(COMPANY, given).status_code == 302
    company = Company.get()
    assert (company.title, company.city, company.version) == ("Tidewell GmbH", "Bremen", 2)
    assert company.bank_account == "DE89 3704 0044 0532 0130 00"
    event = last_change("company")
    assert event.by == olga and "bank_account" in event.facts["fields"]
    assert "Bremen" in signed_in(olga).get(COMPANY).text


def test_a_refused_person_changes_nothing(alice, tess, finn, signed_in):
    Company.get()
    for person in (alice, tess, finn):
        assert signed_in(person).post(COMPANY, profile(name="Mine")).status_code == 403
    assert Company.get().name == "Tidewell" and not Event.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"currency": "XXQ"}, {"time_zone": "Mars/Base"}, {"working_days": []}, {"day_ends_at": "08:00"},
        {"bank_account": "DE89370400440532013001"}, {"name": ""}, {"email": "nobody"}, {"country": "QQ"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_where_it_was_typed(olga, signed_in, changed):
    assert signed_in(olga).post(COMPANY, profile(**changed)).status_code == 422
    assert not Event.objects.exists()


def test_the_currency_stays_once_figures_stand_in_it(olga, signed_in, monkeypatch):
    monkeypatch.setitem(reckoned_in._items, "test", lambda: "Orders")
    page = signed_in(olga).post(COMPANY, profile(currency="USD"))
    assert page.status_code == 422 and "Orders are reckoned in EUR" in page.text
    assert Company.get().currency == "EUR"


def test_the_currency_is_free_before_the_first_figure(olga, signed_in):
    assert signed_in(olga).post(COMPANY, profile(currency="usd")).status_code == 302
    assert Company.get().currency == "USD"


def test_another_time_zone_is_asked_about_before_it_holds(olga, signed_in):
    page = signed_in(olga).post(COMPANY, profile(time_zone="Europe/Berlin"))
    assert page.status_code == 422 and "count their days in the new zone" in page.text
    signed_in(olga).post(COMPANY, profile(time_zone="Europe/Berlin", accepts_zone="on"))
    assert Company.get().time_zone == "Europe/Berlin"


def test_two_who_edit_the_profile_meet_only_in_the_same_field(olga, ada, signed_in):
    opened = signed_in(olga).get(COMPANY).context["opened"]
    signed_in(ada).post(COMPANY, profile(city="Kiel"))
    assert signed_in(olga).post(COMPANY, profile(street="Deich 1", opened=opened)).status_code == 302
    company = Company.get()
    assert (company.city, company.street) == ("Kiel", "Deich 1")
    answer = signed_in(olga).post(COMPANY, profile(city="Bremen", opened=opened))
    assert answer.status_code == 409 and "Kiel" in answer.text and Company.get().city == "Kiel"


def test_a_logo_is_kept_shown_and_taken_away(olga, signed_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, url = signed_in(olga), reverse("records:company_image_set", args=["logo"])
    client.post(url, {"image": SimpleUploadedFile("x.png", PNG)})
    answer = client.get(reverse("records:company_image", args=["logo"]))
    assert answer["Content-Type"] == "image/png" and b"".join(answer.streaming_content) == PNG
    assert last_change("company").facts == {"fields": ["logo"]}
    client.post(url, {"remove": "1"})
    assert not Company.get().logo


@pytest.mark.parametrize("content", [b"<svg onload=x>", b"GIF89a", PNG + b"0" * 1024 * 1024])
def test_what_is_no_small_image_is_refused(olga, signed_in, settings, tmp_path, content):
    settings.MEDIA_ROOT = tmp_path
    url = reverse("records:company_image_set", args=["logo"])
    signed_in(olga).post(url, {"image": SimpleUploadedFile("logo.png", content)})
    assert not Company.get().logo and not Event.objects.exists()


# --- choice lists ---


def test_every_list_has_a_title():
    assert set(TITLES) == set(LISTS)


def test_a_choice_is_added_in_three_languages(olga, signed_in):
    url = reverse("records:dictionary_add", args=["lead_source"])
    assert signed_in(olga).post(url, {"name": "Trade mission", "name_zh": "商务代表团"}).status_code == 302
    entry = entry_by_code("lead_source", "trade_mission")
    assert entry.name_zh == "商务代表团" and entry.order > 100
    event = Event.objects.get(verb="create", subject_kind="dictionary")
    assert (event.by, event.subject_id) == (olga, entry.pk)


def test_a_choice_without_latin_letters_gets_a_code_too(olga, signed_in):
    signed_in(olga).post(reverse("records:dictionary_add", args=["product_category"]), {"name": "系列"})
    assert DictionaryEntry.objects.get(list="product_category").code == "entry_1"


def test_a_code_that_is_taken_is_refused(olga, signed_in):
    url = reverse("records:dictionary_add", args=["lead_source"])
    answer = signed_in(olga).post(url, {"name": "Web again", "code": "web"})
    assert answer.status_code == 422 and not Event.objects.exists()


def test_a_choice_is_renamed_and_switched_off(ada, signed_in):
    entry = entry_by_code("lead_source", "web")
    url = reverse("records:dictionary_entry", args=["lead_source", entry.pk])
    signed_in(ada).post(url, {"name": "Our site", "name_zh": "", "name_ru": ""})
    entry.refresh_from_db()
    assert (entry.name, entry.is_active, entry.version) == ("Our site", False, 2)
    assert last_change("dictionary").by == ada


def test_the_last_choice_of_a_list_stays_offered(olga, signed_in):
    DictionaryEntry.objects.filter(list="intention").exclude(code="none").update(is_active=False)
    entry = entry_by_code("intention", "none")
    url = reverse("records:dictionary_entry", args=["intention", entry.pk])
    answer = signed_in(olga).post(url, {"name": "None yet"})
    assert answer.status_code == 422 and "last choice" in answer.text
    entry.refresh_from_db()
    assert entry.is_active


def test_choices_are_put_in_order_and_a_stale_order_is_refused(olga, alice, signed_in):
    url = reverse("records:dictionary_order", args=["intention"])
    ids = list(DictionaryEntry.objects.filter(list="intention").order_by("order").values_list("pk", flat=True))
    seen = ",".join(map(str, ids))
    client = signed_in(olga)
    client.post(url, {"seen": seen, "order": "", "move": f"{ids[1]}:up"})
    held = list(DictionaryEntry.objects.filter(list="intention").order_by("order").values_list("pk", flat=True))
    assert held == [ids[1], ids[0], *ids[2:]]
    assert Event.objects.filter(verb="order", by=olga).count() == 2
    client.post(url, {"seen": seen, "order": seen, "move": ""})
    assert list(DictionaryEntry.objects.filter(list="intention").order_by("order").values_list("pk", flat=True)) == held
    assert signed_in(alice).post(url, {"seen": seen, "move": f"{ids[1]}:up"}).status_code == 403
