"""The filter form: its empty fields are kept, and yet are always those of this reader at this moment."""

import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from crm.lists.spec import lists
from records.models import DictionaryEntry, Tag

pytestmark = pytest.mark.django_db
FORM = "/lists/customers/filters/"


@pytest.fixture(autouse=True)
def nothing_kept():
    caches["markup"].clear()


def options(page: str, name: str) -> list[str]:
    select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    assert select, name
    return re.findall(r"<option[^>]*>([^<]*)</option>", select[0])


def shown(client, query: str = "") -> str:
    return client.get(f"{FORM}{query}", headers={"HX-Request": "true"}).content.decode()


def statements(client, query: str = "") -> int:
    with CaptureQueriesContext(connection) as asked:
        shown(client, query)
    return len(asked)


def test_the_second_time_no_choice_is_read(signed_in, alice):
    client = signed_in(alice)
    first = shown(client)
    before = statements(client)
    assert shown(client) == first
    caches["markup"].clear()
    assert statements(client) - before >= 4, "owner, region, industry, source and tag were read anew"


def test_a_new_a_renamed_and_a_deleted_choice_show_at_once(signed_in, alice):
    client = signed_in(alice)
    assert "Harbour" not in shown(client)
    tag = Tag.objects.create(name="Harbour")
    assert "Harbour" in options(shown(client), "tag")
    Tag.objects.filter(pk=tag.pk).update(name="Port")
    assert "Port" in options(shown(client), "tag")
    tag.delete()
    assert "Port" not in shown(client)


def test_owners_are_those_within_the_reader_s_reach_today(signed_in, alice, bob, tess):
    assert options(shown(signed_in(tess)), "owner").count(bob.name) == 1
    assert options(shown(signed_in(alice)), "owner") == [alice.name]
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert bob.name not in options(shown(signed_in(tess)), "owner")


def test_a_role_taken_away_narrows_the_owners(signed_in, tess, alice, bob):
    assert bob.name in options(shown(signed_in(tess)), "owner")
    tess.roles.set(alice.roles.all())
    assert bob.name not in options(shown(signed_in(tess)), "owner")


def test_a_choice_is_named_in_the_reader_s_language(signed_in, alice):
    entry = DictionaryEntry.objects.filter(list="region").first()
    DictionaryEntry.objects.filter(pk=entry.pk).update(name="North coast", name_ru="Северный берег")
    client = signed_in(alice)
    assert "North coast" in options(shown(client), "region")
    User.objects.filter(pk=alice.pk).update(language="ru")
    with translation.override("ru"):
        found = options(shown(signed_in(User.objects.get(pk=alice.pk))), "region")
    assert "Северный берег" in found and "North coast" not in found


def test_what_one_fills_is_shown_to_her_alone(signed_in, alice):
    client = signed_in(alice)
    filled = shown(client, "?grade=A&created_after=2026-01-02")
    assert '<option value="A" selected>' in filled and 'value="2026-01-02"' in filled
    empty = shown(client)
    assert "selected" not in re.search(r'<select name="grade".*?</select>', empty, re.DOTALL)[0]
    assert "2026-01-02" not in empty


def test_a_value_that_makes_no_sense_is_told_at_its_field(signed_in, alice):
    found = shown(signed_in(alice), "?created_after=2026-03-02&created_before=2026-03-01")
    assert "The first day is after the last one." in found


@pytest.mark.parametrize("name", sorted(spec.name for spec in lists))
def test_each_list_keeps_the_very_fields_that_it_renders(signed_in, erin, name):
    if lists[name].filterset is None:
        pytest.skip("no filters")
    client = signed_in(erin)
    first = client.get(f"/lists/{name}/filters/").content.decode()
    kept = client.get(f"/lists/{name}/filters/").content.decode()
    assert kept.count("<label") == first.count("<label") > 0
    assert kept.count("<option") == first.count("<option")
