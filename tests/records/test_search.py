from importlib import import_module
from unittest import mock

import pytest
from django.db import connection

from accounts.models import Company
from crm.celery import app, schedule_jobs
from customers.create import NewContact, create_customer
from customers.models import Pool
from customers.ownership import give_one
from customers.points import Point
from records.search import Text, find, put, searchables
from records.search.ask import question
from records.search.probe import is_common
from records.search.tidy import tidy
from records.tasks import tidy_search

pytestmark = pytest.mark.django_db


def titles(user, term):
    return [hit.title for group in find(user, term) for hit in group.hits]


@pytest.fixture
def firms(alice):
    Company.get()
    made = {
        "xingchen": create_customer(
            {"name": "上海星辰科技有限公司"}, by=alice, points=[Point("phone", "+86 21 1234 5678")],
            contacts=[NewContact({"name": "王小明"}, [Point("email", "wang@xingchen.cn")])],
        ),
        "romashka": create_customer(
            {"name": "ООО «Ромашка»", "tax_number": "7707083893"}, by=alice,
            points=[Point("mobile", "+7 912 345-67-89")],
        ),
        "acme": create_customer({"name": "Acme Werke GmbH"}, by=alice, points=[Point("phone", "+49 30 7654321")]),
    }  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("星", "上海星辰科技有限公司"),
        ("星辰", "上海星辰科技有限公司"),
        ("上海星辰科技有限公司", "上海星辰科技有限公司"),
        ("shxc", "上海星辰科技有限公司"),
        ("xingchen", "上海星辰科技有限公司"),
        ("小明", "王小明"),
        ("ромашк", "ООО «Ромашка»"),
        ("РОМАШКА", "ООО «Ромашка»"),
        ("7707083893", "ООО «Ромашка»"),
        ("8 (912) 345-67-89", "ООО «Ромашка»"),
        ("345-67-89", "ООО «Ромашка»"),
        ("werke acme", "Acme Werke GmbH"),
        ("ac", "Acme Werke GmbH"),
        ("030 7654321", "Acme Werke GmbH"),
        ("wang@xing", "王小明"),
    ],
)
def test_a_name_number_or_address_is_found_in_any_notation(alice, firms, term, found):
    assert found in titles(alice, term)


@pytest.mark.parametrize("term", ["", "  ", "%%%", "___", "有限公司", "zzzz", "\x00"])
def test_what_says_nothing_finds_nothing(alice, firms, term):
    assert titles(alice, term) == []


def test_only_what_is_in_reach_is_found(alice, bob, charlie, tess, erin, ada, nobody, firms):
    assert [len(titles(person, "acme")) for person in (alice, tess, erin)] == [1, 1, 1]
    assert [titles(person, "acme") for person in (bob, charlie, ada, nobody)] == [[], [], [], []]


def test_customers_in_a_pool_and_their_contacts_are_not_found(alice, erin, firms):
    give_one(firms["xingchen"], pool=Pool.default(), by=None, verb="recycle")
    assert titles(alice, "星辰") == titles(erin, "小明") == []


def test_what_lies_in_the_trash_is_not_found(alice, firms):
    firms["acme"].trash(by=alice)
    assert titles(alice, "acme") == []


def test_a_word_that_the_statistics_know_as_common_is_walked_and_finds_the_same(
    alice, tess, erin, bob, firms, monkeypatch
):
    monkeypatch.setattr(import_module("records.search.probe"), "COMMON", -1)
    monkeypatch.setattr(import_module("records.search.find"), "_part", mock.Mock(side_effect=AssertionError))
    for person in (alice, tess, erin):
        assert titles(person, "acme") == ["Acme Werke GmbH"]
    assert titles(bob, "acme") == []


def test_the_statistics_tell_common_words_of_each_table_apart(db):
    customers, contacts = (searchables[kind].rows for kind in ("customer", "contact"))
    put(customers, [Text(number, (f"North {number} Pumps",)) for number in range(1, 301)])
    put(contacts, [Text(number, (f"Ann {number}",)) for number in range(1, 301)])
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {customers._meta.db_table}, {contacts._meta.db_table}")
    with mock.patch("records.search.probe.COMMON", 200):
        assert is_common([customers, contacts], question("pumps")) == [True, False]
        assert is_common([contacts], question("pumps")) == [False]


@pytest.mark.parametrize(("term", "promised"), [("zzz", True), ("zz", False), ("星", True)])
def test_a_part_is_promised_only_where_a_part_is_found(signed_in, alice, term, promised):
    page = signed_in(alice).get("/search/", {"q": term}).text
    assert ("A part of a name" in page) == promised
    assert ("Type three letters" in page) != promised


def test_names_that_start_with_the_words_come_first(alice):
    for name in ("The Star", "Star Alliance", "All Star"):
        create_customer({"name": name}, by=alice)
    assert titles(alice, "star")[0] == "Star Alliance"


def test_tidying_empties_the_lists_of_new_entries_and_finds_nothing_the_second_time(firms, alice):
    assert tidy() > 0
    assert tidy() == 0
    assert titles(alice, "acme") == ["Acme Werke GmbH"]


def test_beat_tidies_the_search():
    schedule_jobs()
    assert app.conf.beat_schedule["tidy_search"]["task"] == tidy_search.name


def test_a_screen_reader_is_told_how_much_was_found_in_the_dialog_alone(signed_in, alice):
    create_customer({"name": "Halcyon Pumps"}, by=alice)
    client = signed_in(alice)
    told = 'id="search-said"'
    assert "1 found" in client.get("/search/", {"q": "halcyon"}, headers={"HX-Request": "true"}).text
    assert "hx-swap-oob" not in client.get("/search/", {"q": "halcyon"}).text
    assert told in client.get("/").text
