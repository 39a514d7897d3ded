"""Walking all pages gives exactly what a person may see, in order, once."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.lists.asked import Asked
from crm.lists.count import count_exactly, count_to
from crm.lists.keyset import Cursor
from crm.lists.table import table_of
from customers.lists import customer_list
from customers.models import Customer
from records.models import Collaborator
from tests import factories
from tests.crm.lists.walk import ids, pages
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db
SORTS = ["created", "-created", "name", "-name", "next", "-next"]


@pytest.fixture
def world(everybody, north, south):
    """Customers of five people in a tree of teams, shared ones, one in a pool, one in the trash, equal sort values."""
    below = factories.team("North below", parent=north)
    dora = factories.person("dora", "account_manager", team=below)
    moment = timezone.now().replace(microsecond=0)
    owners = [everybody["alice"], everybody["bob"], everybody["charlie"], dora, everybody["olga"]]
    made = []
    for number in range(40):
        planned = None if number % 3 == 0 else moment + datetime.timedelta(days=number % 5)
        made.append(
            customer(
                f"Firma {number % 7}", owner=owners[number % 5], next_contact_at=planned,
                created_at=moment - datetime.timedelta(hours=number % 4), grade="ABCD"[number % 4],
            )
        )  # fmt: skip
    for one in made[2::5][:4]:  # charlie's
        for name in ("alice", "tess", "finn"):
            share(one, everybody[name])
    share(made[0], everybody["alice"])  # her own, shared with her besides
    share(made[1], everybody["charlie"], until=moment - datetime.timedelta(days=1))
    customer("In the pool")
    made[4].trash(by=owners[4])
    return {**everybody, "dora": dora}


def share(record, user, **fields):
    Collaborator.objects.create(subject_kind="customer", subject_id=record.pk, user=user, **fields)


def visible(user, **where):
    return set(Customer.objects.visible_to(user).filter(**where).values_list("pk", flat=True))


@pytest.mark.parametrize("sort", SORTS)
def test_all_pages_together_are_what_each_person_sees(world, sort):
    for person in world.values():
        walked = ids(customer_list, person, f"sort={sort}")
        assert len(walked) == len(set(walked)), person
        assert set(walked) == visible(person), person


@pytest.mark.parametrize("sort", SORTS)
def test_rows_come_in_order_and_those_without_a_value_last(world, sort):
    field = {"created": "created_at", "name": "sort_key", "next": "next_contact_at"}[sort.lstrip("-")]
    walked = ids(customer_list, world["erin"], f"sort={sort}")
    values = Customer._base_manager.in_bulk(walked)
    keys = [(getattr(values[pk], field), pk) for pk in walked]
    known = [key for key in keys if key[0] is not None]
    falls = (sort.startswith("-")) != (sort.lstrip("-") == "created")
    assert known == sorted(known, reverse=falls)
    assert keys[: len(known)] == known


@pytest.mark.parametrize("sort", SORTS)
def test_walking_back_passes_the_same_pages(world, sort):
    forward = pages(customer_list, world["tess"], f"sort={sort}", size=4)
    start = last_place(world["tess"], f"sort={sort}", size=4)
    backward = pages(customer_list, world["tess"], size=4, newer_from=start)
    assert backward[::-1] == forward[:-1]


def last_place(user, query, *, size):
    """The query of the link to the page before the last one."""
    from dataclasses import replace

    spec, url, newer = replace(customer_list, page_size=size), f"?{query}", ""
    while url:
        table = table_of(Asked(spec, QueryDict(url.partition("?")[2]), user))
        newer, url = table.newer, table.older
    return newer.partition("?")[2]


def test_a_filter_narrows_every_branch(world):
    for person in world.values():
        assert set(ids(customer_list, person, "grade=A&grade=B")) == visible(person, grade__in="AB"), person


def test_a_row_inserted_above_moves_no_later_page(world):
    first, second = pages(customer_list, world["alice"], size=5)[:2]
    asked = Asked(customer_list, QueryDict(), world["alice"])
    place = Cursor(Customer.objects.get(pk=first[-1]).created_at, first[-1]).encode("created")
    customer("Newest", owner=world["alice"])
    asked = Asked(customer_list, QueryDict(f"at={place}"), world["alice"])
    assert [row.pk for row in table_of(asked).rows][:5] == second


def test_counts_agree_with_the_rows(world):
    for person in world.values():
        asked = Asked(customer_list, QueryDict("sort=next"), person)
        assert count_exactly(asked.branches) == len(visible(person))
        assert count_to(asked.branches, asked.order) == len(visible(person))
        assert count_to(asked.branches, asked.order, 3) == min(4, len(visible(person)))


@pytest.mark.parametrize(
    "place", ["x", "%00", "bnVsbA", "WyJjcmVhdGVkIiwiOTk5OTktMDEtMDEiLDEsMF0", "eyJhIjoxfQ", "W10", "é" * 9]
)
def test_a_broken_place_is_the_first_page(world, place):
    first = pages(customer_list, world["alice"], size=50)[0]
    asked = Asked(customer_list, QueryDict(f"at={place}"), world["alice"])
    assert [row.pk for row in table_of(asked).rows] == first


def test_a_place_of_another_sort_is_the_first_page(world):
    place = Cursor("firma 3", 5).encode("name")
    asked = Asked(customer_list, QueryDict(f"sort=next&at={place}"), world["alice"])
    assert asked.cursor is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.text())), pk=st.integers())
def test_no_invented_place_breaks_a_list(world, value, pk):
    import base64
    import json

    for sort in ("created", "name", "next"):
        text = base64.urlsafe_b64encode(json.dumps([sort, value, pk, 0]).encode()).decode().rstrip("=")
        asked = Asked(customer_list, QueryDict(f"sort={sort}&at={text}"), world["alice"])
        table_of(asked)
